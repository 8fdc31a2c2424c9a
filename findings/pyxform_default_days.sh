#!/usr/bin/env bash
# pyxform 4.5.0: a default day that Excel holds as a date goes into the form as a day with a clock, which is no day.
#
# One would guess: a question of type "date" whose default cell is 2026-11-29 gets the default 2026-11-29.
# It does: the cell is a date to Excel (it makes every typed day one), and pyxform writes "2026-11-29 00:00:00". The
#   form's own type for the field is date, whose text is 2026-11-29. No warning. As a text cell the same default is
#   right.
# Seen: date cell -> <day>2026-11-29 00:00:00</day>, text cell -> <day>2026-11-29</day>; both bound as type="date".
# Why it matters: the day a round begins is the commonest default, and nobody who types it sees the difference.
set -euo pipefail
room=$(mktemp -d)
trap 'rm -rf "$room"' EXIT
python3 -m venv "$room/venv"
"$room/venv/bin/pip" install -q --disable-pip-version-check pyxform==4.5.0 openpyxl==3.1.5
cd "$room"
"$room/venv/bin/python" - <<'PY'
import io
import re
from datetime import date

import openpyxl
from pyxform.xls2xform import convert


def form(default):
    book = openpyxl.Workbook()
    survey = book.active
    survey.title = "survey"
    survey.append(["type", "name", "label", "default"])
    survey.append(["date", "day", "Day", default])
    file = io.BytesIO()
    book.save(file)
    file.seek(0)
    made = convert(file, file_type=".xlsx", pretty_print=False)
    (kind,) = re.findall(r'<bind nodeset="/data/day" type="(\w+)"', made.xform)
    return re.search(r"<day>(.*?)</day>", made.xform)[1], kind, made.warnings


cell, text = form(date(2026, 11, 29)), form("2026-11-29")
print("date cell:", cell, "text cell:", text)
assert cell == ("2026-11-29 00:00:00", "date", [])
assert text == ("2026-11-29", "date", [])
PY
