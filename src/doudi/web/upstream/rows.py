"""Turn one row of a foreign table into a report on its way in, or say what is wrong with it."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from doudi.engine.errors import DoudiError
from doudi.web.reports.models import Report
from doudi.web.tables.cells import Cell, digits_of, is_nothing, lost_digits, text_of, unwrapped
from doudi.web.tables.moments import MomentError, joined, read_due, read_moment
from doudi.web.tables.reading import Row
from doudi.web.triage.services import LONGEST_UPSTREAM_WORDS, Incoming
from doudi.web.upstream.columns import COORDINATES, NO_POINTS, Columns, constant
from doudi.web.upstream.fields import BY_NAME

#: a program's own look of a day, where an id or the number of a house stood
_LOOKS_LIKE_DAY = re.compile(
    r"\d{1,2}月\d{1,2}日|\d{1,2}-(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)"
    r"|(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)-\d{2}",
    re.IGNORECASE,
)
_DAY_FOR_AN_ADDRESS = re.compile(r"\d{4}([-/])\d{1,2}\1\d{1,2}( 0{1,2}:00(:00)?)?")
#: fields that are numbers to a program and names to us
_NUMBERED = ("external_id", "phone", "unit_code", "area")
_MOMENTS = ("received_at", "upstream_due")
_LONGEST = {"external_id": 80, "name": 60, "phone": 30, "words": LONGEST_UPSTREAM_WORDS}
_NO = frozenset(
    """
    否 不 非 不保密 无需保密 不需保密 不需要保密 不要求保密 未要求保密 非保密 不需要 无需 不用 不要 不要求 未要求 普通 公开 可公开 一般
    0 n no false f off × ✗ 错
    """.split()
)
_CHANNELS = (
    ("扫码", Report.Channel.SCAN),
    ("码牌", Report.Channel.SCAN),
    ("热线", Report.Channel.HOTLINE),
    ("12345", Report.Channel.HOTLINE),
    ("电话", Report.Channel.HOTLINE),
    ("巡查", Report.Channel.GRID),
    ("网格", Report.Channel.GRID),
    ("窗口", Report.Channel.COUNTER),
    ("来访", Report.Channel.COUNTER),
    ("走访", Report.Channel.COUNTER),
    ("交办", Report.Channel.UPSTREAM),
    ("督办", Report.Channel.UPSTREAM),
    ("上级", Report.Channel.UPSTREAM),
    ("网", Report.Channel.MESSAGE),
    ("留言", Report.Channel.MESSAGE),
    ("信箱", Report.Channel.MESSAGE),
    ("微信", Report.Channel.MESSAGE),
    ("论坛", Report.Channel.MESSAGE),
    ("app", Report.Channel.MESSAGE),
)
#: where a point of a Chinese town can lie, in degrees
_EAST, _NORTH = (73.0, 136.0), (3.0, 54.0)
_SEXAGESIMAL = re.compile(
    r"(?:东经|北纬|[NEne])?\s*(?P<degrees>\d{1,3}(?:\.\d+)?)\s*[°度˚º]\s*(?:(?P<minutes>\d{1,2}(?:\.\d+)?)\s*['′’分]\s*)?"
    r"(?:(?P<seconds>\d{1,2}(?:\.\d+)?)\s*(?:[\"″”秒]|''|′′)\s*)?[NEne]?"
    r"|(?:东经|北纬|[NEne])\s*(?P<bare>\d{1,3}(?:\.\d+)?)|(?P<behind>\d{1,3}(?:\.\d+)?)\s*[NEne]"
)
#: days that mean none
_NO_DAY = re.compile(r"0000[-/]0?0[-/]0?0|(1899-12-30|1899-12-31|1900[-/]0?1[-/]0?[01])\b")
#: signs that steer machines (category Cc), save line and column ends
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f]")
#: signs that turn the reading direction of a line
_TURNING = re.compile("[\u202a-\u202e\u2066-\u2069\u200e\u200f\u061c]")


class RowError(DoudiError):
    """A row cannot become a report as it stands: what is missing or unreadable, and what to write instead."""


@dataclass(frozen=True, slots=True)
class Reading:
    """All that reading a row needs besides the row.

    ``places`` and ``kinds`` give the code of an area or kind by its code or its one name; ``mark`` makes a keyed digest
    of a text (shown nowhere), for rows that bring no id of their own.
    """

    system: str
    columns: Columns
    places: Mapping[str, str]
    kinds: Mapping[str, str]
    now: datetime
    mark: Callable[[str], str]

    def digest(self, text: str) -> str:
        return self.mark(text)


def read_row(row: Row, reading: Reading) -> Incoming:
    """The report that ``row`` tells. Raises `RowError` (or `MomentError`), which names the column."""
    if row.fault is not None:
        raise RowError(row.fault.template, **row.fault.facts)
    texts = {name: _text(name, row, reading.columns) for name in reading.columns}
    said = {name: texts.get(name, "") for name in BY_NAME}
    if not said["words"] and not said["title"]:
        raise RowError("这一行没有诉求内容，也没有标题。请补上后重试；如是说明或合计行，请放弃。")
    for name, longest in _LONGEST.items():
        if len(said[name]) > longest:
            raise RowError("“{label}”超过 {longest} 个字。请缩短后重试。", label=BY_NAME[name].label, longest=longest)
    area, address = _place(said["area"], said["address"], reading)
    longitude, latitude, coordinates = _point(row, said, reading.columns)
    received_at = _received_at(row, reading)
    return Incoming(
        channel=_channel(said["channel"], reading.system),
        # A title too long for a title would be cut; the words have room for it.
        words=said["words"] if len(said["title"]) <= 200 else f"{said['title']}\n{said['words']}".strip(),
        title=said["title"][:200],
        unit_code=said["unit_code"],
        area_code=area,
        address=address,
        longitude=longitude,
        latitude=latitude,
        coordinate_system=coordinates or "wgs84",
        picked_kind=reading.kinds.get(said["kind"], ""),
        name=said["name"],
        phone=said["phone"],
        secret=is_secret(said["secret"]),
        system=reading.system,
        external_id=said["external_id"] or "h-" + reading.digest(json.dumps(texts, ensure_ascii=False, sort_keys=True)),
        upstream_due=said["upstream_due"],
        upstream_due_at=_due(row, reading.columns, received_at or reading.now),
        upstream_row=_as_it_came(row, reading.columns),
        received_at=received_at,
    )


def is_secret(text: str) -> bool:
    """Does the cell ask for secrecy? What we do not understand counts as asking."""
    plain = unicodedata.normalize("NFKC", text).strip().lower()
    return bool(plain) and not is_nothing(plain) and plain.removesuffix(".0") not in _NO


def _text(name: str, row: Row, columns: Columns) -> str:
    """What the columns of a field say together; a part that another part already contains is not said twice."""
    if name == "coordinate_system" and (told := constant(columns)):
        return told
    if name in _MOMENTS and len(columns[name]) > 1:
        return text_of(joined([row.cells.get(header) for header in columns[name]]))
    parts = [_clean(name, row.cells.get(header), header) for header in columns[name]]
    kept = [part for at, part in enumerate(parts) if part and not any(part in other for other in parts[at + 1 :])]
    return ("" if name == "address" else "\n").join(kept)


def _clean(name: str, cell: Cell, header: str) -> str:
    text = text_of(cell).replace("\r\n", "\n").replace("\r", "\n")
    if is_nothing(text):
        return ""
    # A reason is kept beside the sealed row: it quotes nothing of who reported.
    quoted = "…" if name in ("name", "phone") else text
    if name in _NUMBERED:
        if lost_digits(cell):
            raise RowError(
                "“{header}”的“{text}”被表格软件改成了数值，末尾几位已丢失。请把该列设为“文本”后重新导出，或在这里改正。",
                header=header,
                text=quoted,
            )
        text = digits_of(text)
    if name not in _MOMENTS and _was_made_a_day(name, cell, text):
        raise RowError(
            "“{header}”的“{text}”像是被表格软件改成了日期，原来可能是编号或门牌号。请把该列设为“文本”后重新导出，或在这里改正。",
            header=header,
            text=quoted,
        )
    if name == "received_at" and isinstance(cell, datetime) and cell.time() == time():
        text = cell.date().isoformat()
    text = _CONTROL.sub("", text).strip()
    return text if name == "words" else _TURNING.sub("", " ".join(unwrapped(text).split()))


def _was_made_a_day(name: str, cell: Cell, text: str) -> bool:
    if isinstance(cell, date):
        return True
    if name in ("external_id", "address", "unit_code", "area", "phone") and _LOOKS_LIKE_DAY.fullmatch(text.strip()):
        return True
    return name == "address" and bool(_DAY_FOR_AN_ADDRESS.fullmatch(text.strip()))


def _received_at(row: Row, reading: Reading) -> datetime | None:
    """When the system above received it; nothing given means now."""
    cell = joined([row.cells.get(header) for header in reading.columns.get("received_at", ())])
    text = text_of(cell)
    if not text.strip() or is_nothing(text) or _NO_DAY.match(text.strip()):
        return None
    moment = read_moment(cell, near=reading.now)
    if moment > reading.now + timedelta(days=1):
        header = "、".join(reading.columns["received_at"])
        raise RowError("“{header}”的“{text}”在将来。请改正后重试。", header=header, text=text)
    return moment


def _due(row: Row, columns: Columns, received_at: datetime) -> datetime | None:
    """The moment in the given limit, where there is one; "5个工作日" is kept as words alone."""
    try:
        cell = joined([row.cells.get(header) for header in columns.get("upstream_due", ())])
        return None if _NO_DAY.match(text_of(cell)) else read_due(cell, near=received_at)
    except MomentError:
        return None


def _place(area: str, address: str, reading: Reading) -> tuple[str, str]:
    """The code of the area named, and the address; an area that we do not know stays readable before the address."""
    code = reading.places.get(area, "")
    return code, address if code or not area or area in address else f"{area}{address}"


def _point(row: Row, said: Mapping[str, str], columns: Columns) -> tuple[float | None, float | None, str]:
    """The point of a row and the system of its coordinates: taken for another it lies half a kilometre off.

    What cannot be a point is a fault of the row, so that no place is lost in silence.
    """
    hint = " ".join((said["coordinate_system"], *columns.get("longitude", ()), *columns.get("latitude", ()))).lower()
    coordinates = next((name for part, name in COORDINATES.items() if part in hint), "")
    if constant(columns) == NO_POINTS:
        return None, None, ""
    if not said["longitude"] or not said["latitude"]:
        _require_both(row, said, columns)
        return None, None, ""
    longitude, latitude = (_degrees(BY_NAME[name].label, said[name]) for name in ("longitude", "latitude"))
    if longitude == latitude == 0:
        return None, None, ""
    if not coordinates:
        raise RowError("这一行有经纬度，但看不出是哪种坐标系。请写明 WGS84、GCJ02 或 BD09，不知道就删去经纬度。")
    if not (_EAST[0] <= longitude <= _EAST[1] and _NORTH[0] <= latitude <= _NORTH[1]):
        said_so = {"longitude": said["longitude"], "latitude": said["latitude"]}
        if _EAST[0] <= latitude <= _EAST[1] and _NORTH[0] <= longitude <= _NORTH[1]:
            raise RowError("经度 {longitude}、纬度 {latitude} 像是写反了。请对调后重试。", **said_so)
        raise RowError(
            "经度 {longitude}、纬度 {latitude} 不在国内，也可能是平面坐标。请改正，或删去经纬度。", **said_so
        )
    return longitude, latitude, coordinates


def _require_both(row: Row, said: Mapping[str, str], columns: Columns) -> None:
    """One half of a point is a fault, unless the other half says in words that it is not known."""
    written = [
        name
        for name in ("longitude", "latitude")
        for header in columns.get(name, ())
        if text_of(row.cells.get(header)).strip()
    ]
    if len(written) == 1 and said[written[0]] and len(columns.get("longitude", ())) == len(columns.get("latitude", ())):
        raise RowError("经度和纬度要么都填，要么都不填。")


def _degrees(label: str, text: str) -> float:
    plain = unicodedata.normalize("NFKC", text).strip()
    try:
        return float(plain)
    except ValueError:
        pass
    meant: float | None = None
    if match := re.fullmatch(r"(\d{1,3}),(\d+)", plain):
        meant = float(f"{match[1]}.{match[2]}")
    elif match := _SEXAGESIMAL.fullmatch(plain):
        whole = match["degrees"] or match["bare"] or match["behind"]
        meant = float(whole) + float(match["minutes"] or 0) / 60 + float(match["seconds"] or 0) / 3600
    if meant is None:
        raise RowError("“{label}”的“{text}”不是数字。请写成 121.203100 这样，或删去。", label=label, text=text)
    raise RowError("“{label}”的“{text}”请写成 {meant}。", label=label, text=text, meant=f"{meant:.6f}".rstrip("0"))


def _channel(text: str, system: str) -> str:
    for source in (text.lower(), system.lower()):
        for part, channel in _CHANNELS:
            if part in source:
                return channel
    return Report.Channel.UPSTREAM


def _as_it_came(row: Row, columns: Columns) -> dict[str, str]:
    """The row as it came, without what tells who reported: that lies sealed elsewhere."""
    sealed = {header for name in ("name", "phone") for header in columns.get(name, ())}
    return {header: text.replace("\x00", "") for header, text in row.texts.items() if header not in sealed}
