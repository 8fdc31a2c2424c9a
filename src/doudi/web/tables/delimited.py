"""Read a text file of separated values, strictly: a quotation mark out of place costs one line, not the file."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter, deque
from collections.abc import Callable, Iterator
from itertools import islice
from typing import BinaryIO

from doudi.engine.messages import Message, msg
from doudi.web.tables.cells import RawLine, TableError, unquoted
from doudi.web.tables.encodings import modern, recognise
from doudi.web.tables.formulas import unguarded

_DELIMITERS = (",", "\t", ";", "|")
#: a record that spans more is an open quotation mark that swallows the file
_MOST_LINES, _MOST_SIGNS = 300, 120_000
_DAMAGED = re.compile("[\ud800-\udfff\x00]")


def read_delimited(file: BinaryIO) -> Iterator[RawLine]:
    """The records of ``file`` in any usual encoding, one by one.

    A line that cannot be taken apart comes with a fault and its raw parts; the next record begins on the next line.
    Raises `TableError` when the encoding is in doubt.
    """
    encoding = recognise(file)
    errors = "surrogatepass" if encoding.startswith("utf-16") else "surrogateescape"
    text = io.TextIOWrapper(file, encoding=encoding, errors=errors, newline="")
    decoded = modern if encoding == "gb18030" else str
    try:
        start = list(islice(_physical(text, decoded), 60))
        delimiter = _delimiter(start)
        text.seek(0)
        yield from _records(_Tape(_physical(text, decoded)), delimiter)
    except UnicodeDecodeError as error:
        raise TableError("文件在中途断开，末尾不完整。请重新导出后再导入。") from error
    finally:
        text.detach()


class _Tape:
    """Physical lines that can be handed back, so that a record gone wrong can be begun again behind its first line."""

    def __init__(self, source: Iterator[tuple[int, str]]) -> None:
        self._source = source
        self._returned: deque[tuple[int, str]] = deque()
        self.taken: list[tuple[int, str]] = []
        self._signs = 0

    def __iter__(self) -> _Tape:
        return self

    def __next__(self) -> str:
        if len(self.taken) >= _MOST_LINES or self._signs > _MOST_SIGNS:
            raise csv.Error("a record without end")
        number, line = self._returned.popleft() if self._returned else next(self._source)
        self.taken.append((number, line))
        self._signs += len(line)
        return line

    def begin(self) -> None:
        self.taken = []
        self._signs = 0

    def give_back(self) -> tuple[int, str]:
        """Keep the first line taken and hand the others back."""
        first, *others = self.taken
        self._returned.extendleft(reversed(others))
        return first


def _records(tape: _Tape, delimiter: str) -> Iterator[RawLine]:
    reader = csv.reader(tape, delimiter=delimiter, strict=True)
    while True:
        tape.begin()
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error:
            number, raw = tape.give_back()
            reader = csv.reader(tape, delimiter=delimiter, strict=True)
            parts = tuple(_readable(part) for part in raw.rstrip("\r\n").split(delimiter))
            yield RawLine(number, parts, msg("这一行的引号不成对或内容过长，无法分清各格。"))
            continue
        yield _line(tape.taken[0][0], cells)


def _line(number: int, cells: list[str]) -> RawLine:
    if any(_DAMAGED.search(cell) for cell in cells):
        fault: Message | None = msg("这一行有无法识别的字节(显示为 �)，可能是来文系统截断或混用了编码。")
        return RawLine(number, tuple(_readable(cell) for cell in cells), fault)
    texts = tuple(unguarded(unquoted(cell)) for cell in cells)
    formulas = frozenset(place for place, cell in enumerate(cells) if cell.startswith("=") and texts[place] == cell)
    return RawLine(number, texts, formulas=formulas)


def _readable(cell: str) -> str:
    return _DAMAGED.sub("\ufffd", cell)


def _physical(text: io.TextIOWrapper, decoded: Callable[[str], str]) -> Iterator[tuple[int, str]]:
    number = 1
    while line := text.readline(_MOST_SIGNS):
        yield number, decoded(line.lstrip("\ufeff") if number == 1 else line)
        number += line.endswith(("\n", "\r"))


def _delimiter(start: list[tuple[int, str]]) -> str:
    """The sign that cuts most of the first lines into the same number of parts, and into more than one."""

    def evenness(delimiter: str) -> tuple[float, int]:
        try:
            records = csv.reader((line for _, line in start), delimiter=delimiter)
            widths = Counter(len(record) for record in records if record)
        except csv.Error:
            return (0.0, 0)
        width, often = max(widths.items(), key=lambda found: (found[1], found[0]), default=(0, 0))
        return (often / max(1, widths.total()), width) if width > 1 else (0.0, 0)

    return max(_DELIMITERS, key=evenness)
