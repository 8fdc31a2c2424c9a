"""What every reader of a file gives: numbered lines of cells, and the refusal of a whole file."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from doudi.engine.errors import DoudiError
from doudi.engine.messages import Message

#: what may stand in a cell; text files give text alone, workbooks also numbers, days and moments (local, naive)
Cell = str | int | float | bool | date | datetime | None
#: lines at the beginning in which a header is looked for
LOOK_AHEAD = 30


class TableError(DoudiError):
    """A file, or a line of a town's own file, cannot be taken in; the sentence says what to mend."""


@dataclass(frozen=True, slots=True)
class RawLine:
    """One record of a file. ``number`` is what a person finds: line of a text file or row of a workbook, from 1.

    ``formulas`` and ``errors``: places (from 0) of cells that hold a formula, or an error value such as ``#REF!``.
    """

    number: int
    cells: tuple[Cell, ...]
    fault: Message | None = None
    formulas: frozenset[int] = frozenset()
    errors: Mapping[int, str] = field(default_factory=dict)

    @property
    def blank(self) -> bool:
        return self.fault is None and not any(text_of(cell).strip() for cell in self.cells)


def text_of(cell: Cell) -> str:
    """The cell as a person reads it: whole numbers without a point, days and moments as ``2026-11-24 09:30:00``."""
    match cell:
        case None:
            return ""
        case bool():
            return "是" if cell else "否"
        case float() if cell.is_integer() and abs(cell) < 1e21:
            return str(int(cell))
        case datetime():
            return cell.isoformat(" ", "seconds")
        case date():
            return cell.isoformat()
        case _:
            return str(cell)


#: how programs and people write that nothing stands here
_NOTHING = frozenset(
    """
    null (null) [null] <null> \\n nil nul none nan nat na n/a n.a. n.a #n/a #na #null! #value! #ref! #name? #num! #div/0!
    <na> <null> undefined inf -inf +inf infinity -infinity 1.#inf -1.#ind 1.#qnan 无 (无) 空 (空) 空值 暂无 没有 缺 略
    """.split()
)
#: a cell of nothing but such signs says nothing
_ONLY_SIGNS = re.compile(r"[-‐-―−_/\\|.·…~]{1,6}")
_QUOTED = re.compile(r'=\s*"((?:[^"]|"")*)"', re.DOTALL)
#: an apostrophe that a program puts before digits to keep them a text
_APOSTROPHE = re.compile(r"['‘’`´＇](?=[\d(（+＋])")
_POINT_ZERO = re.compile(r"(\d+)\.0+")
_THOUSANDS = re.compile(r"\d{1,3}(,\d{3})+")
_EXPONENT = re.compile(r"(\d)(?:\.(\d+))?[eE]\+?(\d{1,2})")


def is_nothing(text: str) -> bool:
    """Does a whole cell only say that it is empty: NULL, nan, None, N/A, #N/A, -, /, 无?"""
    plain = unicodedata.normalize("NFKC", text).strip().lower()
    return plain in _NOTHING or bool(_ONLY_SIGNS.fullmatch(plain))


def unquoted(text: str) -> str:
    """What was meant by ``="00127001"``, by which programs keep the zeros of a number in a CSV."""
    match = _QUOTED.fullmatch(text.strip())
    return match[1].replace('""', '"') if match else text


def unwrapped(text: str) -> str:
    """As `unquoted`; also without the apostrophe of ``'00127001``."""
    plain = unquoted(text)
    return _APOSTROPHE.sub("", plain, count=1) if _APOSTROPHE.match(plain.lstrip()) else plain


def digits_of(text: str) -> str:
    """A number or id that went through a program's arithmetic, as it was: ``20261127001.0``, ``1.3800001111E+10``,
    ``13,800,001,111`` and full-width digits. One whose last digits are lost stays as it is (see `lost_digits`)."""
    plain = unwrapped(unicodedata.normalize("NFKC", text).strip()).strip()
    if match := _POINT_ZERO.fullmatch(plain):
        return match[1]
    if _THOUSANDS.fullmatch(plain):
        return plain.replace(",", "")
    match = _EXPONENT.fullmatch(plain)
    if match and (behind := (match[2] or "").rstrip("0")) and len(match[2]) >= int(match[3]) >= len(behind):
        return match[1] + match[2][: int(match[3])]
    return plain


def lost_digits(cell: Cell) -> bool:
    """Did a program round this number away? A workbook keeps 15 digits of a number; a CSV written from one may keep
    three."""
    if isinstance(cell, float):
        return abs(cell) >= 1e15
    return isinstance(cell, str) and bool(re.fullmatch(r"\d+(\.\d+)?[eE]\+?\d+", digits_of(cell)))
