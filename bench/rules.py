"""Decision tables with proof: how fast they are proven, edited and asked, and in how much memory.

All is reckoning on one core, ours and the peers', so seconds are those that the core worked: on an idle machine they are
the seconds that a person waits (``wall`` in the notes), on a busy one they leave the waiting for others out.
"""

from __future__ import annotations

import statistics
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta
from functools import cache, partial
from random import Random
from time import perf_counter, process_time

import numpy as np

from bench.figures import Figure, Measure, on_one_core, peak_megabytes_of
from bench.figures import seconds as timed
from bench.peers import Zen, first_hit_order, for_zen, z3_gaps
from bench.tables import FIRST_DAY, FLOORS, HOLDERS, narrowed, town_table
from doudi.engine.rules.axes import CodedAxis, NumberAxis
from doudi.engine.rules.budget import Budget
from doudi.engine.rules.matcher import Matcher
from doudi.engine.rules.proof import Memo, verify
from doudi.engine.rules.table import DecisionStatus, Table

WHOLE = Budget(steps=10**9)
Z3_SECONDS = 30.0

table_of = cache(town_table)
seconds = partial(timed, clock=process_time)


def verify_table(name: str, *, rules: int, target: float) -> Figure:
    """Coverage, conflicts and shadowed rules of a fresh table, nothing remembered; beside z3, which looks for gaps alone."""
    on_one_core()
    table = table_of(rules)
    proof = verify(table, WHOLE)
    assert proof.proven, proof.unproven
    times = 5 if rules < 20_000 else 2
    value = seconds(lambda: verify(table, WHOLE), times)
    waited = timed(lambda: verify(table, WHOLE), 1)
    taken, boxes, all_of_them = z3_gaps(table, Z3_SECONDS, 400)
    notes = {
        "gaps": len(proof.gaps),
        "conflicts": len(proof.conflicts),
        "shadowed": len(proof.shadowed),
        "wall": round(waited, 4),
        "peer_boxes": boxes,
        "peer_finished": all_of_them,
    }
    return Figure(name, value, "s", target, "z3, gaps only", round(taken, 3), round(taken / value, 1), notes=notes)


def edit_table(name: str, *, rules: int, target: float, edits: int = 60) -> Figure:
    """One rule after another gets another holder and a narrower box; each time the whole proof is wanted again."""
    on_one_core()
    table, dice = table_of(rules), Random(5)
    memo = Memo(table.space)
    verify(table, WHOLE, memo)
    codes, taken, on_core = list(table.rules), [], []
    for _ in range(edits):
        rule = replace(table.rules[dice.choice(codes)], holder=dice.choice(HOLDERS))
        edited = narrowed(table.space, rule, dice.choice(("unit", "area", "floor", "on")), dice)
        begun, begun_on_core = perf_counter(), process_time()
        table = table.edited([edited])
        proof = verify(table, WHOLE, memo)
        taken.append(perf_counter() - begun)
        on_core.append(process_time() - begun_on_core)
        assert proof.proven
    assert proof == verify(table, WHOLE), "remembering changes no answer"
    notes = {
        "slowest": round(max(on_core), 4),
        "wall": round(statistics.median(taken), 4),
        "slowest_wall": round(max(taken), 4),
        "edits": edits,
    }
    return Figure(name, statistics.median(on_core), "s", target, notes=notes)


def matters(table: Table, count: int, seed: int = 7) -> list[dict[str, object]]:
    """Matters as a service knows them: codes, a whole number of square metres, a day."""
    dice, found = Random(seed), []
    for _ in range(count):
        values: dict[str, object] = {}
        for axis in table.space.axes:
            if isinstance(axis, CodedAxis):
                values[axis.name] = axis.value(dice.randrange(axis.proper[0][1]))
            elif isinstance(axis, NumberAxis):
                values[axis.name] = dice.randrange(FLOORS)
            else:
                values[axis.name] = FIRST_DAY + timedelta(days=dice.randrange(3650))
        found.append(values)
    return found


def decide_one(name: str, *, rules: int, least_ratio: float) -> Figure:
    """Codes and values in; a decision out with its receipt: every rule that matched, and who outranks whom and why. Beside ZEN.

    The peer gives the holder alone; ``bare`` in the notes is our rate for as little: status, holder, rules and layer.
    """
    on_one_core()
    table = table_of(rules)
    matcher, zen = Matcher(table), Zen(table)
    asked = matters(table, 20_000)
    theirs = [for_zen(values) for values in asked[:2_000]]
    disagreeing = 0
    for values, its in zip(asked, theirs, strict=False):
        decision = matcher.decide(values)
        if decision.status is not DecisionStatus.CONFLICT:
            disagreeing += decision.holder != zen.holder(its)
    assert not disagreeing, f"{disagreeing} decisions differ from those of the peer"

    def ours(decide: Callable[[Mapping[str, object]], object] = matcher.explain) -> None:
        for values in asked:
            decide(values)

    def peer() -> None:
        for values in theirs:
            zen.holder(values)

    rate, its_rate = len(asked) / seconds(ours, 7), len(theirs) / seconds(peer, 7)
    bare = len(asked) / seconds(lambda: ours(matcher.decide), 7)
    notes = {
        "rules": len(first_hit_order(table)),
        "agreed": len(theirs),
        "bare": round(bare),
        "bare_ratio": round(bare / its_rate, 1),
    }
    return Figure(
        name, rate, "decisions/s", None, "zen-engine", round(its_rate), round(rate / its_rate, 1), least_ratio, notes
    )


def decide_batch(name: str, *, rules: int, target: float, rows: int = 4_000_000) -> Figure:
    """Columns of places in, a column of decisions out, on one core; compared with single decisions on a sample."""
    on_one_core()
    table = table_of(rules)
    matcher, dice = Matcher(table), np.random.default_rng(7)
    columns = {
        axis.name: dice.integers(axis.proper[0][0], axis.proper[0][1], rows, dtype=np.int32)
        for axis in table.space.axes
    }
    found = matcher.decide_batch(columns)
    for row in range(0, rows, rows // 500):
        point = tuple(int(columns[axis.name][row]) for axis in table.space.axes)
        assert matcher.decisions[found[row]] == matcher.decide_point(point)
    value = rows / seconds(lambda: matcher.decide_batch(columns), 3)
    return Figure(name, value, "rows/s", target)


def memory_of(name: str, *, rules: int, target: float) -> Figure:
    """The peak of a fresh interpreter that makes and proves the table, beside one that only makes it."""
    make = f"from bench.tables import town_table; table = town_table({rules})"
    prove = "from doudi.engine.rules.proof import verify; from doudi.engine.rules.budget import Budget"
    value = peak_megabytes_of(f"{make}; {prove}; verify(table, Budget(steps=10**9))")
    return Figure(name, value, "MB", target, notes={"table_alone": round(peak_megabytes_of(make))})


FIGURES: dict[str, Measure] = {
    "verify.200": partial(verify_table, rules=200, target=0.05),
    "verify.2000": partial(verify_table, rules=2_000, target=0.7),
    "verify.20000": partial(verify_table, rules=20_000, target=30),
    "edit.2000": partial(edit_table, rules=2_000, target=0.1),
    "decide.200": partial(decide_one, rules=200, least_ratio=25),
    "batch.2000": partial(decide_batch, rules=2_000, target=5_000_000),
    "memory.20000": partial(memory_of, rules=20_000, target=500),
}
