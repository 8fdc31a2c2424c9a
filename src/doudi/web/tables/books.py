"""Open a file in the other process and choose what is read of it: the lines of a text file, or of one sheet of a
workbook. What the file is, its first bytes say, not its name.

A package of 20 MiB can unfold to gigabytes, two cells at far corners to a sheet of 17 thousand million, one long text
that a million cells refer to, to a million texts: the first is counted there, the others die with that process.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

from doudi.engine.messages import Message
from doudi.web.sandbox import Sandbox, SandboxError
from doudi.web.tables.cells import Cell, RawLine, TableError
from doudi.web.tables.packages import BROKEN, TOO_LARGE

_CHILD = "doudi.web.tables.child"
_MOST_PACKED, _MOST_TEXT = 20 << 20, 200 << 20


@dataclass(frozen=True, slots=True)
class SheetHead:
    """One sheet of a workbook before it is read: its first lines, and whether people see it ("visible", "hidden", "very
    hidden": only a macro shows it)."""

    name: str
    state: str
    filled: bool
    head: tuple[RawLine, ...]


@dataclass(slots=True)
class Source:
    """What is read of a file. ``lines`` can be walked once. ``merged``: (first row, first column, last row, last column)
    from 0; ``others``: sheets that hold something and are not read; ``hidden_columns``: places from 0."""

    lines: Iterator[RawLine]
    others: tuple[SheetHead, ...] = ()
    name: str = ""
    merged: tuple[tuple[int, int, int, int], ...] = ()
    hidden_rows: int = 0
    hidden_columns: frozenset[int] = frozenset()
    properties: Mapping[str, str] = field(default_factory=dict)


#: the number of the sheet to read among those that people see; None: none of them
Choose = Callable[[Sequence[SheetHead]], int | None]


@contextmanager
def opened_source(path: Path, choose: Choose) -> Iterator[Source]:
    """The lines of the file at ``path``; of a workbook those of the sheet that ``choose`` names.

    Raises `TableError`, also while the lines are walked.
    """
    sort = _sort_of(path)
    try:
        with Sandbox(_CHILD, sort, str(path.absolute())) as child:
            answers = _answers(child)
            first = next(answers, {})
            yield _book(child, answers, first, choose) if sort == "book" else Source(map(_line, answers))
    except SandboxError as error:
        raise TableError(BROKEN if error.crash else TOO_LARGE) from error


def features_of(path: Path) -> Iterator[Any]:
    """The features of a GeoJSON FeatureCollection, one by one. Raises `TableError`."""
    _sort_of(path)
    try:
        with Sandbox(_CHILD, "features", str(path.absolute())) as child:
            yield from (answer["feature"] for answer in _answers(child))
    except SandboxError as error:
        raise TableError(BROKEN if error.crash else TOO_LARGE) from error


def _sort_of(path: Path) -> str:
    try:
        size = path.stat().st_size
        with path.open("rb") as file:
            head = file.read(512)
    except OSError as error:
        raise TableError("打不开 {file}：{why}。", file=path.name, why=error.strerror) from error
    packed = head.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0"))
    most = _MOST_PACKED if packed else _MOST_TEXT
    if size > most:
        raise TableError("文件超过 {most} MB。请按月或按条数拆成几个文件再导入。", most=most >> 20)
    if not head.strip(b"\x00\xef\xbb\xbf \t\r\n"):
        raise TableError("文件是空的。请重新导出后再导入。")
    if head[:1] == b"\x09" and head[1:2] in (b"\x00", b"\x02", b"\x04") and head[3:4] == b"\x00":
        raise TableError("这是很旧的表格格式，无法读取。请用表格软件打开，另存为 XLSX 后再导入。")
    if re.match(rb"[\s\xef\xbb\xbf]*<(!doctype|html|\?xml|table|meta)", head, re.IGNORECASE):
        raise TableError("这个文件虽叫表格，内容其实是网页或 XML。请用表格软件打开，另存为 XLSX 后再导入。")
    return "book" if packed else "text"


def _answers(child: Sandbox) -> Iterator[dict[str, Any]]:
    for answer in child:
        if "refused" in answer:
            template, facts = answer["refused"]
            raise TableError(template, **facts)
        yield answer


def _book(child: Sandbox, answers: Iterator[dict[str, Any]], first: dict[str, Any], choose: Choose) -> Source:
    heads = [
        SheetHead(one["name"], one["state"], one["filled"], tuple(map(_line, one["head"]))) for one in first["sheets"]
    ]
    seen = [at for at, one in enumerate(heads) if one.filled and one.state == "visible"]
    chosen = choose([heads[at] for at in seen])
    number = None if chosen is None else seen[chosen]
    child.tell(number)
    others = tuple(one for at, one in enumerate(heads) if one.filled and at != number)
    if number is None:
        return Source(iter(()), others, properties=first["properties"])
    told = next(answers)
    return Source(
        map(_line, answers),
        others,
        heads[number].name,
        tuple((one[0], one[1], one[2], one[3]) for one in told["merged"]),
        told["hidden_rows"],
        frozenset(told["hidden_columns"]),
        first["properties"],
    )


def _line(said: dict[str, Any]) -> RawLine:
    fault = Message(said["fault"][0], said["fault"][1]) if "fault" in said else None
    errors = {int(place): text for place, text in said.get("errors", {}).items()}
    return RawLine(said["line"], tuple(map(_cell, said["cells"])), fault, frozenset(said.get("formulas", ())), errors)


def _cell(one: object) -> Cell:
    match one:
        case {"at": str(moment)}:
            return datetime.fromisoformat(moment)
        case {"on": str(day)}:
            return date.fromisoformat(day)
        case None | str() | bool() | int() | float():
            return one
    raise TableError(BROKEN)
