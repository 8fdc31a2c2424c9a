#!/usr/bin/env bash
# openpyxl 3.1.5: a workbook saved as "Strict Open XML" opens, with one unclear warning, and has no sheets.
#
# One would guess: either it is read (the strict kind is the one that ISO 29500 puts first) or refused.
# It does: load_workbook looks for sheets in the other namespace, finds none, warns of "an invalid specification for
#   0" and returns an empty book. The next line fails somewhere else, or an import of no rows reports success.
#   python-calamine 0.9.1 reads the same file.
# Seen: worksheets [] and active None; calamine gives the row with text and date.
# Why it matters: Excel offers the strict kind in its list of file types. A platform that loops over the sheets says
#   "nothing to import" to a clerk whose file is full.
set -euo pipefail
room=$(mktemp -d)
trap 'rm -rf "$room"' EXIT
python3 -m venv "$room/venv"
"$room/venv/bin/pip" install -q --disable-pip-version-check openpyxl==3.1.5 python-calamine==0.9.1
cd "$room"
"$room/venv/bin/python" - <<'PY'
import zipfile

import openpyxl
import python_calamine

MAIN = {
    "strict": "http://purl.oclc.org/ooxml/spreadsheetml/main",
    "usual": "http://schemas.openxmlformats.org/spreadsheetml/2006/main",
}
LINKS = {
    "strict": "http://purl.oclc.org/ooxml/officeDocument/relationships",
    "usual": "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
}
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml"


def book(kind):
    name, main, links = f"{kind}.xlsx", MAIN[kind], LINKS[kind]
    strict = " conformance='strict'" if kind == "strict" else ""
    with zipfile.ZipFile(name, "w") as package:
        package.writestr(
            "[Content_Types].xml",
            f'<Types xmlns="{PACKAGE}/content-types"><Default Extension="rels" ContentType="application/'
            'vnd.openxmlformats-package.relationships+xml"/><Override PartName="/xl/workbook.xml" ContentType='
            f'"{KIND}.sheet.main+xml"/><Override PartName="/xl/sheet.xml" ContentType="{KIND}.worksheet+xml"/></Types>',
        )
        package.writestr(
            "_rels/.rels",
            f'<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="a" Type="{links}/officeDocument" '
            'Target="xl/workbook.xml"/></Relationships>',
        )
        package.writestr(
            "xl/workbook.xml",
            f"<workbook xmlns='{main}' xmlns:r='{links}'{strict}>"
            '<sheets><sheet name="list" sheetId="1" r:id="a"/></sheets></workbook>',
        )
        package.writestr(
            "xl/_rels/workbook.xml.rels",
            f'<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="a" Type="{links}/worksheet" '
            'Target="sheet.xml"/></Relationships>',
        )
        package.writestr(
            "xl/sheet.xml",
            f'<worksheet xmlns="{main}"><sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>road</t></is></c>'
            '<c r="B1" t="d"><v>2026-11-29</v></c></row></sheetData></worksheet>',
        )
    return name


usual, strict = (openpyxl.load_workbook(book(kind)) for kind in ("usual", "strict"))
row = python_calamine.load_workbook("strict.xlsx").get_sheet_by_index(0).to_python()
print("usual: ", usual.sheetnames, "strict:", strict.sheetnames, strict.active, "calamine:", row)
assert usual.sheetnames == ["list"] and usual.active["A1"].value == "road"
assert strict.sheetnames == [] and strict.active is None
assert row[0][0] == "road" and str(row[0][1]).startswith("2026-11-29")
PY
