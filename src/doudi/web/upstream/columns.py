"""Which column of a foreign table means what: guessed from its name, believed when its cells agree."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from functools import lru_cache

from doudi.engine.errors import DoudiError
from doudi.web.clock import now
from doudi.web.tables.cells import Cell, is_nothing, text_of
from doudi.web.tables.moments import MomentError, read_due, read_moment, time_of
from doudi.web.tables.reading import Row
from doudi.web.upstream.fields import BY_NAME, FIELDS, VAGUE

#: our field: the headers whose cells tell it, in the order in which they are joined
Columns = Mapping[str, tuple[str, ...]]


class ColumnsError(DoudiError):
    """The columns of a file are not yet clear, or a mapping names a field or header that does not exist."""


@dataclass(frozen=True, slots=True)
class Guess:
    """What the columns seem to mean; ``doubts`` are fields that a person should look at. No doubts: beyond doubt."""

    columns: Columns
    doubts: tuple[str, ...]


#: words in a header or cell that tell a coordinate system
COORDINATES = {
    "gcj": "gcj02",
    "火星": "gcj02",
    "高德": "gcj02",
    "腾讯": "gcj02",
    "bd": "bd09",
    "百度": "bd09",
    "wgs": "wgs84",
    "gps": "wgs84",
    "天地图": "wgs84",
    "cgcs": "wgs84",
    "国家2000": "wgs84",
    "4490": "wgs84",
    "4326": "wgs84",
}
SYSTEMS = ("wgs84", "gcj02", "bd09")
#: said of a file whose points are to be left out
NO_POINTS = "none"

#: fields under which people write what they like: nothing there is taken for a note at the foot of a table
FREE: frozenset[object] = frozenset({"words", "title"})


def meaning_of(header: str) -> str | None:
    """Our field that this is the name of, where we know it."""
    meaning = _meaning(header)
    return meaning[0] if meaning else None


def guess(headers: Sequence[str], samples: Sequence[Row]) -> Guess:
    """What each column means, judged by its name and, where the name says little, by its cells in ``samples``."""
    found: dict[str, list[tuple[int, int, str]]] = {}
    for place, header in enumerate(headers):
        if meaning := _meaning(header):
            name, rank = meaning
            found.setdefault(name, []).append((rank, place, header))
    columns: dict[str, tuple[str, ...]] = {}
    doubts: list[str] = []
    for name, candidates in found.items():
        if name in ("received_at", "upstream_due"):
            if pair := _day_and_time([header for _, _, header in sorted(candidates)], samples):
                columns[name] = pair
                continue
        elif BY_NAME[name].joins:
            columns[name] = tuple(header for _, _, header in sorted(candidates, key=lambda one: one[1]))
            continue
        (rank, _, header), *others = sorted(candidates)
        columns[name] = (header,)
        rivals = any(other == rank for other, _, _ in others)
        if rivals or not _agrees(name, header, samples, vague=_plain(header.split("/")[-1]) in VAGUE):
            doubts.append(name)
    if "words" not in columns and "title" not in columns:
        doubts.append("words")
    doubts += [name for name in ("received_at", "external_id") if name not in columns]
    doubts += [name for name in ("coordinate_system",) if asks_for_coordinates(columns)]
    return Guess(columns, tuple(doubts))


def checked(columns: Mapping[str, str | Sequence[str]], headers: Sequence[str]) -> Columns:
    """A mapping that somebody gave, in our form: each field known, each header in the file, words or title named.

    A header written ``a+b`` stands for both, unless a column is called so. Raises `ColumnsError`.
    """
    kept: dict[str, tuple[str, ...]] = {}
    for name, given in columns.items():
        if name not in BY_NAME:
            raise ColumnsError("没有“{name}”这一项。可用的有：{names}。", name=name, names="、".join(BY_NAME))
        wanted = [given] if isinstance(given, str) else list(given)
        told = wanted[0].lower().removeprefix("=") if len(wanted) == 1 else ""
        if name == "coordinate_system" and wanted[0] not in headers and told in (*SYSTEMS, NO_POINTS):
            kept[name] = (f"={told}",)
            continue
        parts = [part for one in wanted if one for part in ([one] if one in headers else one.split("+"))]
        for part in parts:
            if part not in headers:
                raise ColumnsError(
                    "文件里没有“{header}”这一列。现有的列：{headers}。", header=part, headers="、".join(headers)
                )
        if len(parts) > 1 and not BY_NAME[name].joins and name not in ("words", "title"):
            raise ColumnsError("“{label}”只能对应一列。", label=BY_NAME[name].label)
        if parts:
            kept[name] = tuple(parts)
    if "words" not in kept and "title" not in kept:
        raise ColumnsError("请至少指明哪一列是诉求内容或标题。现有的列：{headers}。", headers="、".join(headers))
    return kept


def constant(columns: Columns) -> str:
    """The coordinate system that somebody named for the whole file, or `NO_POINTS`."""
    (given, *_) = columns.get("coordinate_system") or ("",)
    return given[1:] if given.startswith("=") else ""


def asks_for_coordinates(columns: Columns) -> bool:
    """Are there points of which neither a column nor a header tells the coordinate system? Then a person must say it."""
    if "longitude" not in columns or "latitude" not in columns or columns.get("coordinate_system"):
        return False
    hint = " ".join((*columns["longitude"], *columns["latitude"])).lower()
    return not any(part in hint for part in COORDINATES)


def _day_and_time(headers: Sequence[str], samples: Sequence[Row]) -> tuple[str, ...]:
    """Of columns that name one moment, the one with days and the one with times of day; else nothing."""

    def tells(header: str, reads: Callable[[Cell], bool]) -> bool:
        cells = [row.cells.get(header) for row in samples if row.fault is None]
        filled = [cell for cell in cells if not is_nothing(text := text_of(cell)) and text.strip()]
        return bool(filled) and all(map(reads, filled))

    times = [header for header in headers if tells(header, lambda cell: time_of(cell) is not None)]
    days = [header for header in headers if header not in times and tells(header, _is_bare_day)]
    return (days[0], times[0]) if days and times else ()


def _is_bare_day(cell: Cell) -> bool:
    try:
        return read_due(cell) != read_moment(cell) or (isinstance(cell, datetime) and cell.time() == time())
    except MomentError:
        return False


@lru_cache(maxsize=1024)
def _meaning(header: str) -> tuple[str, int] | None:
    """The field that a header names and its rank there; of a two-row name the whole counts before its last part."""
    for part, behind in ((header, 0), (header.rsplit("/", 1)[-1], 100)):
        plain = _plain(part)
        for field in FIELDS:
            if plain in field.names:
                return field.name, field.names.index(plain) + behind
    return None


def _plain(header: str) -> str:
    text = unicodedata.normalize("NFKC", header).lower()
    return re.sub(r"\(.*?\)|[\s*:：/·]", "", text)


def _agrees(name: str, header: str, samples: Sequence[Row], *, vague: bool) -> bool:
    cells = [
        cell
        for row in samples
        if row.fault is None and (text := text_of(cell := row.cells.get(header)).strip()) and not is_nothing(text)
    ]
    texts = [row.texts.get(header, "") for row in samples if row.fault is None]
    match name:
        case "received_at":
            # Under a clear name a few odd cells are faults of their rows, not a doubt about the column.
            reads = sum(_reads(read_moment, cell) for cell in cells)
            return reads >= len(cells) * (0.9 if vague else 0.5) and bool(cells or not vague)
        case "external_id":
            return not vague or (all(texts) and len(set(texts)) == len(texts) and not _counts_rows(texts))
        case "words":
            return not vague or max(map(len, texts), default=0) >= 8
        case "upstream_due":
            return not vague or all(_reads(read_due, cell) for cell in cells)
        case "phone":
            return not vague or all(re.fullmatch(r"[\d*+()（）\-—\s]{5,}", text) for text in texts if text)
        case _:
            return True


def _reads(reader: Callable[..., object], cell: Cell) -> bool:
    try:
        reader(cell, near=now())
    except MomentError:
        return False
    return True


def _counts_rows(texts: Sequence[str]) -> bool:
    """1, 2, 3, …: the number of the row in this file, no name of an order."""
    if len(texts) < 2 or not all(text.isdecimal() for text in texts):
        return False
    return [int(text) - int(texts[0]) for text in texts] == list(range(len(texts)))
