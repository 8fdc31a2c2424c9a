#!/usr/bin/env bash
# Ibis 12.0.0 and DuckDB 1.4.4: three ways to ask for the latest value, and two of them skip "nobody".
#
# One would guess: last(order_by=...), argmax(...) and SQL's arg_max mean one thing: the value in the row with the
#   highest step, null if that is null.
# It does: Ibis' last leaves nulls out unless include_null=True; Ibis' argmax keeps them; DuckDB's own arg_max and
#   max_by leave them out, its last(... order by ...) keeps them.
# Seen: holder roads at step 1, none at step 2 -> last "roads", argmax None, arg_max "roads", max_by "roads", last()
#   None.
# Why it matters: a matter whose holder was taken away counts as held. The same figure written in SQL and in Ibis
#   differs.
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
town.raw_sql("create table moves as select * from (values (1, 'roads'), (2, null)) t(step, holder)")
moves = town.table("moves")
asked = moves.aggregate(
    last=moves.holder.last(order_by="step"),
    kept=moves.holder.last(order_by="step", include_null=True),
    argmax=moves.holder.argmax(moves.step),
)
(ours,) = asked.to_pyarrow().to_pylist()
(theirs,) = town.con.execute(
    "select arg_max(holder, step), max_by(holder, step), last(holder order by step) from moves"
).fetchall()
print("Ibis:  ", ours)
print("DuckDB:", theirs)
assert ours == {"last": "roads", "kept": None, "argmax": None}
assert theirs == ("roads", "roads", None)
PY
