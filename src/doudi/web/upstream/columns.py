"""Which column of a foreign table means what: guessed from its name, believed when its cells agree."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from doudi.engine.errors import DoudiError
from doudi.web.upstream.fields import BY_NAME, FIELDS, VAGUE
from doudi.web.upstream.moments import MomentError, read_due, read_moment
from doudi.web.upstream.sheets.tables import Row

#: our field: the headers whose cells tell it, in the order in which they are joined
Columns = Mapping[str, tuple[str, ...]]


class ColumnsError(DoudiError):
    """The columns of a file are not yet clear, or a mapping names a field or header that does not exist."""


@dataclass(frozen=True, slots=True)
class Guess:
    """What the columns seem to mean; ``doubts`` are fields that a person should look at. No doubts: beyond doubt."""

    columns: Columns
    doubts: tuple[str, ...]


def knows(header: str) -> bool:
    """Is this the name of a column that we know?"""
    return _meaning(header) is not None


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
        if BY_NAME[name].joins:
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
        parts = [part for one in wanted if one for part in ([one] if one in headers else one.split("+"))]
        for part in parts:
            if part not in headers:
                raise ColumnsError(
                    "文件里没有“{header}”这一列。现有的列：{headers}。", header=part, headers="、".join(headers)
                )
        if len(parts) > 1 and name not in ("address", "words", "title"):
            raise ColumnsError("“{label}”只能对应一列。", label=BY_NAME[name].label)
        if parts:
            kept[name] = tuple(parts)
    if "words" not in kept and "title" not in kept:
        raise ColumnsError("请至少指明哪一列是诉求内容或标题。现有的列：{headers}。", headers="、".join(headers))
    return kept


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
    cells = [cell for row in samples if (cell := row.cells.get(header)) not in (None, "") and row.fault is None]
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


def _reads(reader: object, cell: object) -> bool:
    try:
        reader(cell)  # type: ignore[operator]
    except MomentError:
        return False
    return True


def _counts_rows(texts: Sequence[str]) -> bool:
    """1, 2, 3, …: the number of the row in this file, no name of an order."""
    if len(texts) < 2 or not all(text.isdecimal() for text in texts):
        return False
    return [int(text) - int(texts[0]) for text in texts] == list(range(len(texts)))
