"""A second calendar, slow and plain: every minute of 2024 to 2027 is a cell that is on duty or not.

It reads the notices by itself, knows no spans and no time zones (moments are minutes of local time since the first
of January 2024) and walks minute by minute, so that it shares no idea with the calendar that it checks.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

BEGIN = datetime(2024, 1, 1)
DAY = 24 * 60
SHANGHAI = timedelta(hours=8)


def minute_of(at: datetime) -> int:
    return int((at.astimezone(UTC).replace(tzinfo=None) + SHANGHAI - BEGIN) / timedelta(minutes=1))


def moment_of(minute: int) -> datetime:
    return (BEGIN + timedelta(minutes=minute) - SHANGHAI).replace(tzinfo=UTC)


class Minutes:
    """``pauses`` are pairs of minutes, the second one left out of the pause, or None when it never ends."""

    def __init__(self, notices: dict[str, Any]) -> None:
        free, made_up = set[str](), set[str]()
        for year in notices["years"].values():
            free |= {day for item in year["holidays"] for day in spelled_out(item)}
            made_up |= {day for item in year["workdays"] for day in spelled_out(item)}
        self.works: list[bool] = []
        day = date(2024, 1, 1)
        while day.year < 2028:
            name = str(day)
            self.works.append(name in made_up or (name not in free and day.strftime("%a") not in ("Sat", "Sun")))
            day += timedelta(days=1)
        self.on_duty = bytearray(DAY * len(self.works))
        clocks = [f"{minute // 60:02d}:{minute % 60:02d}" for minute in range(DAY)]
        worked = bytes(any(since <= clock < until for since, until in notices["duty_hours"]) for clock in clocks)
        for number, works in enumerate(self.works):
            if works:
                self.on_duty[number * DAY : (number + 1) * DAY] = worked
        self.closing = max(int(until[:2]) * 60 + int(until[3:]) for _, until in notices["duty_hours"])

    def due(self, start: int, amount: int, unit: str, pauses: list[tuple[int, int | None]]) -> int | None:
        """The minute at which the term ends; ``amount`` in minutes, or in days for the two units of days."""
        if unit in ("working_day", "calendar_day"):
            return self._nth_day_end(start, amount, unit, pauses)
        never = min((since for since, until in pauses if until is None), default=len(self.on_duty))
        minute = start
        while amount:
            if minute >= never:
                return None
            if (unit != "working_hour" or self.on_duty[minute]) and not paused(minute, pauses):
                amount -= 1
            minute += 1
        return minute

    def _nth_day_end(self, start: int, amount: int, unit: str, pauses: list[tuple[int, int | None]]) -> int | None:
        first = start // DAY + 1
        if unit == "working_day":
            ends = [day * DAY + self.closing for day in range(first, len(self.works)) if self.works[day]]
        else:
            ends = [(day + 1) * DAY for day in range(first, len(self.works))]
        counted = [end for end in ends if not paused(end, pauses)]
        return counted[amount - 1] if len(counted) >= amount else None

    def elapsed(self, start: int, end: int, pauses: list[tuple[int, int | None]]) -> int:
        """How many duty minutes lie between."""
        return sum(self.on_duty[minute] and not paused(minute, pauses) for minute in range(start, end))


def paused(minute: int, pauses: list[tuple[int, int | None]]) -> bool:
    return any(since <= minute and (until is None or minute < until) for since, until in pauses)


def spelled_out(item: str) -> list[str]:
    first, last = date.fromisoformat(item[:10]), date.fromisoformat(item[-10:])
    return [str(first + timedelta(days=n)) for n in range((last - first).days + 1)]
