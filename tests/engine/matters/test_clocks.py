"""The clocks that begin with a matter."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from doudi.engine.kinds.catalogue import Filing, Lane, MatterKind, Verification
from doudi.engine.matters.clocks import (
    ClockPlan,
    finished_by,
    handling_clocks,
    nearest_due,
    support_clock,
    take_clock,
    upstream_clock,
)
from doudi.engine.workdays import Calendar, StagedLimit, Term, TimeUnit, YearPlan

YEARS = (
    YearPlan(2026, "official", frozenset(), frozenset(), "测试"),
    YearPlan(2027, "provisional", frozenset({date(2027, 1, 1)}), frozenset(), "通知未发布"),
)
CALENDAR = Calendar(YEARS)
#: A Tuesday, ten in the morning in the town.
TUESDAY = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)
UNKNOWN = Term(4, TimeUnit.WORKING_HOUR)


def kind(*limits: StagedLimit) -> MatterKind:
    return MatterKind(
        code="k",
        name="违法搭建",
        parent=None,
        words=("违建",),
        lane=Lane.NORMAL,
        verification=Verification.SECOND_PERSON,
        module="handle.general",
        filing=(Filing("有搭建", limits, "拆除"),),
        evidence=(),
        competent=None,
        emergency=None,
        source="测试",
        pickable=False,
        icon="",
        standard="",
    )


def test_staged_limits_run_side_by_side_from_the_same_moment() -> None:
    staged = kind(
        StagedLimit("停工", Term(4, TimeUnit.EMERGENCY_HOUR)), StagedLimit("拆除", Term(20, TimeUnit.WORKING_DAY))
    )
    stop, demolish = handling_clocks(staged, TUESDAY, CALENDAR, UNKNOWN)
    assert (stop.stage, stop.due_at) == ("停工", TUESDAY + timedelta(hours=4))
    assert demolish.started_at == TUESDAY
    assert demolish.due_at is not None and demolish.due_at > TUESDAY + timedelta(days=20)


def test_while_the_kind_is_not_clear_one_clock_says_how_long_it_may_stay_so() -> None:
    (unclear,) = handling_clocks(None, TUESDAY, CALENDAR, UNKNOWN)
    assert (unclear.stage, unclear.term) == ("研判", UNKNOWN)


def test_a_term_that_runs_into_a_provisional_year_says_so() -> None:
    (demolish,) = handling_clocks(kind(StagedLimit("拆除", Term(60, TimeUnit.WORKING_DAY))), TUESDAY, CALENDAR, UNKNOWN)
    (soon,) = handling_clocks(kind(StagedLimit("清理", Term(1, TimeUnit.WORKING_DAY))), TUESDAY, CALENDAR, UNKNOWN)
    assert (demolish.provisional, soon.provisional) == (True, False)


def test_danger_is_taken_within_minutes_day_and_night() -> None:
    terms = {Lane.LIFE: Term(10, TimeUnit.MINUTE), Lane.URGENT: Term(30, TimeUnit.MINUTE), Lane.NORMAL: UNKNOWN}
    night = TUESDAY + timedelta(hours=14)
    assert take_clock(Lane.LIFE, night, CALENDAR, terms).due_at == night + timedelta(minutes=10)
    quiet = take_clock(Lane.NORMAL, night, CALENDAR, terms).due_at
    assert quiet is not None and quiet > night + timedelta(hours=9)


def test_the_upstreams_moment_is_kept_as_it_was_given() -> None:
    given = upstream_clock(TUESDAY, TUESDAY + timedelta(days=3))
    assert (given.given, given.term, given.due_at) == (True, None, TUESDAY + timedelta(days=3))


def test_the_nearest_due_moment_passes_over_clocks_that_stand_still() -> None:
    assert nearest_due([None, TUESDAY + timedelta(days=1), TUESDAY]) == TUESDAY
    assert nearest_due([None]) is None


def test_a_helper_is_due_before_the_holder_by_the_margin() -> None:
    margin, term = Term(4, TimeUnit.WORKING_HOUR), Term(2, TimeUnit.WORKING_DAY)
    week = CALENDAR.due(TUESDAY, Term(5, TimeUnit.WORKING_DAY)).at
    day = CALENDAR.due(TUESDAY, Term(1, TimeUnit.WORKING_DAY)).at
    free = support_clock("p", term, TUESDAY, CALENDAR, ahead_of=week, margin=margin)
    assert free is not None and (free.term, free.due_at) == (term, CALENDAR.due(TUESDAY, term).at)
    pressed = support_clock("p", term, TUESDAY, CALENDAR, ahead_of=day, margin=margin)
    assert pressed is not None and pressed.due_at is not None and pressed.term is None
    assert CALENDAR.due(pressed.due_at, margin).at == day
    short = support_clock("p", term, TUESDAY, CALENDAR, ahead_of=TUESDAY + timedelta(hours=1), margin=margin)
    assert short is not None and short.due_at == TUESDAY + timedelta(minutes=30)


def test_without_margin_or_when_the_holder_is_late_the_helper_has_its_own_term() -> None:
    term = Term(2, TimeUnit.WORKING_DAY)
    own = CALENDAR.due(TUESDAY, term).at
    for ahead_of, margin in ((TUESDAY + timedelta(hours=1), None), (None, term), (TUESDAY, term)):
        found = support_clock("p", term, TUESDAY, CALENDAR, ahead_of=ahead_of, margin=margin)
        assert found is not None and found.due_at == own
    assert support_clock("p", None, TUESDAY, CALENDAR, ahead_of=None, margin=None) is None


def test_the_holder_is_done_by_the_last_limit_or_by_what_was_given_from_above() -> None:
    limits = [
        ClockPlan("handle", name, None, TUESDAY, TUESDAY + timedelta(hours=n), False)
        for name, n in (("a", 2), ("b", 36))
    ]
    take = ClockPlan("take", "", None, TUESDAY, TUESDAY + timedelta(hours=99), False)
    assert finished_by([*limits, take]) == TUESDAY + timedelta(hours=36)
    assert finished_by([*limits, upstream_clock(TUESDAY, TUESDAY + timedelta(hours=9))]) == TUESDAY + timedelta(hours=9)
    assert finished_by([take]) is None
