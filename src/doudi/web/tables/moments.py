"""Read the days and moments that offices write, a dozen ways, on the town's clock (Asia/Shanghai).

What can be read in two ways (03/04/2026) is refused, never guessed.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta

from doudi.engine.errors import DoudiError
from doudi.web.clock import TOWN_ZONE
from doudi.web.tables.cells import Cell, is_nothing, text_of, unwrapped

_CLOCK = (
    r"(?P<half>上午|下午|凌晨|清晨|早上|早晨|中午|傍晚|晚上|夜里|晚|am|pm)?\s*"
    r"(?P<hour>\d{1,2})\s*(?:[:：]|时|点)\s*"
    r"(?:(?P<minute>\d{1,2})\s*分?|(?P<part>半|整|钟|[一三]刻))?"
    r"(?:\s*[:：]?\s*(?P<second>\d{1,2})(?:\.\d+)?\s*秒?)?"
    r"\s*(?P<after>am|pm)?\s*(?P<zone>z|[+-]\d{2}:?\d{2})?\s*(?:左右|许|前|之前|以前)?"
)
_TIME = (
    rf"(?:\s*[T,，]?\s*(?:\(?(?:星期|周)[一二三四五六日天]\)?)?\s*{_CLOCK})?(?:\s*\(?(?:星期|周)[一二三四五六日天]\)?)?"
)
_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()
_MONTH = rf"(?P<named>{'|'.join(_MONTHS)})[a-z]*\.?"
_DAYS = (
    r"(?P<year>\d{4})\s*(?P<sign>[-/.])\s*(?P<month>\d{1,2})\s*(?P=sign)\s*(?P<day>\d{1,2})(?!\d)",
    r"(?P<year>\d{4}|\d{2})\s*年\s*(?P<month>\d{1,2})\s*月\s*(?P<day>\d{1,2})\s*(?:[日号]|(?!\d))",
    r"(?P<year>\d{4})(?P<month>\d{2})(?P<day>\d{2})(?!\d)",
    r"(?P<first>\d{1,2})/(?P<next>\d{1,2})/(?P<year>\d{4})",
    rf"(?P<day>\d{{1,2}})[-\s]{_MONTH}[-\s](?P<year>\d{{4}})",
    rf"{_MONTH}\s+(?P<day>\d{{1,2}}),?\s+(?P<year>\d{{4}}),?",
    # Without its year: the one that lies nearest, where the caller says to what.
    r"(?P<month>\d{1,2})\s*月\s*(?P<day>\d{1,2})\s*(?:[日号]|(?!\d))",
    r"(?P<first>\d{1,2})[-/.](?P<next>\d{1,2})(?=\s+\D{0,2}\s*\d)",
)
_FORMS = tuple(
    re.compile(form, re.IGNORECASE)
    for form in (
        *(day + _TIME for day in _DAYS),
        # As Java prints a moment on a machine in China.
        rf"[a-z]{{3}} {_MONTH} (?P<day>\d{{1,2}}) {_CLOCK}\s*(?:CST|GMT\+0?8(?::?00)?) (?P<year>\d{{4}})",
    )
)
_TIME_ALONE = re.compile(_CLOCK, re.IGNORECASE)
_PLAIN_TIME = re.compile(r"(?P<hour>\d{2})(?P<minute>\d{2})(?P<second>\d{2})?")
_DAY_AND_DIGITS = re.compile(r"(\d{8})[\sT]+(\d{4}|\d{6})")
#: seconds or thousandths since 1970, as programs count
_EPOCH = re.compile(r"1\d{9}(?:\d{3}(?:\.0+)?)?")
_DIGITS = re.compile(r"(?P<year>\d{4})(?P<month>\d{2})(?P<day>\d{2})(?P<hour>\d{2})(?P<minute>\d{2})(?P<second>\d{2})?")
_SERIAL = re.compile(r"\d{5}(\.\d+)?")
#: day 0 of a workbook's calendar, as it counts from March 1900 on
_SERIAL_ORIGIN = datetime(1899, 12, 30)  # noqa: DTZ001 (a workbook knows no zones)
_PARTS = {"半": 30, "一刻": 15, "三刻": 45}
_YEARS = range(1990, 2101)
_LAST_SECOND = time(23, 59, 59)


class MomentError(DoudiError):
    """A text is no day or moment, or more than one."""


def read_moment(cell: Cell, *, near: datetime | None = None) -> datetime:
    """The moment that a cell tells, aware, in UTC; a bare day is its first second in the town.

    ``near`` (aware) gives the year to a day that is written without, so that both lie closest. Raises `MomentError`.
    """
    return _aware(cell, time(), near)


def read_due(cell: Cell, *, near: datetime | None = None) -> datetime:
    """As `read_moment`, but who gives a bare day as a limit gives the whole day: its last second."""
    return _aware(cell, _LAST_SECOND, near)


def joined(cells: Sequence[Cell]) -> Cell:
    """What columns of one moment tell together: a day in one and its time in another, or the same twice.

    Raises `MomentError` when they contradict one another.
    """
    said = [cell for cell in cells if (text := text_of(cell).strip()) and not is_nothing(text)]
    times = [one for cell in said if (one := time_of(cell)) is not None]
    days = [cell for cell in said if time_of(cell) is None]
    if len(days) == 1 and len(times) <= 1:
        return f"{_day_text(days[0])} {times[0].isoformat('seconds')}" if times else days[0]
    if not days and len(times) == 1:
        return said[0]
    if days and not times and len({_day_text(one)[:10] for one in days}) == 1:
        # The fuller one: a day beside the same day with its time.
        return max(days, key=lambda one: len(_day_text(one)))
    if not said:
        return None
    raise MomentError("“{texts}”不是同一个时间。请只留一个。", texts="、".join(map(text_of, said)))


def time_of(cell: Cell) -> time | None:
    """The time of day in a cell that has no day, as a clock, a workbook's fraction of a day, or four digits show it."""
    match cell:
        case bool():
            return None
        case datetime() if cell.year in (1899, 1900):
            return cell.time()
        case float() if 0 <= cell < 1:
            return (_SERIAL_ORIGIN + timedelta(seconds=round(cell * 86_400))).time()
        case datetime() | date() | int() | float() | None:
            return None
    text = unicodedata.normalize("NFKC", cell).strip()
    if re.fullmatch(r"0?\.\d+", text):
        return time_of(float(text))
    match = _TIME_ALONE.fullmatch(text) or _PLAIN_TIME.fullmatch(text)
    try:
        return time(*_clock(match.groupdict())) if match else None
    except ValueError:
        return None


