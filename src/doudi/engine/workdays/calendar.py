"""Until when: the moment at which a promised term ends, on the town's own calendar.

How each unit runs:

- *minute*, *emergency hour*: day and night, holidays too.
- *working hour*: only inside the duty hours of working days. What starts outside them begins to run when duty
  next begins. It ends at the first moment at which enough time has run: at 11:30 rather than at 13:00.
- *working day*: it ends when duty ends on the Nth working day **after** the day of the start. The day of the start
  never counts, whether it started at dawn, after duty or on a holiday.
- *calendar day*: it ends at the midnight that closes the Nth day after the day of the start.

A pause stops the clock. For hours and minutes the paused time is not counted. For days, a day is not counted when
it ends (duty's end, or midnight) inside a pause: a pause from Tuesday noon to Wednesday noon gives one day.

Moments are aware and results are in UTC; days and hours are those of the calendar's time zone.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from typing import Any, Self, overload
from zoneinfo import ZoneInfo

from doudi.engine.workdays.terms import Pause, StagedLimit, Term, TimeUnit
from doudi.engine.workdays.years import CalendarError, YearPlan

DutyPeriod = tuple[time, time]
Span = tuple[datetime, datetime]

DUTY_HOURS: tuple[DutyPeriod, ...] = ((time(9), time(11, 30)), (time(13), time(17)))
_ONE_DAY, _ONE_MINUTE = timedelta(days=1), timedelta(minutes=1)
_NEVER = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Due:
    """A term ends ``at`` this moment (UTC).

    ``years`` are those whose plans decided it; it is provisional while one of them is.
    """

    at: datetime
    provisional: bool = False
    years: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class StageDue:
    """When one stage of a handling is due; ``None`` while an open pause keeps it from ending."""

    limit: StagedLimit
    due: Due | None


@dataclass(frozen=True, slots=True)
class Calendar:
    """The years entered so far and the daily duty hours, in a time zone given by its IANA name.

    `CalendarError` refuses a year entered twice and duty hours that are empty, turned round or overlapping.
    """

    years: tuple[YearPlan, ...]
    duty_hours: tuple[DutyPeriod, ...] = DUTY_HOURS
    zone: str = "Asia/Shanghai"
    _plans: Mapping[int, YearPlan] = field(init=False, repr=False, compare=False)
    _zone: ZoneInfo = field(init=False, repr=False, compare=False)
    #: what was worked out already: nothing but the day of the start and the term decides where days are counted
    _ends: dict[tuple[date, Term], Due | None] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        plans = {plan.year: plan for plan in self.years}
        if len(plans) < len(self.years):
            raise CalendarError("放假安排里同一年登记了两次，请合并成一条。")
        hours = [at for period in self.duty_hours for at in period]
        if not hours or any(later <= earlier for earlier, later in pairwise(hours)):
            raise CalendarError("作息时间应从早到晚、互不重叠，例如 09:00 到 11:30、13:00 到 17:00。")
        if any(at != time(at.hour, at.minute) for at in hours):
            raise CalendarError("作息时间应精确到分钟、不带时区，例如 09:00。")
        try:
            zone = ZoneInfo(self.zone)
        except (KeyError, ValueError):
            raise CalendarError("没有时区“{zone}”，请改用“Asia/Shanghai”这样的名称。", zone=self.zone) from None
        object.__setattr__(self, "_plans", plans)
        object.__setattr__(self, "_zone", zone)
        object.__setattr__(self, "_ends", {})

    @classmethod
    def from_document(cls, document: object) -> Self:
        """Read ``{years: {2026: …}, duty_hours: [["09:00", "11:30"], …], zone: …}``, the last two optional.

        A year is written as in `doudi.engine.workdays.years`. `CalendarError` names the place at fault.
        """
        if not isinstance(document, Mapping) or not isinstance(document.get("years"), Mapping):
            raise CalendarError("日历应写明 years，其下每年一条。")
        if unknown := [key for key in document if key not in ("years", "duty_hours", "zone")]:
            raise CalendarError("日历有不认识的字段“{field}”，请删去或改正。", field=unknown[0])
        years = tuple(
            YearPlan.from_document(_year(written), entry)
            for written, entry in sorted(document["years"].items(), key=lambda item: str(item[0]))
        )
        hours = _read_duty_hours(document["duty_hours"]) if "duty_hours" in document else DUTY_HOURS
        return cls(years, hours, str(document.get("zone", "Asia/Shanghai")))

    def to_document(self) -> dict[str, object]:
        """The plain mapping that `from_document` reads back to an equal calendar."""
        return {
            "zone": self.zone,
            "duty_hours": [[f"{since:%H:%M}", f"{until:%H:%M}"] for since, until in self.duty_hours],
            "years": {plan.year: plan.to_document() for plan in self.years},
        }

    def completed_by(self, other: Calendar) -> Calendar:
        """This calendar with the official plans of ``other`` for the years that it only assumes or does not know."""
        since = min(self._plans, default=0)
        official = {plan.year: plan for plan in other.years if plan.status == "official" and plan.year >= since}
        kept = {plan.year: plan for plan in self.years if plan.status == "official"}
        plans = {**self._plans, **official, **kept}
        return self if plans == self._plans else Calendar(tuple(plans.values()), self.duty_hours, self.zone)

    def is_workday(self, day: date) -> bool:
        """Whether the town's offices work on ``day``; `CalendarError` for a year before those entered, or between them."""
        return self._plan(day.year).is_workday(day)

    def reaches(self, day: date) -> bool:
        """Whether somebody entered the year of ``day``; where not, its working days are only assumed."""
        return day.year in self._plans

    def is_duty_time(self, at: datetime) -> bool:
        """Whether duty is on at this moment; the moment at which a period ends is off duty."""
        local = self._local(at)
        return any(since <= local.time() < until for since, until in self.duty_hours) and self.is_workday(local.date())

    def day_of(self, at: datetime) -> date:
        """The day in the town at this moment."""
        return self._local(at).date()

    @overload
    def due(self, start: datetime, term: Term) -> Due: ...

    @overload
    def due(self, start: datetime, term: Term, pauses: Sequence[Pause]) -> Due | None: ...

    def due(self, start: datetime, term: Term, pauses: Sequence[Pause] = ()) -> Due | None:
        """When ``term`` ends if it starts at ``start``; ``None`` while an open pause keeps it from ending.

        A working term that runs past the last year entered is provisional: a report is not refused because a notice
        is late. Raises `CalendarError` for a year before those entered.
        """
        if term.unit.counts_days and not pauses:
            key = self.day_of(start), term
            if key not in self._ends:
                self._ends[key] = self._due(start, term, ())
            return self._ends[key]
        return self._due(start, term, pauses)

    def _due(self, start: datetime, term: Term, pauses: Sequence[Pause]) -> Due | None:
        at = self._day_end(start, term, pauses) if term.unit.counts_days else self._run_out(start, term, pauses)
        if at is None:
            return None
        if not term.unit.needs_calendar:
            return Due(at)
        first = self.day_of(start) + (_ONE_DAY if term.unit.counts_days else timedelta())
        years = tuple(range(first.year, self.day_of(at).year + 1))
        return Due(at, any(self._plan(year).status == "provisional" for year in years), years)

    def start_by(self, since: datetime, due_at: datetime, term: Term) -> datetime | None:
        """The last moment from which ``term`` is over by ``due_at``; ``None`` when that is not after ``since``."""
        if term.unit.counts_days:
            day = self.day_of(due_at)
            while (at := self._moment(day, self.duty_hours[-1][1])) > since:
                if self.due(at, term).at <= due_at:
                    return at
                day -= _ONE_DAY
            return None
        left = self.elapsed(since, due_at, term.unit) - term.length
        return self._after(since, left, term.unit, ()) if left > timedelta() else None

    def elapsed(self, start: datetime, end: datetime, unit: TimeUnit, pauses: Sequence[Pause] = ()) -> timedelta:
        """How long the clock ran from ``start`` to ``end``: zero when ``end`` is not later.

        Duty time for working hours and working days, plain time for the other units.
        """
        return sum((until - since for since, until in self._running(start, end, unit, pauses)), timedelta())

    def remaining(self, now: datetime, due_at: datetime, unit: TimeUnit) -> int:
        """Whole minutes left until ``due_at``, negative when late; duty minutes for working hours and working days."""
        left = self.elapsed(now, due_at, unit) if now <= due_at else -self.elapsed(due_at, now, unit)
        return left // _ONE_MINUTE

    def days_left(self, now: datetime, due_at: datetime, unit: TimeUnit) -> int:
        """Whole days left as a term counts them: today does not count, the day on which it ends does; 0 on that day."""
        day, last, left = self.day_of(now), self.day_of(due_at - timedelta.resolution), 0
        while day < last:
            day += _ONE_DAY
            left += unit is not TimeUnit.WORKING_DAY or self.is_workday(day)
        return left

    def _plan(self, year: int) -> YearPlan:
        plan = self._plans.get(year)
        if plan is None and self._plans and year > max(self._plans):
            plan = YearPlan.assumed(year)
        if plan is None:
            raise CalendarError("{year} 年的放假安排还没有登记，请先录入国务院办公厅的放假通知。", year=year)
        return plan

    def _day_end(self, start: datetime, term: Term, pauses: Sequence[Pause]) -> datetime | None:
        """The end of the Nth day after the day of the start that counts and does not end inside a pause."""
        stops, halted_at = _stops(pauses)
        counted, day = 0, self.day_of(start)
        while counted < term.days:
            day += _ONE_DAY
            if term.unit is TimeUnit.WORKING_DAY:
                if not self.is_workday(day):
                    continue
                end = self._moment(day, self.duty_hours[-1][1])
            else:
                end = self._moment(day + _ONE_DAY, time())
            if end >= halted_at:
                return None
            counted += not any(since <= end < until for since, until in stops)
        return end

    def _run_out(self, start: datetime, term: Term, pauses: Sequence[Pause]) -> datetime | None:
        """The first moment at which the clock has run for the whole length of the term."""
        return self._after(start, term.length, term.unit, pauses)

    def _after(self, start: datetime, left: timedelta, unit: TimeUnit, pauses: Sequence[Pause]) -> datetime | None:
        for since, until in self._running(start, _NEVER, unit, pauses):
            if until - since >= left:
                return since + left
            left -= until - since
        return None

    def _running(self, start: datetime, end: datetime, unit: TimeUnit, pauses: Sequence[Pause]) -> Iterator[Span]:
        """The spans between ``start`` and ``end``, in order, in which a clock of this unit runs."""
        stops, halted_at = _stops(pauses)
        start, end = _utc(start), min(_utc(end), halted_at)
        for span in self._duty(start, end) if unit.needs_calendar else [(start, end)]:
            yield from _outside(stops, *span)

    def _duty(self, start: datetime, end: datetime) -> Iterator[Span]:
        """The duty periods between ``start`` and ``end``, in order, the first and the last one clipped."""
        day = self.day_of(start)
        while self._moment(day, time()) < end:
            if self.is_workday(day):
                for opens, closes in self.duty_hours:
                    yield max(self._moment(day, opens), start), min(self._moment(day, closes), end)
            day += _ONE_DAY

    def _local(self, at: datetime) -> datetime:
        return _utc(at).astimezone(self._zone)

    def _moment(self, day: date, at: time) -> datetime:
        return datetime.combine(day, at, tzinfo=self._zone).astimezone(UTC)


