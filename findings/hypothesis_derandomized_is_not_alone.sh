#!/usr/bin/env bash
# Hypothesis 6.170.15 (pytest 9.2.0, pytest-xdist 3.8.0): a derandomized test draws other inputs when another file of tests runs before it.
#
# One would guess: derandomize=True makes the inputs a function of the test's own source, "the same in every run"; which
#   other tests are chosen, or which worker of xdist runs them first, cannot matter.
# It does: one draw in twenty takes a constant out of a pool of numbers and texts read from the source of all local modules
#   loaded so far. A module that another test imports widens the pool: this test's inputs change, before and after.
# Seen: alone twice the same 300 numbers; after a test that imports a module with twenty numbers, other ones, and among
#   them numbers of that module. In a worker of xdist it is the same.
# Why it matters: a walk that met a fault in the whole suite does not meet it alone, and "it is green here" says less than
#   it seems. Emptying the pool (_local_constants of hypothesis.internal) makes the two the same again.
set -euo pipefail
room=$(mktemp -d)
trap 'rm -rf "$room"' EXIT
python3 -m venv "$room/venv"
"$room/venv/bin/pip" install -q --disable-pip-version-check hypothesis==6.170.15 pytest==9.2.0 pytest-xdist==3.8.0
mkdir "$room/town"
cd "$room/town"
touch conftest.py
cat > fees.py <<'PY'
FEES = [7100001, 7100003, 7100005, 7100007, 7100009, 7100011, 7100013, 7100015, 7100017, 7100019]
FINES = [8200001, 8200003, 8200005, 8200007, 8200009, 8200011, 8200013, 8200015, 8200017, 8200019]
PY
cat > test_before.py <<'PY'
def test_it_uses_a_room_that_nobody_else_needs():
    import fees

    assert fees.FEES
PY
cat > test_walk.py <<'PY'
import json
import os

from hypothesis import given, settings
from hypothesis import strategies as st

seen = []


@settings(derandomize=True, max_examples=300, database=None)
@given(st.integers())
def test_the_same_in_every_run(number):
    seen.append(number)


def teardown_module():
    with open(os.environ["SEEN"], "w") as file:
        json.dump(seen, file)
PY
run() { SEEN="$room/$1" PYTHONHASHSEED=0 "$room/venv/bin/pytest" -q -p no:cacheprovider -p no:randomly "${@:2}" > "$room/said" || { cat "$room/said"; exit 1; }; }
run alone.json test_walk.py
run again.json test_walk.py
run after.json test_before.py test_walk.py
run worker.json -n 1 test_before.py test_walk.py
cat > emptied.py <<'PY'
from hypothesis.internal.conjecture import providers

providers._get_local_constants = lambda: providers._local_constants
PY
PYTHONPATH=. run emptied_alone.json -p emptied test_walk.py
PYTHONPATH=. run emptied_after.json -p emptied test_before.py test_walk.py
"$room/venv/bin/python" - "$room" <<'PY'
import json
import sys
from pathlib import Path

sys.path.insert(0, ".")
from fees import FEES, FINES

read = {path.stem: json.loads(path.read_text()) for path in Path(sys.argv[1]).glob("*.json")}
alone, after, worker = read["alone"], read["after"], read["worker"]
told = sum(one != other for one, other in zip(alone, after, strict=False))
print(f"{len(alone)} numbers alone, {told} others after another test; of its module:", sorted({abs(n) for n in after} & {*FEES, *FINES}))
assert alone == read["again"]
assert alone != after and {abs(n) for n in after} & {*FEES, *FINES} and not {abs(n) for n in alone} & {*FEES, *FINES}
assert worker != alone
assert read["emptied_alone"] == read["emptied_after"]
PY
