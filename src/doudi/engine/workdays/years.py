"""On which days the town works: each year's deviations from Monday-to-Friday, as a clerk copies them from the notice.

A year is *official* once the State Council's notice is entered, else *provisional*: its weekdays and the holidays
that the law itself fixes. One year in a document::

    2026:
      status: official
      source: 国务院办公厅关于2026年部分节假日安排的通知
      holidays: [2026-01-01..2026-01-03, …]     # days, or first..last with both included
      workdays: [2026-01-04, …]                 # 调休: weekend days on which the town works
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal, Self

from doudi.engine.errors import DoudiError

YearStatus = Literal["official", "provisional"]

_FIELDS = ("status", "source", "holidays", "workdays")
_ONE_DAY = timedelta(days=1)
_SATURDAY = 5
_LAW = "全国年节及纪念日放假办法（2024年修订）"
#: New Year, Labour Day, National Day; the days of the moon's calendar stand in the yearly notice
_FIXED = ((1, 1), (5, 1), (5, 2), (10, 1), (10, 2), (10, 3))


class CalendarError(DoudiError):
    """The calendar cannot be read, contradicts itself, or was asked about a year that is not entered."""


@dataclass(frozen=True, slots=True)
class YearPlan:
    """The days off, and the make-up days (调休) at weekends, of one year.

    `CalendarError` refuses a day of another year, a day that is both, and a make-up day that is a weekday anyway.
    """

    year: int
    status: YearStatus
    holidays: frozenset[date]
    extra_workdays: frozenset[date]
    source: str

    def __post_init__(self) -> None:
        for day in sorted(self.holidays | self.extra_workdays):
            if day.year != self.year:
                raise CalendarError("{day} 不在 {year} 年，请登记到它自己的年份下。", day=day, year=self.year)
            if day in self.holidays and day in self.extra_workdays:
                raise CalendarError("{day} 既登记为放假又登记为上班，请删去一处。", day=day)
            if day in self.extra_workdays and day.weekday() < _SATURDAY:
                raise CalendarError("{day} 本来就是工作日，不必登记为调休上班，请核对日期。", day=day)

    def is_workday(self, day: date) -> bool:
        """Whether the town's offices work on ``day``, which must be of this year."""
        return day in self.extra_workdays or (day.weekday() < _SATURDAY and day not in self.holidays)

    @classmethod
    def assumed(cls, year: int) -> Self:
        """A year of which nothing is entered yet: only the holidays whose dates the law itself fixes are free."""
        return cls(year, "provisional", frozenset(date(year, month, day) for month, day in _FIXED), frozenset(), _LAW)

    @classmethod
    def from_document(cls, year: int, entry: object) -> Self:
        """Read one year's mapping; `CalendarError` names the year, the field and the item at fault."""
        if not isinstance(entry, Mapping):
            raise CalendarError("{year} 年应写明 status、source、holidays 和 workdays。", year=year)
        if unknown := [field for field in entry if field not in _FIELDS]:
            raise CalendarError("{year} 年有不认识的字段“{field}”，请删去或改正。", year=year, field=unknown[0])
        status, source = entry.get("status"), entry.get("source")
        if status not in ("official", "provisional"):
            raise CalendarError("{year} 年的 status 应是 official（已公布）或 provisional（暂定）。", year=year)
        if not isinstance(source, str) or not source.strip():
            raise CalendarError("{year} 年缺少 source，请写明依据的通知或法规。", year=year)
        holidays, workdays = (frozenset(_days(year, field, entry.get(field))) for field in ("holidays", "workdays"))
        return cls(year, status, holidays, workdays, source)

    def to_document(self) -> dict[str, object]:
        """The mapping that `from_document` reads, neighbouring days written as ranges."""
        return {
            "status": self.status,
            "source": self.source,
            "holidays": _ranges(self.holidays),
            "workdays": _ranges(self.extra_workdays),
        }


def _days(year: int, field: str, items: object) -> Iterator[date]:
    if not isinstance(items, list):
        raise CalendarError("{year} 年的 {field} 应是日期列表，没有就写 []。", year=year, field=field)
    for number, item in enumerate(items, 1):
        first, last = _first_and_last(item)
        if first is None or last is None or last < first:
            raise CalendarError(
                "{year} 年 {field} 第 {number} 项“{item}”不是日期，请写成 2026-01-01 或 2026-01-01..2026-01-03。",
                year=year,
                field=field,
                number=number,
                item=item,
            )
        # Without this a slip in the year of a range would list days for thousands of years.
        if (first.year, last.year) != (year, year):
            raise CalendarError(
                "{year} 年 {field} 第 {number} 项“{item}”不在这一年，请登记到它自己的年份下。",
                year=year,
                field=field,
                number=number,
                item=item,
            )
        while first <= last:
            yield first
            first += _ONE_DAY


def _first_and_last(item: object) -> tuple[date | None, date | None]:
    """The ends of a range, of one day, or nothing for what is no date; YAML hands over plain days as dates."""
    if isinstance(item, date) and not isinstance(item, datetime):
        return item, item
    try:
        first, dots, last = str(item).partition("..")
        return date.fromisoformat(first.strip()), date.fromisoformat((last if dots else first).strip())
    except ValueError:
        return None, None


def _ranges(days: Iterable[date]) -> list[str]:
    runs: list[list[date]] = []
    for day in sorted(days):
        if runs and runs[-1][-1] + _ONE_DAY == day:
            runs[-1].append(day)
        else:
            runs.append([day])
    return [f"{run[0]}..{run[-1]}" if len(run) > 1 else f"{run[0]}" for run in runs]
