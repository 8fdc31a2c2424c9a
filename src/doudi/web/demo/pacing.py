"""At which hours things happen in a town: work by day, on working days, and in time unless somebody is late."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from random import Random

from doudi.engine.workdays import Calendar
from doudi.web import clock

_OPENS, _SHUTS = time(7, 30), time(19, 30)


class Pace:
    """Draws moments after a given one. All moments aware."""

    def __init__(self, calendar: Calendar, chance: Random) -> None:
        self._calendar = calendar
        self._chance = chance

    def within(self, since: datetime, due_at: datetime, share: float) -> datetime:
        """After ``share`` of the time between the two; above 1 is late."""
        return since + max(due_at - since, timedelta(minutes=4)) * share

    def at_work(self, since: datetime, due_at: datetime, share: float) -> datetime:
        """The same, but in daylight of a working day where that is still in time."""
        at = self.within(since, due_at, share)
        if self._awake(at):
            return at
        daylight = self._next_daylight(at)
        return daylight if daylight < due_at or share > 1 else at

    def between(self, since: datetime, until: datetime) -> datetime:
        """Some moment between the two, by day on a working day where there is one."""
        drawn = [since + (until - since) * self._chance.uniform(0.05, 0.95) for _ in range(6)]
        return next((at for at in drawn if self._awake(at)), drawn[0])

    def soon(self, since: datetime, least_hours: float, most_hours: float) -> datetime:
        """Some hours later, by day."""
        at = since + timedelta(hours=self._chance.uniform(least_hours, most_hours))
        local = at.astimezone(clock.TOWN_ZONE)
        return at if _OPENS <= local.time() <= _SHUTS else self._morning(local)

    def _awake(self, at: datetime) -> bool:
        local = at.astimezone(clock.TOWN_ZONE)
        return _OPENS <= local.time() <= _SHUTS and self._calendar.is_workday(local.date())

    def _next_daylight(self, at: datetime) -> datetime:
        local = at.astimezone(clock.TOWN_ZONE)
        morning = self._morning(local)
        while not self._calendar.is_workday(morning.astimezone(clock.TOWN_ZONE).date()):
            morning += timedelta(days=1)
        return morning

    def _morning(self, local: datetime) -> datetime:
        day = local.date() if local.time() < _OPENS else local.date() + timedelta(days=1)
        return datetime.combine(day, time(8, 0), clock.TOWN_ZONE) + timedelta(minutes=self._chance.uniform(0, 150))
