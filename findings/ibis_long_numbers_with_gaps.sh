#!/usr/bin/env bash
# Ibis 12.0.0 with pandas 3.1.1: one null in a column of long numbers, and execute() loses the last digits of all
#   others.
#
# One would guess: a BIGINT comes back as whole numbers; a null among them becomes a missing value beside them.
# It does: the column turns into 64-bit floats, which hold fifteen to sixteen digits. Two numbers that differ become
#   equal. Without a null the same column is right, so a trial on a few full rows shows nothing. to_pyarrow() keeps
#   all.
# Seen: 310114001001000123 and ...125 with a null between them -> equal floats; to_pyarrow -> both whole.
# Why it matters: matters are numbered with eighteen digits (area, day, run), and "the matter it was split from" is
#   empty for most. Joining the result back in Python joins strangers.
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
town.raw_sql("create table m as select * from (values (310114001001000123), (null), (310114001001000125)) t(parent)")
column = town.table("m").parent
frame = column.execute()
arrow = column.to_pyarrow().to_pylist()
full = town.table("m").drop_null().parent.execute()
print("with a null:   ", frame.dtype, frame.tolist())
print("without a null:", full.dtype, full.tolist())
print("arrow:         ", arrow)
assert str(frame.dtype) == "float64" and frame[0] == frame[2]
assert str(full.dtype) == "int64" and full[0] != full[1]
assert arrow == [310114001001000123, None, 310114001001000125]
PY