def _day_text(cell: Cell) -> str:
    """A day without the midnight that a program put behind it."""
    return re.sub(r"[T\s]+0{1,2}:00(:00(\.0+)?)?$", "", text_of(cell).strip())


def _aware(cell: Cell, bare: time, near: datetime | None) -> datetime:
    found = _read(cell, near)
    moment = datetime.combine(found, bare) if not isinstance(found, datetime) else found
    if moment.year not in _YEARS:
        raise MomentError("日期“{text}”的年份不对。请写成 2026-11-24 09:30。", text=text_of(cell))
    return (moment if moment.tzinfo else moment.replace(tzinfo=TOWN_ZONE)).astimezone(UTC)


def _read(cell: Cell, near: datetime | None) -> datetime | date:
    match cell:
        case datetime() | date():
            return cell
        case int() | float() if 20_000 <= cell < 80_000:
            return _from_serial(float(cell))
    text = unicodedata.normalize("NFKC", unwrapped(text_of(cell))).strip()
    if match := _DAY_AND_DIGITS.fullmatch(text):
        text = match[1] + match[2]
    if match := _DIGITS.fullmatch(text):
        return _moment(cell, match.groupdict(), near)
    if _SERIAL.fullmatch(text) and 20_000 <= float(text) < 80_000:
        return _from_serial(float(text))
    if _EPOCH.fullmatch(text):
        return datetime.fromtimestamp(float(text) / (1000 if len(text) >= 13 else 1), UTC)
    for form in _FORMS:
        if match := form.fullmatch(text):
            return _moment(cell, match.groupdict(), near)
    raise MomentError("看不懂日期“{text}”。请写成 2026-11-24 09:30。", text=text_of(cell))


def _from_serial(days: float) -> datetime | date:
    moment = _SERIAL_ORIGIN + timedelta(seconds=round(days * 86_400))
    return moment if days % 1 else moment.date()


def _moment(cell: Cell, parts: dict[str, str | None], near: datetime | None) -> datetime | date:
    month, day = _month_and_day(cell, parts)
    try:
        year = int(parts["year"] or 0) if parts.get("year") else _nearest_year(cell, month, day, near)
        year += 2000 if year < 100 and len(parts.get("year") or "") == 2 else 0
        if parts.get("hour") is None:
            return date(year, month, day)
        hour, minute, second = _clock(parts)
        # 24:00 is how a limit names the end of a day.
        midnight = (hour, minute, second) == (24, 0, 0)
        start = datetime(year, month, day, 0 if midnight else hour, minute, second)  # noqa: DTZ001 (its zone follows)
        found = start + timedelta(days=midnight)
    except ValueError as error:
        raise MomentError("日期“{text}”不存在。请改正后重试。", text=text_of(cell)) from error
    zone = parts.get("zone")
    return datetime.fromisoformat(f"{found.isoformat()}{zone.upper()}") if zone else found


def _nearest_year(cell: Cell, month: int, day: int, near: datetime | None) -> int:
    if near is None:
        raise MomentError("日期“{text}”没有写年份。请写成 2026-11-24 09:30。", text=text_of(cell))
    today = near.astimezone(TOWN_ZONE).date()
    there = [date(year, month, day) for year in range(today.year - 1, today.year + 2) if _exists(year, month, day)]
    if not there:
        raise ValueError("no such day in these years")
    return min(there, key=lambda one: abs(one - today)).year


def _exists(year: int, month: int, day: int) -> bool:
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True


def _month_and_day(cell: Cell, parts: dict[str, str | None]) -> tuple[int, int]:
    if named := parts.get("named"):
        return _MONTHS.index(named.lower()) + 1, int(parts["day"] or 0)
    if parts.get("first") is None:
        return int(parts["month"] or 0), int(parts["day"] or 0)
    first, second = int(parts["first"] or 0), int(parts["next"] or 0)
    if first <= 12 and second <= 12 and first != second:
        raise MomentError("日期“{text}”分不清月和日。请写成 2026-11-24 09:30。", text=text_of(cell))
    return (second, first) if first > 12 else (first, second)


def _clock(parts: Mapping[str, str | None]) -> tuple[int, int, int]:
    hour = _hour(int(parts["hour"] or 0), parts.get("half") or parts.get("after") or "")
    minute = _PARTS.get(parts.get("part") or "", 0) or int(parts.get("minute") or 0)
    return hour, minute, int(parts.get("second") or 0)


def _hour(hour: int, half: str) -> int:
    if half in ("晚上", "晚", "夜里") and hour == 12:
        return 24
    afternoon = half.lower() in ("下午", "傍晚", "晚上", "晚", "夜里", "pm") or (half == "中午" and hour < 3)
    if afternoon and hour < 12:
        return hour + 12
    return 0 if half.lower() in ("上午", "凌晨", "am") and hour == 12 else hour