def stage_dues(
    start: datetime, limits: Iterable[StagedLimit], calendar: Calendar, pauses: Sequence[Pause] = ()
) -> tuple[StageDue, ...]:
    """When each stage is due, in the order given. All stages count from the same ``start``."""
    return tuple(StageDue(limit, calendar.due(start, limit.term, pauses)) for limit in limits)


def _stops(pauses: Iterable[Pause]) -> tuple[list[Span], datetime]:
    """The pauses in order of their beginning, and the moment from which an open one never ends."""
    stops = sorted((_utc(each.since), _NEVER if each.until is None else _utc(each.until)) for each in pauses)
    return stops, min((since for since, until in stops if until == _NEVER), default=_NEVER)


def _outside(stops: Iterable[Span], since: datetime, until: datetime) -> Iterator[Span]:
    """What is left of one span when the stops, in order of their beginning, are cut out of it."""
    for stop_since, stop_until in stops:
        if since < stop_since < until:
            yield since, stop_since
        if stop_since < until:
            since = max(since, stop_until)
    if since < until:
        yield since, until


def _utc(at: datetime) -> datetime:
    if at.tzinfo is None:
        raise CalendarError("时刻 {at} 缺少时区，请用带时区的时刻。", at=at)
    return at.astimezone(UTC)


def _year(written: object) -> int:
    if isinstance(written, bool) or not str(written).isdecimal():
        raise CalendarError("“{year}”不是年份，请写成 2026 这样。", year=written)
    return int(str(written))


def _read_duty_hours(written: Any) -> tuple[DutyPeriod, ...]:
    try:
        return tuple((_read_time(since), _read_time(until)) for since, until in written)
    except (TypeError, ValueError):
        raise CalendarError('作息时间“{hours}”看不懂，请写成 [["09:00", "11:30"], …]。', hours=written) from None


def _read_time(written: object) -> time:
    """A time as text, or as the number of minutes that YAML makes of an unquoted 13:00."""
    if isinstance(written, int):
        return time(written // 60, written % 60)
    return time.fromisoformat(str(written))
