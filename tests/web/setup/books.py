"""Workbooks as offices make them, with merged cells."""

from __future__ import annotations

from io import BytesIO

import openpyxl
from django.core.files.uploadedfile import SimpleUploadedFile

Rows = list[list[object]]


def book(rows: Rows, *merged: str) -> SimpleUploadedFile:
    sheet_book = openpyxl.Workbook()
    sheet = sheet_book.active
    for row in rows:
        sheet.append(row)
    for one in merged:
        sheet.merge_cells(one)
    out = BytesIO()
    sheet_book.save(out)
    return SimpleUploadedFile("表.xlsx", out.getvalue())
