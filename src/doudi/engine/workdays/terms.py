"""How long something may take, in the units in which towns promise it.

An amount is exact: whole days for the day units, whole minutes for the others (half a working hour is 0.5).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal, InvalidOperation
from enum import StrEnum

from doudi.engine.errors import DoudiError
from doudi.engine.messages import Message


class TermError(DoudiError):
    """A term cannot be read, or its amount does not fit its unit."""


class TimeUnit(StrEnum):
    """The units of CJ/T 315 (紧急工作时, 工作时, 工作日), the plain day, and the minute for danger."""

    MINUTE = "minute"
    EMERGENCY_HOUR = "emergency_hour"
    WORKING_HOUR = "working_hour"
    WORKING_DAY = "working_day"
    CALENDAR_DAY = "calendar_day"

    @property
    def label(self) -> str:
        """The unit as people say it, in Chinese."""
        return _TEMPLATES[self].removeprefix("{amount} ")

    @property
    def counts_days(self) -> bool:
        """Whether a term in this unit ends with a day; the others end with a minute."""
        return self in (TimeUnit.WORKING_DAY, TimeUnit.CALENDAR_DAY)

    @property
    def needs_calendar(self) -> bool:
        """Whether holidays and duty hours move it; the others run day and night."""
        return self in (TimeUnit.WORKING_HOUR, TimeUnit.WORKING_DAY)


_TEMPLATES = {
    TimeUnit.MINUTE: "{amount} 分钟",
    TimeUnit.EMERGENCY_HOUR: "{amount} 紧急工作时",
    TimeUnit.WORKING_HOUR: "{amount} 工作时",
    TimeUnit.WORKING_DAY: "{amount} 工作日",
    TimeUnit.CALENDAR_DAY: "{amount} 自然日",
}
_UNITS_BY_WORD = {unit.label: unit for unit in TimeUnit} | {unit.value: unit for unit in TimeUnit}
_WRITTEN = re.compile(r"\s*([0-9]+(?:\.[0-9]+)?)\s*个?\s*(\w+)\s*")


@dataclass(frozen=True, slots=True)
class Term:
    """``amount`` of ``unit``: ``Term(4, TimeUnit.WORKING_HOUR)`` is four working hours.

    `TermError` refuses an amount that is not above zero, parts of a day, and parts of a minute.
    """

    amount: int | Decimal
    unit: TimeUnit

    def __post_init__(self) -> None:
        if isinstance(self.amount, bool) or not isinstance(self.amount, int | Decimal):
            raise TermError("时限“{amount}”应写成整数或小数。", amount=self.amount)
        if not Decimal(self.amount).is_finite() or self.amount <= 0:
            raise TermError("时限“{amount}”应大于零。", amount=self.amount)
        if self.unit.counts_days and self.amount % 1:
            raise TermError(
                "“{amount} {unit}”不是整天，不足一天的请改用工作时。", amount=self.amount, unit=self.unit.label
            )
        if self._minutes % 1:
            raise TermError("“{amount} {unit}”不是整分钟，请改用分钟。", amount=self.amount, unit=self.unit.label)

    def __str__(self) -> str:
        return str(self.in_words())

    def in_words(self) -> Message:
        """The term as a sentence that can be translated: ``4 工作时``, however many zeros its amount carries behind the point."""
        return Message(_TEMPLATES[self.unit], {"amount": f"{Decimal(self.amount).normalize():f}"})

    @property
    def days(self) -> int:
        """How many days, for a unit that counts days."""
        return int(self.amount)

    @property
    def length(self) -> timedelta:
        """How much running time, for a unit that does not count days."""
        return timedelta(minutes=int(self._minutes))

    @property
    def _minutes(self) -> int | Decimal:
        return self.amount if self.unit is TimeUnit.MINUTE else self.amount * 60

    @classmethod
    def parse(cls, text: str) -> Term:
        """Read ``"4 工作时"``, ``"3个工作日"`` or ``"4 working_hour"``; anything else raises `TermError`."""
        found = _WRITTEN.fullmatch(text)
        if found is None:
            raise TermError("看不懂时限“{text}”，请写成“4 工作时”或“3 工作日”这样。", text=text)
        return cls.read(found[1], found[2])

    @classmethod
    def read(cls, amount: object, unit: object) -> Term:
        """Read the two fields of a document: an integer, decimal, float as written, or text; a unit's code or label."""
        known = _UNITS_BY_WORD.get(str(unit))
        if known is None:
            raise TermError(
                "没有时间单位“{unit}”，可用的有：{units}。", unit=unit, units="、".join(each.label for each in TimeUnit)
            )
        try:
            exact = amount if isinstance(amount, bool | int) else Decimal(str(amount))
        except InvalidOperation:
            raise TermError("时限“{amount}”应写成整数或小数。", amount=amount) from None
        return cls(exact, known)


@dataclass(frozen=True, slots=True)
class Pause:
    """The clock stands still from ``since`` until just before ``until``; without ``until`` it still does."""

    since: datetime
    until: datetime | None = None

    def __post_init__(self) -> None:
        if self.since.tzinfo is None or (self.until is not None and self.until.tzinfo is None):
            raise TermError("停表的起止时刻缺少时区，请用带时区的时刻。")
        if self.until is not None and self.until < self.since:
            raise TermError("停表的结束 {until} 早于开始 {since}，请改正。", since=self.since, until=self.until)


@dataclass(frozen=True, slots=True)
class StagedLimit:
    """One stage of a handling and its term: 停工 4 工作时, 拆除 20 工作日. All stages count from the same start."""

    name: str
    term: Term
