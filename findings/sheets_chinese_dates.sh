#!/usr/bin/env bash
# openpyxl 3.1.5, exceljs 4.4.0, xlsx2csv 0.8.6, pylightxl 1.61: dates in Excel's own Chinese formats are read as
#   numbers.
#
# One would guess: a cell that shows 2026年11月29日 is read as a date, as every other date is.
# It does: an Excel in Chinese stores that format as number 31 (and 57, 58 for 2026年11月, 11月29日; 27 to 36 and 50 to 58
#   in all) with no text beside it, since every Chinese Excel knows it. These readers know only the numbers up to 49
#   that mean dates in English, and give 46355. python-calamine 0.9.1 and SheetJS 0.18.5 give the date. The same
#   format written out ('yyyy"年"m"月"d"日"') is a date to all, so a test file made by a library never shows the fault.
# Seen: format 14 -> a date for all; format 31 -> 46355 from openpyxl, exceljs, xlsx2csv, pylightxl; a date from the
#   two others.
# Why it matters: this is the long date of the format list, one click away, in every office of the country. A limit or
#   a day of effect arrives as a five-digit number.
set -euo pipefail
room=$(mktemp -d)
trap 'rm -rf "$room"' EXIT
python3 -m venv "$room/venv"
"$room/venv/bin/pip" install -q --disable-pip-version-check openpyxl==3.1.5 xlsxwriter==3.3.1 python-calamine==0.9.1 \
  xlsx2csv==0.8.6 pylightxl==1.61
cd "$room"
npm install --silent --no-audit --no-fund exceljs@4.4.0 xlsx@0.18.5 > npm.log 2>&1 || { cat npm.log; exit 1; }
"$room/venv/bin/python" - <<'PY'
import io
from datetime import date, datetime

import openpyxl
import pylightxl
import python_calamine
import xlsxwriter
from xlsx2csv import Xlsx2csv

formats = [14, 31, 57, 58, 'yyyy"年"m"月"d"日"']
with xlsxwriter.Workbook("dates.xlsx") as book:
    page = book.add_worksheet()
    for row, form in enumerate(formats):
        page.write_number(row, 0, 46355, book.add_format({"num_format": form}))
text = io.StringIO()
Xlsx2csv("dates.xlsx").convert(text)
light = pylightxl.readxl("dates.xlsx")
read = {
    "openpyxl": [row[0].value for row in openpyxl.load_workbook("dates.xlsx").active],
    "calamine": [row[0] for row in python_calamine.load_workbook("dates.xlsx").get_sheet_by_index(0).to_python()],
    "xlsx2csv": text.getvalue().split(),
    "pylightxl": [row[0] for row in light.ws(light.ws_names[0]).rows],
}
for name, values in read.items():
    print(name, [str(value) for value in values])
day = date(2026, 11, 29)
assert read["calamine"] == [day] * 5
assert read["openpyxl"] == [datetime(2026, 11, 29), 46355, 46355, 46355, datetime(2026, 11, 29)]
assert read["pylightxl"][1:4] == [46355] * 3 and read["pylightxl"][4] == "2026/11/29"
assert read["xlsx2csv"][1:4] == ["46355"] * 3
PY
node - <<'JS'
const assert = require("node:assert");
const ExcelJS = require("exceljs");
const XLSX = require("xlsx");
(async () => {
  const book = new ExcelJS.Workbook();
  await book.xlsx.readFile("dates.xlsx");
  const ours = [1, 2, 3, 4, 5].map((row) => book.worksheets[0].getCell(row, 1).value);
  const sheet = XLSX.readFile("dates.xlsx", { cellDates: true });
  const theirs = [1, 2, 3, 4, 5].map((row) => sheet.Sheets[sheet.SheetNames[0]][`A${row}`].t);
  console.log("exceljs", ours, "SheetJS", theirs);
  assert.deepStrictEqual(ours.map((value) => value instanceof Date), [true, false, false, false, true]);
  assert.deepStrictEqual(ours.slice(1, 4), [46355, 46355, 46355]);
  assert.deepStrictEqual(theirs, ["d", "d", "d", "d", "d"]);
})();
JS
