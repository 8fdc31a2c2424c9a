#!/usr/bin/env bash
# polars 2.1.0 with fastexcel 0.21.0: text further down a column of numbers is read as nothing.
#
# One would guess: a column that holds both becomes text, or reading fails. A column of house numbers is mostly "12",
#   "14", now and then "12弄3号".
# It does: the kind of a column is guessed from its first hundred rows. A text below them becomes null. No error, no
#   warning; the row itself is there, so counting rows shows nothing. In row 50 the same text turns the whole column
#   into text, so every small trial looks right.
# Seen: text in data row 50 -> kept, column String; text in data row 150 -> None, column Int64, one null. With
#   infer_schema_length=None the text is kept.
# Why it matters: a town's list has some thousand rows, and the odd house number is the one that needs a visit.
set -euo pipefail
room=$(mktemp -d)
trap 'rm -rf "$room"' EXIT
python3 -m venv "$room/venv"
"$room/venv/bin/pip" install -q --disable-pip-version-check polars==2.1.0 fastexcel==0.21.0 pyarrow==26.0.1 xlsxwriter==3.3.1
cd "$room"
"$room/venv/bin/python" - <<'PY'
import polars
import xlsxwriter


def sheet(name, rows, odd_row):
    with xlsxwriter.Workbook(name) as book:
        page = book.add_worksheet()
        page.write_row(0, 0, ["matter", "house"])
        for row in range(1, rows + 1):
            page.write_row(row, 0, [row, "12弄3号" if row == odd_row else row])
    return name


near = polars.read_excel(sheet("near.xlsx", 200, 50))
far = polars.read_excel(sheet("far.xlsx", 200, 150))
whole = polars.read_excel("far.xlsx", infer_schema_length=None)
print("row 50: ", near.schema["house"], near["house"][49])
print("row 150:", far.schema["house"], far["house"][149], "nulls:", far["house"].null_count(), "rows:", far.height)
print("row 150, all rows looked at:", whole.schema["house"], whole["house"][149])
assert near["house"][49] == "12弄3号" and near.schema["house"] == polars.String
assert far.height == 200 and far["house"][149] is None and far["house"].null_count() == 1
assert far.schema["house"] == polars.Int64
assert whole["house"][149] == "12弄3号"
PY
