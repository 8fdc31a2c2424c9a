#!/usr/bin/env bash
# tablib 3.10.0: reading an ODS sheet loses repeated cells and takes the clerk's note for the value.
#
# One would guess: the table that LibreOffice shows: note beside the cell, two cells that say 12 are two cells.
# It does: equal neighbours are stored once with a count, and tablib takes them once, so all that follows moves one
#   column to the left. If a cell has a note, the note's words replace what the cell says. No error in either case.
# Seen: the row "Jiuting | 12 | 12 | open", with the note "ask again" on the first cell, comes back as "ask again | 12
#   | open"; python-calamine 0.9.1 gives the four values.
# Why it matters: two equal numbers side by side are in every table, and notes are how a village talks back about a
#   list.
set -euo pipefail
room=$(mktemp -d)
trap 'rm -rf "$room"' EXIT
python3 -m venv "$room/venv"
"$room/venv/bin/pip" install -q --disable-pip-version-check "tablib[ods]==3.10.0" odfpy==1.4.1 python-calamine==0.9.1
cd "$room"
"$room/venv/bin/python" - <<'PY'
import python_calamine
import tablib
from odf.office import Annotation
from odf.opendocument import OpenDocumentSpreadsheet
from odf.table import Table, TableCell, TableRow
from odf.text import P

document = OpenDocumentSpreadsheet()
table = Table(name="list")
document.spreadsheet.addElement(table)


def row(*cells):
    line = TableRow()
    for text, note, times in cells:
        cell = TableCell(valuetype="string", **({"numbercolumnsrepeated": times} if times > 1 else {}))
        if note:
            remark = Annotation()
            remark.addElement(P(text=note))
            cell.addElement(remark)
        cell.addElement(P(text=text))
        line.addElement(cell)
    table.addElement(line)


row(("village", "", 1), ("gate", "", 1), ("house", "", 1), ("state", "", 1))
row(("Jiuting", "ask again", 1), ("12", "", 2), ("open", "", 1))
document.save("list.ods")
shown = python_calamine.load_workbook("list.ods").get_sheet_by_index(0).to_python()
with open("list.ods", "rb") as file:
    read = tablib.Dataset().load(file.read(), "ods", headers=False)
print("calamine:", shown)
print("tablib:  ", [list(line) for line in read])
assert shown[1] == ["Jiuting", "12", "12", "open"]
assert [value for value in read[1] if value] == ["ask again", "12", "open"]
PY
