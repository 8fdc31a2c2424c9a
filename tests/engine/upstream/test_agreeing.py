"""Two lists agree, or every difference is named once."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doudi.engine.upstream.agreeing import STAGE_WORDS, Ours, Theirs, compare, may_be_told
from doudi.engine.upstream.life import Standing, stand
from doudi.engine.upstream.vocabulary import DifferenceKind, OrderState, OrderStep, Stage

D, S = DifferenceKind, OrderStep
AT = datetime(2026, 11, 27, 9, tzinfo=UTC)
HOLDERS = frozenset({"市容所", "城管队"})


def ours(*steps: OrderStep, number: str = "A", expected: bool = True) -> Ours:
    return Ours(number, stand(steps), expected, AT, "11月27日 17:00", ("市容所", "保洁岗"))


def theirs(stage: Stage | None, number: str = "A", line: int = 2, **more: object) -> Theirs:
    return Theirs(line, number, stage, "说法", **more)  # type: ignore[arg-type]


SENT = (S.SIGN_FOR, S.REPLY, S.SEND, S.ARRIVE)


@pytest.mark.parametrize(
    ("row", "one", "kinds"),
    [
        (theirs(Stage.AT_WORK), ours(S.SIGN_FOR), []),
        (theirs(Stage.RECEIVED), ours(S.SIGN_FOR), [D.STATE]),
        (theirs(Stage.AT_WORK), ours(*SENT), [D.NOT_ARRIVED]),
        (theirs(Stage.AT_WORK), ours(*SENT[:-1]), []),
        (theirs(Stage.ANSWERED), ours(*SENT[:-1]), []),
        (theirs(Stage.CLOSED), ours(*SENT), [D.CLOSED_THERE]),
        (theirs(Stage.CLOSED), ours(*SENT, S.CLOSE), []),
        (theirs(Stage.ANSWERED), ours(*SENT, S.CLOSE), [D.STATE]),
        (theirs(Stage.SENT_BACK), ours(*SENT), [D.SENT_BACK_THERE]),
        (theirs(Stage.SENT_BACK), ours(*SENT, S.SEND_BACK, S.REPLY), []),
        (theirs(Stage.AT_WORK, due_at=AT, due="27日17时"), ours(S.SIGN_FOR), []),
        (theirs(Stage.AT_WORK, due_at=AT + timedelta(days=1), due="28日"), ours(S.SIGN_FOR), [D.DUE]),
        (theirs(Stage.AT_WORK, due="5个工作日"), ours(S.SIGN_FOR), [D.DUE]),
        (theirs(Stage.AT_WORK, holder="城管队"), ours(S.SIGN_FOR), [D.HOLDER]),
        (theirs(Stage.AT_WORK, holder="某某街道"), ours(S.SIGN_FOR), []),
        (theirs(Stage.TAKEN_BACK), ours(S.TAKE_BACK), []),
        (theirs(None), ours(*SENT), []),
    ],
)
def test_one_order(row: Theirs, one: Ours, kinds: list[DifferenceKind]) -> None:
    assert [found.kind for found in compare([row], [one], HOLDERS)] == kinds


def test_what_is_missing_and_what_stands_twice() -> None:
    rows = (("B", Stage.AT_WORK), ("C", Stage.AT_WORK), ("C", Stage.CLOSED), ("E", Stage.AT_WORK), ("E", Stage.AT_WORK))
    told = [theirs(stage, number, line) for line, (number, stage) in enumerate((*rows, ("F", Stage.TAKEN_BACK)), 2)]
    found = compare(told, [ours(number="A"), ours(number="C"), ours(number="D", expected=False), ours(number="E")])
    assert [(one.number, one.kind, one.line) for one in found] == [
        ("A", D.MISSING_THERE, 0),
        ("B", D.MISSING_HERE, 2),
        ("C", D.TWICE, 3),
    ]


def test_every_state_may_be_told_somehow_and_every_word_says_one_stage() -> None:
    assert all(may_be_told(Standing(state)) for state in OrderState)
    words = [word for said in STAGE_WORDS.values() for word in said]
    assert len(words) == len(set(words)) and set(STAGE_WORDS) == set(Stage)


@given(st.lists(st.lists(st.sampled_from(OrderStep), max_size=12), max_size=12), st.randoms())
def test_a_list_made_of_ours_agrees(all_steps: list[list[OrderStep]], chance: object) -> None:
    mine = [ours(*steps, number=str(at)) for at, steps in enumerate(all_steps)]
    told = [
        Theirs(at, one.number, chance.choice(sorted(may_be_told(one.standing))), "x", AT, "", "市容所")  # type: ignore[attr-defined]
        for at, one in enumerate(mine)
    ]
    assert compare(told, mine, HOLDERS) == []
