"""The clocks that begin with a matter."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from doudi.engine.kinds.catalogue import Filing, Lane, MatterKind, Verification
from doudi.engine.matters.clocks import handling_clocks, nearest_due, take_clock, upstream_clock
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
        code="k", name="违法搭建", parent=None, words=("违建",), lane=Lane.NORMAL, verification=Verification.SECOND_PERSON,
        module="handle.general", filing=(Filing("有搭建", limits, "拆除"),), evidence=(), competent=None, emergency=None, source="测试",
        pickable=False, icon="", standard="",
    )


def test_staged_limits_run_side_by_side_from_the_same_moment() -> None:
    staged = kind(StagedLimit("停工", Term(4, TimeUnit.EMERGENCY_HOUR)), StagedLimit("拆除", Term(20, TimeUnit.WORKING_DAY)))
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
