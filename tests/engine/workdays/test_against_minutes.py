"""Two implementations that share no idea agree on thousands of terms from 2024 to 2027."""

from __future__ import annotations

from datetime import timedelta
from random import Random

import pytest

from doudi.engine.workdays import Due, Pause, Term, TimeUnit
from tests.engine.workdays.minutes import DAY, Minutes, minute_of, moment_of
from tests.engine.workdays.notices import CALENDAR, NOTICES

SLOW = Minutes(NOTICES)
EVE_OF_SPRING_FESTIVAL_2024, MAKE_UP_SUNDAY, LEAP_DAY = (d * DAY for d in (39, 34, 59))
"""Days since the first of January 2024: the ninth and the fourth of February, the 29th of February."""
YEAR_ENDS = [365 * DAY, 730 * DAY, 1095 * DAY]
LAST_START = 1400 * DAY


def some_start(chance: Random) -> int:
    """Any minute, or one close to where calendars go wrong: duty's edges, midnight, holidays, year ends."""
    near = chance.choice([None, EVE_OF_SPRING_FESTIVAL_2024, MAKE_UP_SUNDAY, LEAP_DAY, *YEAR_ENDS])
    day = chance.randrange(LAST_START // DAY) if near is None else near // DAY + chance.randint(-3, 2)
    edge = chance.choice([0, 9 * 60, 11 * 60 + 30, 13 * 60, 17 * 60, chance.randrange(DAY)])
    return max(0, day * DAY + edge + chance.choice([-1, 0, 0, 1]))


def some_pauses(chance: Random, start: int) -> list[tuple[int, int | None]]:
    pauses: list[tuple[int, int | None]] = []
    for _ in range(chance.choice([0, 0, 1, 2, 3])):
        since = start + chance.randint(-DAY, 6 * DAY)
        pauses.append((since, since + chance.choice([0, 1, 60, 7 * 60, DAY, 3 * DAY])))
    if chance.random() < 0.15:
        pauses.append((start + chance.randint(-DAY, 6 * DAY), None))
    return pauses


def as_pauses(pauses: list[tuple[int, int | None]]) -> list[Pause]:
    return [Pause(moment_of(since), None if until is None else moment_of(until)) for since, until in pauses]


def some_term(chance: Random, unit: TimeUnit) -> tuple[Term, int]:
    """A term and its amount as the slow calendar counts it."""
    if unit.counts_days:
        days = chance.choice([1, 1, 2, 3, 5, 7, 15, 20])
        return Term(days, unit), days
    if unit is TimeUnit.MINUTE:
        minutes = chance.choice([1, 10, 30, 240, 2000])
        return Term(minutes, unit), minutes
    half_hours = chance.choice([1, 2, 4, 8, 11, 12, 13, 24, 60])
    return Term.read(half_hours / 2, unit), half_hours * 30


@pytest.mark.parametrize("unit", TimeUnit)
def test_the_two_calendars_agree_on_every_due_moment(unit: TimeUnit) -> None:
    chance = Random(f"due {unit}")
    standing = 0
    for _ in range(1500):
        start = some_start(chance)
        pauses = some_pauses(chance, start)
        term, amount = some_term(chance, unit)
        due = CALENDAR.due(moment_of(start), term, as_pauses(pauses))
        slow = SLOW.due(start, amount, unit, pauses)
        assert (due and minute_of(due.at)) == slow, (moment_of(start), str(term), pauses)
        standing += due is None
    assert 20 < standing < 500


def test_the_two_calendars_agree_on_elapsed_and_remaining_duty_time() -> None:
    chance = Random("elapsed")
    for _ in range(600):
        start = some_start(chance)
        end = start + chance.randrange(12 * DAY)
        pauses = some_pauses(chance, start)
        ran = CALENDAR.elapsed(moment_of(start), moment_of(end), TimeUnit.WORKING_HOUR, as_pauses(pauses))
        assert ran == timedelta(minutes=SLOW.elapsed(start, end, pauses))
        left = SLOW.elapsed(start, end, [])
        assert CALENDAR.remaining(moment_of(start), moment_of(end), TimeUnit.WORKING_DAY) == left
        assert CALENDAR.remaining(moment_of(end), moment_of(start), TimeUnit.WORKING_HOUR) == -left


def test_the_two_calendars_agree_on_duty_at_every_hour_and_its_edges() -> None:
    for day in range(len(SLOW.works)):
        for minute in (0, 539, 540, 689, 690, 779, 780, 1019, 1020, 1439):
            at = day * DAY + minute
            assert CALENDAR.is_duty_time(moment_of(at)) == bool(SLOW.on_duty[at])


def test_a_term_is_provisional_exactly_when_it_is_decided_in_2027() -> None:
    chance = Random("provisional")
    seen = set()
    for _ in range(400):
        start = 1095 * DAY + chance.randint(-20 * DAY, 3 * DAY)
        term, _ = some_term(chance, TimeUnit.WORKING_DAY)
        due = CALENDAR.due(moment_of(start), term)
        first_day_counted = start // DAY + 1
        years = {2026 + (first_day_counted >= 1096), 2026 + (minute_of(due.at) >= 1096 * DAY)}
        assert due == Due(due.at, 2027 in years, tuple(sorted(years)))
        seen.add(due.years)
    assert seen == {(2026,), (2026, 2027), (2027,)}
