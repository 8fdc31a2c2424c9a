#!/usr/bin/env bash
# DuckDB 1.4.4 (2.0.1 the same): house numbers in a CSV become moments of the first century, grid codes become powers
#   of ten.
#
# One would guess: "8-12-1" (building 8, stair 12, door 1) stays text: a date has a year of four digits. So do grid
#   codes such as "31E01".
# It does: without declared types it tries dates first, with years of one to four digits, and numbers with exponents.
#   If every value of the column fits, the column is that. One "8-33-1" in the sniffed rows and the column is text.
# Seen: 8-12-1 -> TIMESTAMP 0008-12-01; 8-12-101 -> DATE 0101-12-08; 31E01 and 3.1E02 -> both 310.0; with
#   all_varchar=true they stay as written.
# Why it matters: joins by address or grid find nothing, or join two places that are not one (31E01 and 310).
set -euo pipefail
room=$(mktemp -d)
trap 'rm -rf "$room"' EXIT
python3 -m venv "$room/venv"
"$room/venv/bin/pip" install -q --disable-pip-version-check duckdb==1.4.4
cd "$room"
"$room/venv/bin/python" - <<'PY'
import pathlib

import duckdb


def read(rows, options=""):
    pathlib.Path("list.csv").write_text("matter,what\n" + "".join(f"{n},{row}\n" for n, row in enumerate(rows)), "utf-8")
    found = duckdb.sql(f"select what from read_csv('list.csv'{options})")
    return str(found.types[0]), [str(value) for (value,) in found.fetchall()]


doors = read(["8-12-1", "3-5-2", "10-1-12"])
rooms = read(["8-12-101", "3-5-202", "10-1-1203"])
grids = read(["31E01", "3.1E02", "12E03"])
mixed = read(["8-12-1", "8-33-1"])
plain = read(["8-12-1", "3-5-2"], ", all_varchar=true")
for each in (doors, rooms, grids, mixed, plain):
    print(*each)
assert doors == ("TIMESTAMP", ["0008-12-01 00:00:00", "0003-05-02 00:00:00", "0010-01-12 00:00:00"])
assert rooms[0] == "DATE" and rooms[1][0] == "0101-12-08"
assert grids[0] == "DOUBLE" and grids[1][0] == grids[1][1] == "310.0"
assert mixed == ("VARCHAR", ["8-12-1", "8-33-1"])
assert plain == ("VARCHAR", ["8-12-1", "3-5-2"])
PY
