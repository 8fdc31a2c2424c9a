"""Turn one row of a foreign table into a report on its way in, or say what is wrong with it."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from doudi.engine.errors import DoudiError
from doudi.web.reports.models import Report
from doudi.web.triage.services import LONGEST_UPSTREAM_WORDS, Incoming
from doudi.web.upstream.columns import Columns
from doudi.web.upstream.fields import BY_NAME
from doudi.web.upstream.moments import MomentError, read_due, read_moment
from doudi.web.upstream.sheets.lines import Cell, text_of
from doudi.web.upstream.sheets.tables import Row

_LOST_DIGITS = re.compile(r"\d(\.\d+)?[eE]\+?\d+")
_LONGEST = {"external_id": 80, "name": 60, "phone": 30, "words": LONGEST_UPSTREAM_WORDS}
_NO = frozenset({"", "否", "不保密", "普通", "公开", "0", "无", "n", "no", "false", "f"})
_CHANNELS = (
    ("扫码", Report.Channel.SCAN), ("码牌", Report.Channel.SCAN),
    ("热线", Report.Channel.HOTLINE), ("12345", Report.Channel.HOTLINE), ("电话", Report.Channel.HOTLINE),
    ("巡查", Report.Channel.GRID), ("网格", Report.Channel.GRID),
    ("窗口", Report.Channel.COUNTER), ("来访", Report.Channel.COUNTER), ("走访", Report.Channel.COUNTER),
    ("交办", Report.Channel.UPSTREAM), ("督办", Report.Channel.UPSTREAM), ("上级", Report.Channel.UPSTREAM),
    ("网", Report.Channel.MESSAGE), ("留言", Report.Channel.MESSAGE), ("信箱", Report.Channel.MESSAGE),
    ("微信", Report.Channel.MESSAGE), ("论坛", Report.Channel.MESSAGE), ("app", Report.Channel.MESSAGE),
)
_COORDINATES = (("gcj", "gcj02"), ("火星", "gcj02"), ("高德", "gcj02"), ("bd", "bd09"), ("百度", "bd09"),
                ("wgs", "wgs84"), ("gps", "wgs84"), ("cgcs", "wgs84"), ("4490", "wgs84"), ("4326", "wgs84"))
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
    mark: object

    def digest(self, text: str) -> str:
        return str(self.mark(text))  # type: ignore[operator]


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
    longitude, latitude, coordinates = _point(said, reading.columns)
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
        upstream_due_at=_due(row, reading.columns),
        upstream_row=_as_it_came(row, reading.columns),
        received_at=_received_at(row, reading),
    )


def is_secret(text: str) -> bool:
    """Does the cell ask for secrecy? What we do not understand counts as asking."""
    return text.strip().lower() not in _NO


def _text(name: str, row: Row, columns: Columns) -> str:
    """What the columns of a field say together; a part that another part already contains is not said twice."""
    parts = [_clean(name, row.cells.get(header), header) for header in columns[name]]
    kept = [part for at, part in enumerate(parts) if part and not any(part in other for other in parts[at + 1 :])]
    return ("" if name == "address" else "\n").join(kept)


def _clean(name: str, cell: Cell, header: str) -> str:
    if name in ("external_id", "phone") and _lost_digits(cell):
        raise RowError(
            "“{header}”的“{text}”被表格软件改成了数值，末尾几位已丢失。请把该列设为“文本”后重新导出，或在这里改正。",
            header=header, text=text_of(cell),
        )
    text = text_of(cell).replace("\r\n", "\n").replace("\r", "\n")
    text = _CONTROL.sub("", text).strip()
    return text if name == "words" else _TURNING.sub("", " ".join(text.split()))


def _lost_digits(cell: Cell) -> bool:
    """A workbook keeps 15 digits of a number; a CSV written from one may keep three."""
    if isinstance(cell, float):
        return abs(cell) >= 1e15
    return isinstance(cell, str) and bool(_LOST_DIGITS.fullmatch(cell.strip()))


def _received_at(row: Row, reading: Reading) -> datetime | None:
    """When the system above received it; nothing given means now."""
    for header in reading.columns.get("received_at", ()):
        if text_of(row.cells.get(header)).strip():
            moment = read_moment(row.cells[header])
            if moment > reading.now + timedelta(days=1):
                text = text_of(row.cells[header])
                raise RowError("“{header}”的“{text}”在将来。请改正后重试。", header=header, text=text)
            return moment
    return None


def _due(row: Row, columns: Columns) -> datetime | None:
    """The moment in the given limit, where there is one; "5个工作日" is kept as words alone."""
    for header in columns.get("upstream_due", ()):
        try:
            return read_due(row.cells.get(header))
        except MomentError:
            return None
    return None


def _place(area: str, address: str, reading: Reading) -> tuple[str, str]:
    """The code of the area named, and the address; an area that we do not know stays readable before the address."""
    code = reading.places.get(area, "")
    return code, address if code or not area or area in address else f"{area}{address}"


def _point(said: Mapping[str, str], columns: Columns) -> tuple[float | None, float | None, str]:
    """A point counts only when its coordinate system is told: taken for another it lies half a kilometre off."""
    hint = " ".join((said["coordinate_system"], *columns.get("longitude", ()), *columns.get("latitude", ()))).lower()
    coordinates = next((name for part, name in _COORDINATES if part in hint), "")
    try:
        return (float(said["longitude"]), float(said["latitude"]), coordinates) if coordinates else (None, None, "")
    except ValueError:
        return None, None, ""


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
