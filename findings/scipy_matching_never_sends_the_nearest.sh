#!/usr/bin/env bash
# SciPy 1.17.1: in a sparse matching and a spanning tree a cost of nought means "cannot", not "free".
#
# One would guess: min_weight_full_bipartite_matching finds the cheapest pairs, as linear_sum_assignment does; a crew
#   that already stands there costs 0.
# It does: a sparse matrix made of an array has no entry where the array has 0, and no entry means no edge. Entries of
#   0 written by hand are removed too (with a warning). The answer is a full matching of higher cost, or "no full
#   matching exists". minimum_spanning_tree leaves out edges of 0 as well; dijkstra takes entries of 0 written by hand
#   as they are meant.
# Seen: costs [[0, 5], [3, 4]] -> 8 instead of 4; [[0, 0], [0, 7]] -> ValueError; a tree over edges 0 and 2 has one
#   edge.
# Why it matters: the crew on the spot is the one that is never sent. Add one to every cost before, take it off after.
set -euo pipefail
room=$(mktemp -d)
trap 'rm -rf "$room"' EXIT
python3 -m venv "$room/venv"
"$room/venv/bin/pip" install -q --disable-pip-version-check scipy==1.17.1 numpy==2.4.6
cd "$room"
"$room/venv/bin/python" - <<'PY'
import warnings

import numpy
from scipy.optimize import linear_sum_assignment
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra, min_weight_full_bipartite_matching, minimum_spanning_tree

warnings.simplefilter("ignore")
costs = numpy.array([[0.0, 5.0], [3.0, 4.0]])


def total(pairs):
    return float(costs[pairs].sum())


dense = total(linear_sum_assignment(costs))
sparse = total(min_weight_full_bipartite_matching(csr_array(costs)))
written = csr_array((costs.ravel(), ([0, 0, 1, 1], [0, 1, 0, 1])), shape=(2, 2))
by_hand = total(min_weight_full_bipartite_matching(written))
shifted = total(min_weight_full_bipartite_matching(csr_array(costs + 1)))
try:
    min_weight_full_bipartite_matching(csr_array(numpy.array([[0.0, 0.0], [0.0, 7.0]])))
    refused = ""
except ValueError as reason:
    refused = str(reason)
roads = csr_array(([0.0, 2.0, 5.0], ([0, 1, 0], [1, 2, 2])), shape=(3, 3))
tree = int((minimum_spanning_tree(roads).toarray() > 0).sum())
ways = dijkstra(roads, indices=0).tolist()
print("dense", dense, "sparse", sparse, "zeros by hand", by_hand, "plus one", shifted, "|", refused, "| tree", tree, "ways", ways)
assert dense == 4 and sparse == 8 and written.nnz == 4 and by_hand == 8 and shifted == 4
assert refused == "no full matching exists"
assert tree == 1 and ways == [0.0, 0.0, 2.0]
PY
