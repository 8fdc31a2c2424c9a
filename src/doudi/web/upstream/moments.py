"""Read the days and moments that offices write, a dozen ways, on the town's clock (Asia/Shanghai).

What can be read in two ways (03/04/2026) is refused, never guessed.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import UTC, date, datetime, time, timedelta

from doudi.engine.errors import DoudiError
from doudi.web.clock import TOWN_ZONE
from doudi.web.upstream.sheets.lines import Cell, text_of

_TIME = (
    r"(?:\s*[T,，]?\s*(?:星期.|周.)?\s*(?P<half>上午|下午|凌晨|早上|中午|傍晚|晚上|am|pm)?\s*"
    r"(?P<hour>\d{1,2})\s*(?:[:：]|时|点)\s*(?:(?P<minute>\d{1,2})\s*分?)?(?:\s*[:：]?\s*(?P<second>\d{1,2})(?:\.\d+)?\s*秒?)?"
    r"\s*(?P<after>am|pm)?\s*(?P<zone>z|[+-]\d{2}:?\d{2})?)?"
)
_FORMS = tuple(
    re.compile(day + _TIME, re.IGNORECASE)
    for day in (
        r"(?P<year>\d{4})\s*(?P<sign>[-/.])\s*(?P<month>\d{1,2})\s*(?P=sign)\s*(?P<day>\d{1,2})(?!\d)",
        r"(?P<year>\d{4})\s*年\s*(?P<month>\d{1,2})\s*月\s*(?P<day>\d{1,2})\s*[日号]",
        r"(?P<year>\d{4})(?P<month>\d{2})(?P<day>\d{2})(?!\d)",
        r"(?P<first>\d{1,2})/(?P<next>\d{1,2})/(?P<year>\d{4})",
    )
)
_DIGITS = re.compile(r"(?P<year>\d{4})(?P<month>\d{2})(?P<day>\d{2})(?P<hour>\d{2})(?P<minute>\d{2})(?P<second>\d{2})?")
_SERIAL = re.compile(r"\d{5}(\.\d+)?")
#: day 0 of a workbook's calendar, as it counts from March 1900 on
_SERIAL_ORIGIN = datetime(1899, 12, 30)
_YEARS = range(1990, 2101)
_LAST_SECOND = time(23, 59, 59)


class MomentError(DoudiError):
    """A text is no day or moment, or more than one."""


def read_moment(cell: Cell) -> datetime:
    """The moment that a cell tells, aware, in UTC; a bare day is its first second in the town.

    Raises `MomentError`.
    """
    return _aware(cell, time())


def read_due(cell: Cell) -> datetime:
    """As `read_moment`, but who gives a bare day as a limit gives the whole day: its last second."""
    return _aware(cell, _LAST_SECOND)


def _aware(cell: Cell, bare: time) -> datetime:
    found = _read(cell)
    moment = datetime.combine(found, bare) if not isinstance(found, datetime) else found
    if moment.year not in _YEARS:
        raise MomentError("日期“{text}”的年份不对。请写成 2026-11-24 09:30。", text=text_of(cell))
    return (moment if moment.tzinfo else moment.replace(tzinfo=TOWN_ZONE)).astimezone(UTC)


def _read(cell: Cell) -> datetime | date:
    match cell:
        case datetime() | date():
            return cell
        case int() | float() if 20_000 <= cell < 80_000:
            return _from_serial(float(cell))
    text = unicodedata.normalize("NFKC", text_of(cell)).strip()
    if match := _DIGITS.fullmatch(text):
        return _moment(cell, match.groupdict())
    if _SERIAL.fullmatch(text) and 20_000 <= float(text) < 80_000:
        return _from_serial(float(text))
    for form in _FORMS:
        if match := form.fullmatch(text):
            return _moment(cell, match.groupdict())
    raise MomentError("看不懂日期“{text}”。请写成 2026-11-24 09:30。", text=text_of(cell))


def _from_serial(days: float) -> datetime | date:
    moment = _SERIAL_ORIGIN + timedelta(seconds=round(days * 86_400))
    return moment if days % 1 else moment.date()


def _moment(cell: Cell, parts: dict[str, str | None]) -> datetime | date:
    year = int(parts["year"] or 0)
    month, day = _month_and_day(cell, parts)
    try:
        if parts.get("hour") is None:
            return date(year, month, day)
        hour = _hour(int(parts["hour"] or 0), parts.get("half") or parts.get("after") or "")
        minute, second = int(parts["minute"] or 0), int(parts["second"] or 0)
        # 24:00 is how a limit names the end of a day.
        midnight = (hour, minute, second) == (24, 0, 0)
        found = datetime(year, month, day, 0 if midnight else hour, minute, second) + timedelta(days=midnight)
    except ValueError as error:
        raise MomentError("日期“{text}”不存在。请改正后重试。", text=text_of(cell)) from error
    zone = parts.get("zone")
    return datetime.fromisoformat(f"{found.isoformat()}{zone.upper()}") if zone else found


def _month_and_day(cell: Cell, parts: dict[str, str | None]) -> tuple[int, int]:
    if parts.get("first") is None:
        return int(parts["month"] or 0), int(parts["day"] or 0)
    first, second = int(parts["first"] or 0), int(parts["next"] or 0)
    if first <= 12 and second <= 12 and first != second:
        raise MomentError("日期“{text}”分不清月和日。请写成 2026-11-24 09:30。", text=text_of(cell))
    return (second, first) if first > 12 else (first, second)


def _hour(hour: int, half: str) -> int:
    afternoon = half.lower() in ("下午", "傍晚", "晚上", "pm") or (half == "中午" and hour < 3)
    if afternoon and hour < 12:
        return hour + 12
    return 0 if half.lower() in ("上午", "凌晨", "am") and hour == 12 else hour
