"""A proof that runs out of steps or of time says so; it never says that all is well."""

from __future__ import annotations

from itertools import count

import pytest

from doudi.engine.rules.budget import Budget
from doudi.engine.rules.proof import Memo, Proof, verify
from doudi.engine.rules.table import Rule

from .tiny import table

TANGLE = [
    Rule("R0", "a", 1, {"kind": ("bar",), "hours": ("off",), "owner": ("town",)}),
    Rule("R1", "b", 1, {"kind": ("noise",), "owner": ("town", "private")}),
    Rule("R2", "c", 2, {"kind": ("drain", "tree"), "hours": ("work",)}),
    Rule("R3", "a", 2, {"owner": ("unknown",), "hours": ("work",)}),
    Rule("R4", "b", 1, {"hours": ("work",)}),
    Rule("T0", "a", 9, settles=("R0", "R1")),
]


def said(proof: Proof) -> str:
    return "\n".join(map(str, proof.unproven))


def test_with_fewer_steps_a_proof_says_less_and_never_claims_more() -> None:
    town = table(TANGLE)
    whole = verify(town)
    assert whole.proven
    stages = set()
    for steps in range(60):
        part = verify(town, Budget(steps=steps))
        if part.proven:
            assert part == whole
        else:
            assert said(part)
            stages |= set(part.unproven)
        # What is shown in spite of the budget is true.
        assert {one.rules for one in part.conflicts} <= {one.rules for one in whole.conflicts}
        assert part.gap_points <= whole.gap_points
        assert {one.rule for one in part.shadowed} <= {one.rule for one in whole.shadowed}
    templates = {words.template for words in stages}
    assert templates == {
        "{where}：是否有空白，未能在限额内证明。",
        "空白没有全部列出：限额已用完。",
        "规则之间是否交叉、抵触、被遮盖，未能在限额内证明。",
        "规则 {one} 与 {other} 是否交叉，未能在限额内证明。",
        "规则 {rule} 是否起作用，未能在限额内证明。",
    }


def test_what_a_small_budget_left_open_is_proven_the_next_time_with_the_same_memory() -> None:
    town = table(TANGLE)
    whole = verify(town)
    for steps in range(25):
        memo = Memo(town.space)
        verify(town, Budget(steps=steps), memo)
        assert verify(town, memo=memo) == whole


def test_a_list_that_is_cut_short_says_that_there_is_more(monkeypatch: pytest.MonkeyPatch) -> None:
    town = table(
        [
            Rule("R0", "a", 1, {"kind": ("noise",), "owner": ("town", "private")}),
            Rule("R1", "b", 1, {"kind": ("noise",), "hours": ("off",)}),
            Rule("R2", "c", 2, {"kind": ("bar",), "owner": ("town",)}),
        ]
    )
    whole = verify(town)
    assert whole.all_gaps and whole.conflicts[0].complete
    monkeypatch.setattr("doudi.engine.rules.proof.MOST_GAPS", 1)
    monkeypatch.setattr("doudi.engine.rules.rivalry.MOST_BOXES", 1)
    part = verify(town)
    assert (len(part.gaps), part.all_gaps, part.gap_points) == (1, False, whole.gap_points)
    assert [(len(one.regions), one.complete) for one in part.conflicts] == [(1, False)]
    assert part.gaps[0] in whole.gaps and part.conflicts[0].regions[0] in whole.conflicts[0].regions


def test_the_deadline_is_read_from_the_ticker_that_was_lent() -> None:
    crowd = [
        Rule(f"C{n}", "abc"[n % 3], 1, {"owner": ("town",), "hours": (("work", "off")[n % 2],)}) for n in range(90)
    ]
    town = table(crowd)
    ticks = count()
    late = verify(town, Budget(seconds=1.0, ticker=lambda: float(next(ticks))))
    assert not late.proven and "未能在限额内证明" in said(late)
    assert verify(town, Budget(seconds=1.0, ticker=lambda: 0.0)).proven
    assert verify(town, Budget(seconds=1.0)).proven


def test_a_table_whose_first_axis_nobody_asks_about_is_left_open_as_a_whole() -> None:
    town = table([Rule("R0", "a", 1, {"hours": ("off",)}), Rule("R1", "a", 1, {"owner": ("town",)})], impossible=False)
    open_ended = verify(town, Budget(steps=1))
    assert "整张表是否有空白，未能在限额内证明。" in said(open_ended)
    assert verify(town).proven
