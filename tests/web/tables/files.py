"""Small files in the shapes that offices send."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path

import xlsxwriter

HOTLINE = ("工单编号", "受理时间", "标题", "诉求内容", "事发地址", "联系人", "联系电话", "办理时限", "是否保密")


def order(number: int, **more: str) -> tuple[str, ...]:
    """One row of the fictional hotline."""
    said = {
        "工单编号": f"20261124{number:04}",
        "受理时间": "2026-11-24 09:30:00",
        "标题": f"路灯不亮 {number}",
        "诉求内容": f"东苑路第 {number} 根灯杆晚上不亮，老人出行不便，请尽快修复。",
        "事发地址": f"东苑路{number}号",
        "联系人": "章某",
        "联系电话": "13900000000",
        "办理时限": "2026-11-27 17:00",
        "是否保密": "否",
    } | more
    return tuple(said[header] for header in HOTLINE)


def csv_text(rows: Iterable[Sequence[str]], delimiter: str = ",") -> str:
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter).writerows(rows)
    return out.getvalue()


def hotline_csv(
    folder: Path, rows: Iterable[Sequence[str]], *, name: str = "orders.csv", encoding: str = "utf-8"
) -> Path:
    path = folder / name
    path.write_bytes(csv_text([HOTLINE, *rows]).encode(encoding))
    return path


def workbook(
    folder: Path, rows: Iterable[Sequence[object]], *, name: str = "orders.xlsx", more: Sequence[str] = ()
) -> Path:
    """``rows`` as the first sheet; ``more`` names further sheets that hold one row."""
    path = folder / name
    with xlsxwriter.Workbook(path, {"default_date_format": "yyyy-mm-dd hh:mm"}) as book:
        sheet = book.add_worksheet("工单")
        for at, row in enumerate(rows):
            sheet.write_row(at, 0, row)
        for other in more:
            book.add_worksheet(other).write(0, 0, "另一张表")
    return path


_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_PARTS = {
    "[Content_Types].xml": (
        f'<Types xmlns="{_PACKAGE}/content-types"><Default Extension="xml" ContentType="application/xml"/>'
        f'<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/></Types>'
    ),
    "_rels/.rels": (
        f'<Relationships xmlns="{_PACKAGE}/relationships">'
        f'<Relationship Id="r1" Type="{_RELATIONS}/officeDocument" Target="xl/workbook.xml"/></Relationships>'
    ),
    "xl/workbook.xml": (
        f'<workbook xmlns="{_MAIN}" xmlns:r="{_RELATIONS}">'
        f'<sheets><sheet name="s" sheetId="1" r:id="r1"/></sheets></workbook>'
    ),
    "xl/_rels/workbook.xml.rels": (
        f'<Relationships xmlns="{_PACKAGE}/relationships">'
        f'<Relationship Id="r1" Type="{_RELATIONS}/worksheet" Target="worksheets/sheet1.xml"/>'
        f'<Relationship Id="r2" Type="{_RELATIONS}/sharedStrings" Target="sharedStrings.xml"/></Relationships>'
    ),
}


def raw_workbook(path: Path, rows: str, shared: str = "", extra: Mapping[str, bytes] | None = None) -> Path:
    """A workbook written part by part, so that it can lie."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        for name, text in _PARTS.items():
            package.writestr(name, text)
        package.writestr(
            "xl/worksheets/sheet1.xml", f'<worksheet xmlns="{_MAIN}"><sheetData>{rows}</sheetData></worksheet>'
        )
        package.writestr("xl/sharedStrings.xml", f'<sst xmlns="{_MAIN}">{shared}</sst>')
        for name, content in (extra or {}).items():
            package.writestr(name, content)
    return path


_STRICT = {
    _MAIN: "http://purl.oclc.org/ooxml/spreadsheetml/main",
    _RELATIONS: "http://purl.oclc.org/ooxml/officeDocument/relationships",
}


def strict(raw: bytes) -> bytes:
    """The workbook as a program saves it as "Strict Open XML": other names of spaces, and days as text (``t="d"``)."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(raw)) as package, zipfile.ZipFile(out, "w") as made:
        for entry in package.infolist():
            part = package.read(entry)
            for loose, name in _STRICT.items():
                part = part.replace(loose.encode(), name.encode())
            if entry.filename == "xl/workbook.xml":
                part = part.replace(b"<workbook ", b'<workbook conformance="strict" ')
            if entry.filename.startswith("xl/worksheets/"):
                part = re.sub(rb'( s="\d+")(?: t="n")?><v>(4\d{4}(?:\.\d+)?)</v>', _iso, part)
            made.writestr(entry.filename, part)
    return out.getvalue()


def _iso(found: re.Match[bytes]) -> bytes:
    moment = datetime(1899, 12, 30) + timedelta(days=float(found[2]))
    return found[1] + b' t="d"><v>' + moment.isoformat("T", "seconds").encode() + b"</v>"
