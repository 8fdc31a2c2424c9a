#!/usr/bin/env bash
# polars 2.1.0: the 50 % quantile of a column is not its median.
#
# One would guess: quantile(0.5) and median() are one number, and quantile(0.9) is what numpy and DuckDB call so.
# It does: quantile takes the nearest value that is there, median goes half-way between the two in the middle; numpy
#   and DuckDB's quantile_cont go between values in both.
# Seen: days 1, 2, 3, 4 -> median 2.5, quantile(0.5) 3.0, quantile(0.9) 4.0; numpy 2.5 and 3.7; DuckDB 2.5 and 3.7.
# Why it matters: "nine of ten matters were done within N days" is a figure towns are ranked by. Two offices that
#   count the same rows with two tools differ, and on one page a median stands beside a half-quantile that contradicts
#   it.
set -euo pipefail
room=$(mktemp -d)
trap 'rm -rf "$room"' EXIT
python3 -m venv "$room/venv"
"$room/venv/bin/pip" install -q --disable-pip-version-check polars==2.1.0 numpy==2.4.6 duckdb==1.4.4
cd "$room"
"$room/venv/bin/python" - <<'PY'
import duckdb
import numpy
import polars

days = [1, 2, 3, 4]
column = polars.Series(days)
ours = (column.median(), column.quantile(0.5), column.quantile(0.9))
theirs = (float(numpy.quantile(days, 0.5)), float(numpy.quantile(days, 0.9)))
engine = duckdb.sql("select quantile_cont(d, 0.5), quantile_cont(d, 0.9) from (values (1), (2), (3), (4)) t(d)").fetchone()
print("polars median, 0.5, 0.9:", ours)
print("numpy 0.5, 0.9:         ", theirs)
print("duckdb 0.5, 0.9:        ", engine)
assert ours == (2.5, 3.0, 4.0)
assert [round(value, 9) for value in theirs] == [2.5, 3.7]
assert [round(value, 9) for value in engine] == [2.5, 3.7]
PY
