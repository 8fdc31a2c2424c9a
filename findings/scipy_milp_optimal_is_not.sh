#!/usr/bin/env bash
# SciPy 1.17.1 (HiGHS): milp says "Optimal" for a plan that is not the best one.
#
# One would guess: status 0 and "(HiGHS Status 7: Optimal)" mean that no plan is better; a constant in the goal
#   changes nothing.
# It does: it stops as soon as the plan is proven within 0.01 % of the best (mip_rel_gap, 1e-4), and 0.01 % of a large
#   sum is many a crew hour. A constant of a million (fixed wages, say) lets it stop 28 early. mip_rel_gap=0 finds the
#   best.
# Seen: gain 942 without the constant; 914 with it; 942 with the constant and mip_rel_gap=0; status 0 each time.
# Why it matters: a roster is published as "the best possible", and two runs of the same question, once with fixed
#   costs, once without, differ.
set -euo pipefail
room=$(mktemp -d)
trap 'rm -rf "$room"' EXIT
python3 -m venv "$room/venv"
"$room/venv/bin/pip" install -q --disable-pip-version-check scipy==1.17.1 numpy==2.4.6
cd "$room"
"$room/venv/bin/python" - <<'PY'
import numpy
from scipy.optimize import Bounds, LinearConstraint, milp

chance = numpy.random.default_rng(0)
tasks, crews = 40, 5
gain = chance.integers(10, 60, tasks).astype(float)
hours = chance.integers(10, 60, (crews, tasks))
limits = LinearConstraint(numpy.hstack([hours, numpy.zeros((crews, 1))]), -numpy.inf, hours.sum(1) // 2)
first = numpy.zeros(tasks + 1)
first[-1] = 1  # the fixed cost is always there


def best(fixed, **options):
    found = milp(
        numpy.append(-gain, fixed),
        constraints=limits,
        integrality=numpy.ones(tasks + 1),
        bounds=Bounds(first, numpy.ones(tasks + 1)),
        options=options,
    )
    return round(fixed - found.fun), found.status, found.message


plain, large, exact = best(0), best(1_000_000), best(1_000_000, mip_rel_gap=0)
print(plain, large, exact, sep="\n")
assert plain[1] == large[1] == exact[1] == 0 and "Optimal" in large[2]
assert plain[0] == exact[0] == 942
assert large[0] < 942
PY
