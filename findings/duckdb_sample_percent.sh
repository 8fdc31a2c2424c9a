#!/usr/bin/env bash
# DuckDB 1.4.4 and 2.0.1: "using sample 10%" takes all or nothing of a small table.
#
# One would guess: ten in a hundred rows, give or take; nine to eleven thousand of a hundred thousand.
# It does: a percentage means system sampling: whole blocks of 2,048 rows are taken or left. A table that fits one
#   block comes back empty nine times in ten, and whole the tenth time. "10% (bernoulli)" and "10 rows" choose single
#   rows.
# Seen: 200 draws from 100 rows give only 0 and 100; 200 draws with bernoulli lie in between.
# Why it matters: "check one finished matter in ten" on a village's month checks none, and nobody notices but the one
#   whose whole month is checked.
set -euo pipefail
room=$(mktemp -d)
trap 'rm -rf "$room"' EXIT
cd "$room"
for version in 1.4.4 2.0.1; do
  python3 -m venv "$room/$version"
  "$room/$version/bin/pip" install -q --disable-pip-version-check "duckdb==$version"
  "$room/$version/bin/python" - <<'PY'
from collections import Counter

import duckdb

town = duckdb.connect()
town.execute("create table matters as select number from range(100) t(number)")


def drawn(how, seed):
    method = {"percent": f"10% (system, {seed})", "single": f"10% (bernoulli, {seed})"}[how]
    return town.execute(f"select count(*) from (select number from matters using sample {method})").fetchall()[0][0]


plain = Counter(town.execute("select count(*) from (select 1 from matters using sample 10%)").fetchall()[0][0] for _ in range(200))
system = Counter(drawn("percent", seed) for seed in range(200))
single = Counter(drawn("single", seed) for seed in range(200))
ten = town.execute("select count(*) from (select 1 from matters using sample 10 rows)").fetchall()[0][0]
print(duckdb.__version__, "10%:", dict(plain), "system:", dict(system), "bernoulli:", dict(sorted(single.items())), "10 rows:", ten)
assert set(plain) <= {0, 100} and set(system) == {0, 100} and system[0] > 100
assert not set(single) & {0, 100} and len(single) > 5
assert ten == 10
PY
done
