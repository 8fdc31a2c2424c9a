#!/usr/bin/env bash
# openpyxl 3.1.5: asking how wide a column is makes the saved file's columns overlap.
#
# One would guess: column_dimensions["G"].width tells the width on the screen, and asking changes nothing.
# It does: a file says once "columns C to G are 20 wide"; openpyxl keeps that under C alone, answers 13 for D to G,
#   and the question itself stores a column G of 13. Setting D writes a second range inside the first. The ranges in
#   <cols> then overlap, which the format forbids; programs differ in which width they take, or call the file damaged.
# Seen: widths asked (C, G) 20.71 and 13; ranges written 3-7, 4-4, 7-7 where the source has 3-7.
# Why it matters: filling a form of a higher office means widening a column now and then. Patch the XML, or set the
#   width on every column of the group.
set -euo pipefail
room=$(mktemp -d)
trap 'rm -rf "$room"' EXIT
python3 -m venv "$room/venv"
"$room/venv/bin/pip" install -q --disable-pip-version-check openpyxl==3.1.5 xlsxwriter==3.3.1
cd "$room"
"$room/venv/bin/python" - <<'PY'
import re
import zipfile

import openpyxl
import xlsxwriter

with xlsxwriter.Workbook("form.xlsx") as book:
    book.add_worksheet().set_column(2, 6, 20)
    book.worksheets()[0].write(0, 0, "village")


def ranges(name):
    with zipfile.ZipFile(name) as package:
        columns = re.findall(r"<col [^>]*>", package.read("xl/worksheets/sheet1.xml").decode())
    return sorted((int(re.search(r'min="(\d+)"', one)[1]), int(re.search(r'max="(\d+)"', one)[1])) for one in columns)


form = openpyxl.load_workbook("form.xlsx")
widths = [round(form.active.column_dimensions[letter].width, 2) for letter in "CG"]
form.active.column_dimensions["D"].width = 30
form.save("filled.xlsx")
print("asked:", widths, "before:", ranges("form.xlsx"), "after:", ranges("filled.xlsx"))
assert widths == [20.71, 13]
assert ranges("form.xlsx") == [(3, 7)]
assert ranges("filled.xlsx") == [(3, 7), (4, 4), (7, 7)]
PY
