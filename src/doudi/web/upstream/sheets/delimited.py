"""Read a text file of separated values, strictly: a quotation mark out of place costs one line, not the file."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter, deque
from collections.abc import Iterator
from itertools import islice
from typing import BinaryIO

from doudi.engine.words import Words, words
from doudi.web.upstream.sheets.encodings import recognise
from doudi.web.upstream.sheets.lines import Line, SheetError

_DELIMITERS = (",", "\t", ";", "|")
#: a record that spans more is an open quotation mark that swallows the file
_MOST_LINES, _MOST_SIGNS = 300, 120_000
_DAMAGED = re.compile("[\ud800-\udfff\x00]")
#: signs at which a spreadsheet program takes a text for a formula, also behind spaces and invisible signs
FORMULA = re.compile("'*[\\s\u200b-\u200f\u2060\ufeff]*[=+\\-@＝＋－＠\t\r]")


def read_delimited(file: BinaryIO) -> Iterator[Line]:
    """The records of ``file`` in any usual encoding, one by one.

    A line that cannot be taken apart comes with a fault and its raw parts; the next record begins on the next line.
    Raises `SheetError` when the encoding is in doubt.
    """
    encoding = recognise(file)
    errors = "surrogatepass" if encoding.startswith("utf-16") else "surrogateescape"
    text = io.TextIOWrapper(file, encoding=encoding, errors=errors, newline="")
    try:
        start = list(islice(_physical(text), 60))
        delimiter = _delimiter(start)
        text.seek(0)
        yield from _records(_Tape(_physical(text)), delimiter)
    except UnicodeDecodeError as error:
        raise SheetError("文件在中途断开，末尾不完整。请重新导出后再导入。") from error
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


def _records(tape: _Tape, delimiter: str) -> Iterator[Line]:
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
            yield Line(number, parts, words("这一行的引号不成对或内容过长，无法分清各格。"))
            continue
        yield _line(tape.taken[0][0], cells)


def _line(number: int, cells: list[str]) -> Line:
    if any(_DAMAGED.search(cell) for cell in cells):
        fault: Words | None = words("这一行有无法识别的字节(显示为 �)，可能是来文系统截断或混用了编码。")
        return Line(number, tuple(_readable(cell) for cell in cells), fault)
    return Line(number, tuple(_unguarded(cell) for cell in cells))


def _unguarded(cell: str) -> str:
    """Take off the one apostrophe that an export puts before what looks like a formula."""
    return cell[1:] if cell.startswith("'") and FORMULA.match(cell, 1) else cell


def _readable(cell: str) -> str:
    return _DAMAGED.sub("\ufffd", cell)


def _physical(text: io.TextIOWrapper) -> Iterator[tuple[int, str]]:
    number = 1
    while line := text.readline(_MOST_SIGNS):
        yield number, line.lstrip("\ufeff") if number == 1 else line
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
