#!/usr/bin/env bash
# polars 2.1.0 with xlsxwriter 3.3.1: write_excel shows years and matter numbers with thousands marks, small shares as
#   0.
#
# One would guess: a number is written in the plain format and shows its digits.
# It does: every column of whole numbers gets "#,##0;[Red]-#,##0", every column of floats three places. What a clerk
#   sees and copies is not what was written; only the cell's stored value is right.
# Seen: 2026 shows as 2,026; 310114001 as 310,114,001; 0.0004 as 0.000 (formats read back with openpyxl 3.1.5).
# Why it matters: these sheets are printed and pasted into letters. A code with commas is found by no search, and a
#   share of four in ten thousand is read as none.
set -euo pipefail
room=$(mktemp -d)
trap 'rm -rf "$room"' EXIT
python3 -m venv "$room/venv"
"$room/venv/bin/pip" install -q --disable-pip-version-check polars==2.1.0 xlsxwriter==3.3.1 openpyxl==3.1.5
cd "$room"
"$room/venv/bin/python" - <<'PY'
import openpyxl
import polars

polars.DataFrame({"year": [2026], "matter": [310114001], "share": [0.0004]}).write_excel("out.xlsx")
cells = openpyxl.load_workbook("out.xlsx").active[2]
formats = [cell.number_format for cell in cells]
print([cell.value for cell in cells], formats)
assert [cell.value for cell in cells] == [2026, 310114001, 0.0004]
assert formats[0].startswith("#,##0;") and formats[1] == formats[0]
assert formats[2].startswith("#,##0.000;")
PY
