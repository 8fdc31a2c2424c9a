"""The life of an order from above: a fold over what happened, and a table of what may come next."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doudi.engine.upstream.life import (
    BY_STEP,
    EVENT_OF,
    ORDER_LIFE,
    STATE_LABELS,
    TOLD_BY,
    OrderBy,
    OrderStepError,
    Standing,
    offered,
    require_step,
    stand,
)
from doudi.engine.upstream.systems import (
    VERBS,
    Signing,
    System,
    SystemAboveError,
    Verb,
    quarter_of,
)
from doudi.engine.upstream.vocabulary import OrderState, OrderStep

S, D = OrderStep, OrderState
HOTLINE = System("热线", signing=Signing.SECOND_ROUND, signer="leader", verbs={one: Verb(one) for one in VERBS})
POLICE = System("110非警务分流", verbs={"sign_for": Verb("sign_for"), "close": Verb("close")})


def test_every_step_has_one_row_and_every_state_a_name() -> None:
    assert [row.step for row in ORDER_LIFE] == list(dict.fromkeys(row.step for row in ORDER_LIFE))
    assert set(BY_STEP) == set(OrderStep) and set(STATE_LABELS) == set(OrderState)
    assert all(row.reason and row.label for row in ORDER_LIFE)
    assert len(EVENT_OF) == len(TOLD_BY)
    written = {row.step for row in ORDER_LIFE if row.by is not OrderBy.FACT}
    assert written <= set(EVENT_OF)


def test_the_usual_way_ends_closed_above() -> None:
    way = [S.SIGN_FOR, S.CONTACT, S.INTERIM, S.REPLY, S.CHECK, S.SIGN, S.SEND, S.ARRIVE, S.ACCEPT, S.CALL_BACK, S.CLOSE]
    states = [stand(way[: n + 1]).state for n in range(len(way))]
    assert states == [
        *(D.SIGNED_FOR, D.CONTACTED, D.CONTACTED, D.REPLIED, D.CHECKED, D.SIGNED, D.SENT, D.ARRIVED),
        *(D.ACCEPTED, D.CALLED_BACK, D.CLOSED),
    ]


def test_a_second_round_begins_with_signing_for() -> None:
    again = stand([S.SIGN_FOR, S.REPLY, S.SEND, S.ARRIVE, S.CALL_BACK, S.SECOND_ROUND, S.REOPEN])
    assert (again.state, again.round) == (D.RECEIVED, 2)


def test_to_refuse_to_sign_is_no_close() -> None:
    refused = stand([S.REFUSE])
    assert refused.state is D.REFUSED
    assert S.SIGN_FOR in {row.step for row in offered(refused, HOTLINE)}
    assert stand([S.REFUSE, S.CONTACT, S.REPLY]).state is D.REPLIED


def test_what_was_opened_again_has_lost_check_and_signature() -> None:
    assert stand([S.SIGN_FOR, S.REPLY, S.CHECK, S.SIGN, S.REOPEN]).state is D.SIGNED_FOR
    assert stand([S.SIGN_FOR, S.REPLY, S.SIGN, S.REPLY]).state is D.REPLIED


def test_an_application_moves_nothing_until_the_last_word_takes_the_order_back() -> None:
    before = stand([S.SIGN_FOR])
    assert stand([S.SIGN_FOR, S.APPLY, S.PRELIMINARY, S.VERDICT]).state == before.state
    assert stand([S.SIGN_FOR, S.APPLY, S.PRELIMINARY, S.TAKE_BACK]).state is D.TAKEN_BACK
    assert offered(stand([S.TAKE_BACK]), HOTLINE) == ()


def test_what_those_above_said_stands_whatever_becomes_of_what_was_before_it() -> None:
    put_back = stand([S.REPLY, S.SECOND_ROUND, S.REOPEN])
    assert (put_back.state, put_back.round) == (D.RECEIVED, 2)
    assert stand([S.SIGN_FOR, S.CLOSE]).state is D.CLOSED
    assert stand([S.SIGN_FOR, S.CHECK]).state is D.SIGNED_FOR, "what is ours has to fit"


def test_what_was_done_above_can_be_written_down_from_wherever_a_list_shows_it() -> None:
    for steps in (
        [],
        [S.REFUSE],
        [S.SIGN_FOR],
        [S.SIGN_FOR, S.CONTACT],
        [S.REPLY],
        [S.REPLY, S.CHECK],
        [S.REPLY, S.SEND],
    ):
        may = {row.step for row in offered(stand(steps), HOTLINE)}
        assert {S.CLOSE, S.TAKE_BACK} <= may, steps
        assert (S.SEND_BACK in may) is (S.REPLY in steps), steps
    assert S.TAKE_BACK in {row.step for row in offered(stand([]), POLICE)}
    with pytest.raises(OrderStepError):
        require_step(S.TAKE_BACK, Standing(), HOTLINE)


def test_a_step_that_the_system_does_not_know_is_not_offered() -> None:
    for steps in ([], [S.SIGN_FOR, S.REPLY, S.SEND]):
        known = {row.step for row in offered(stand(steps), POLICE)}
        assert known <= {S.SIGN_FOR, S.CLOSE, S.CHECK, S.SIGN, S.TAKE_BACK}
    with pytest.raises(OrderStepError) as refusal:
        require_step(S.SEND_BACK, stand([S.REPLY, S.SEND]), POLICE, given={"words"})
    assert "没有“上级退回重办”这一步" in str(refusal.value)


def test_a_refusal_says_what_may_be_done_and_what_is_missing() -> None:
    with pytest.raises(OrderStepError) as refusal:
        require_step(S.ACCEPT, Standing(), HOTLINE)
    assert "待签收" in str(refusal.value) and "签收" in str(refusal.value)
    with pytest.raises(OrderStepError):
        require_step(S.SECOND_ROUND, stand([S.REPLY, S.SEND]), HOTLINE, given={"words"})


def test_whether_one_may_sign_follows_from_the_answer_that_waits_alone() -> None:
    assert S.SIGN not in {row.step for row in offered(stand([S.REPLY]), HOTLINE)}
    for steps in ([S.REPLY], [S.REPLY, S.SEND], [S.REPLY, S.SEND, S.CLOSE]):
        assert S.SIGN in {row.step for row in offered(stand(steps), HOTLINE, awaits_signing=True)}


def test_a_system_is_described_as_it_can_be() -> None:
    with pytest.raises(SystemAboveError):
        System("谁签", signing=Signing.ALWAYS)
    with pytest.raises(SystemAboveError):
        System("编号", numbers="(")
    with pytest.raises(SystemAboveError):
        Verb("fly")


@given(st.lists(st.sampled_from(OrderStep), max_size=40))
def test_whatever_happens_the_order_stands_somewhere_and_only_rows_that_fit_are_offered(steps: list[OrderStep]) -> None:
    standing = stand(steps)
    assert standing.round == 1 or standing.often(S.SECOND_ROUND) >= standing.round - 1
    for system in (HOTLINE, POLICE, System.unknown("谁")):
        for row in offered(standing, system):
            assert standing.state in row.before and row.by is not OrderBy.FACT and system.knows(row.step)
            assert require_step(row.step, standing, system, given=row.asks) is row


@pytest.mark.parametrize(
    ("day", "since", "until"),
    [
        (date(2026, 12, 31), date(2026, 10, 1), date(2027, 1, 1)),
        (date(2026, 1, 1), date(2026, 1, 1), date(2026, 4, 1)),
        (date(2026, 9, 30), date(2026, 7, 1), date(2026, 10, 1)),
    ],
)
def test_quarters(day: date, since: date, until: date) -> None:
    assert quarter_of(day) == (since, until)
