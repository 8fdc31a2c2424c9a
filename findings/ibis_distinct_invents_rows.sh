#!/usr/bin/env bash
# Ibis 12.0.0 on DuckDB 1.4.4: distinct(on=..., keep="last") returns a row that is nowhere in the table.
#
# One would guess: of all rows of one matter one is kept, as pandas' drop_duplicates does.
# It does: each column is taken by itself, and each skips nulls. Where the last row has a gap, the value of an earlier
#   row slides in. The result looks whole.
# Seen: steps (1, roads, east), (2, parks, -), (3, -, west) of one matter -> (3, parks, west): at step 3 nobody held
#   it, and parks never held it in the west. keep="first" over the same rows turned round does the same.
# Why it matters: "the latest state of each matter" is the commonest figure of all; a gap in it means that nobody
#   answers, which is the very thing the town looks for.
set -euo pipefail
room=$(mktemp -d)
trap 'rm -rf "$room"' EXIT
python3 -m venv "$room/venv"
"$room/venv/bin/pip" install -q --disable-pip-version-check "ibis-framework[duckdb]==12.0.0" duckdb==1.4.4 \
  sqlglot==27.29.0 pandas==3.1.1 pyarrow==26.0.1 numpy==2.4.6
cd "$room"
"$room/venv/bin/python" - <<'PY'
import ibis

town = ibis.duckdb.connect()
rows = "('m1', 1, 'roads', 'east'), ('m1', 2, 'parks', null), ('m1', 3, null, 'west')"
town.raw_sql(f"create table moves as select * from (values {rows}) t(matter, step, holder, village)")
town.raw_sql("create table turned as select * from moves order by step desc")
moves = town.table("moves")
stored = {tuple(row.values()) for row in moves.to_pyarrow().to_pylist()}
last = moves.distinct(on="matter", keep="last").to_pyarrow().to_pylist()
first = town.table("turned").distinct(on="matter", keep="first").to_pyarrow().to_pylist()
print("stored:", sorted(stored, key=lambda row: row[1]))
print("last:  ", last)
print("first: ", first)
assert last == [{"matter": "m1", "step": 3, "holder": "parks", "village": "west"}]
assert first == last
assert tuple(last[0].values()) not in stored
PY
