"""Look into a packed workbook before a library does: how far it unfolds, and what our library does not tell of it."""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from posixpath import join, normpath
from typing import IO
from xml.etree import ElementTree
from xml.parsers import expat

from doudi.web.tables.cells import TableError

_MIB = 1 << 20
_MOST_UNPACKED, _MOST_ENTRIES, _MOST_RATIO = 200 * _MIB, 200, 100
TOO_LARGE = "这个表格展开后过大，已停止读取。请按月或按条数拆成几个文件再导入。"
BROKEN = "这个表格文件已损坏或不是标准格式。请用表格软件打开，另存为 XLSX 后再导入。"
LOCKED = "这个表格设了打开密码。请去掉密码另存后再导入。"
ENTITIES = "这个文件里有不该有的内容（DOCTYPE），没有读取。请用表格软件打开，另存为 XLSX 后再导入。"
OLD = "这是 Excel 95 或更早的旧格式，读出来会是乱码。请用表格软件打开，另存为 XLSX 后再导入。"
#: formats of the standard that show a day with its time, or a time; in 27–36 and 50–58 a Chinese program shows days
_MOMENTS, _DAYS = frozenset((22,)), frozenset((14, 15, 16, 17, *range(27, 32), 36, *range(50, 59)))


def check_package(path: Path) -> None:
    """Refuse a packed workbook that would unfold too far, by counting what comes out, whatever its headers claim, and
    one whose parts declare entities, which no spreadsheet program writes. Raises `TableError`.
    """
    try:
        with zipfile.ZipFile(path) as package:
            entries = package.infolist()
            if len(entries) > _MOST_ENTRIES or len({entry.filename for entry in entries}) < len(entries):
                raise TableError(TOO_LARGE)
            if any(entry.flag_bits & 1 for entry in entries):
                raise TableError(LOCKED)
            unpacked = 0
            for entry in entries:
                size = 0
                with package.open(entry) as stream:
                    while chunk := stream.read(_MIB):
                        if not size and (b"<!DOCTYPE" in chunk[:4096] or b"<!ENTITY" in chunk[:4096]):
                            raise TableError(ENTITIES)
                        size += len(chunk)
                        unpacked += len(chunk)
                        if unpacked > _MOST_UNPACKED or size > _MIB + _MOST_RATIO * max(1, entry.compress_size):
                            raise TableError(TOO_LARGE)
    except (zipfile.BadZipFile, NotImplementedError, EOFError, ValueError, OSError, RuntimeError, zlib.error) as error:
        raise TableError(BROKEN) from error


def check_compound(raw: bytes) -> None:
    """Refuse a workbook of Excel 5 and 95: its texts are in the code page of some machine. Raises `TableError`."""
    if "Workbook".encode("utf-16-le") not in raw and "Book".encode("utf-16-le") in raw:
        raise TableError(OLD)


@dataclass(slots=True)
class SheetFacts:
    """What a sheet holds besides values. Places are (row, column) from 0; ``moments``, ``days``: cells whose format shows
    a day with, or without, its time."""

    formulas: set[tuple[int, int]] = field(default_factory=set)
    errors: dict[tuple[int, int], str] = field(default_factory=dict)
    moments: set[tuple[int, int]] = field(default_factory=set)
    days: set[tuple[int, int]] = field(default_factory=set)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)


class Package:
    """An XLSX whose parts are looked at by name. A part that is not as expected tells nothing; it refuses nothing."""

    def __init__(self, path: Path) -> None:
        self._package = zipfile.ZipFile(path)
        self._parts = set(self._package.namelist())
        self._styles = self._date_styles()

    def properties(self) -> Mapping[str, str]:
        """The custom properties of the document."""
        root = self._tree("docProps/custom.xml")
        return {one.get("name", ""): "".join(one.itertext()) for one in root} if root is not None else {}

    def facts(self, sheet: str) -> SheetFacts:
        """What stands in the part of the sheet called so."""
        found = SheetFacts()
        part = self._sheets().get(sheet)
        if part in self._parts:
            reader = _FactsReader(found, self._styles)
            try:
                with self._package.open(str(part)) as stream:
                    reader.read(stream)
            except (expat.ExpatError, ValueError, zipfile.BadZipFile, zlib.error):
                return found
        return found

    def _tree(self, part: str) -> ElementTree.Element | None:
        if part not in self._parts:
            return None
        try:
            return ElementTree.fromstring(self._package.read(part))
        except (ElementTree.ParseError, ValueError):
            return None

    def _sheets(self) -> dict[str, str]:
        """Name of a sheet to the name of its part."""
        book, links = self._tree("xl/workbook.xml"), self._tree("xl/_rels/workbook.xml.rels")
        if book is None or links is None:
            return {}
        targets = {one.get("Id"): one.get("Target", "") for one in links}
        found = {}
        for one in book.iter():
            if _tag(one.tag) == "sheet":
                target = next((targets.get(value, "") for key, value in one.items() if _tag(key) == "id"), "")
                found[one.get("name", "")] = target[1:] if target.startswith("/") else normpath(join("xl", target))
        return found

    def _date_styles(self) -> dict[int, str]:
        """Number of a cell's style to "moment" or "day", where its format shows one."""
        root = self._tree("xl/styles.xml")
        if root is None:
            return {}
        codes: dict[int, str] = {}
        for one in root.iter():
            if _tag(one.tag) == "numFmt" and (one.get("numFmtId") or "").isdecimal():
                codes[int(one.get("numFmtId", "0"))] = one.get("formatCode", "")
        formats = next((one for one in root if _tag(one.tag) == "cellXfs"), None)
        styles = {}
        for number, one in enumerate(formats if formats is not None else ()):
            written = one.get("numFmtId") or ""
            if written.isdecimal() and (shown := _shows(int(written), codes.get(int(written), ""))):
                styles[number] = shown
        return styles


def _tag(name: str) -> str:
    return name.rpartition("}")[2]


def _shows(number: int, code: str) -> str:
    if not code:
        return "moment" if number in _MOMENTS else "day" if number in _DAYS else ""
    plain = re.sub(r'"[^"]*"|\\.|_.|\*.|\[[^\]]*\]', "", code).lower()
    if not re.search("[yd]", plain):
        return ""
    return "moment" if re.search("[hs]", plain) else "day"


class _FactsReader:
    """Walks the elements of a sheet's part without building them."""

    def __init__(self, found: SheetFacts, styles: Mapping[int, str]) -> None:
        self._found, self._styles = found, styles
        self._row = self._column = -1
        self._error = self._in_error = False
        self._parser = expat.ParserCreate(namespace_separator="}")
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = None

    def read(self, stream: IO[bytes]) -> None:
        self._parser.ParseFile(stream)

    def _start(self, name: str, given: Mapping[str, str]) -> None:
        match _tag(name):
            case "c":
                self._cell(given)
            case "f":
                self._found.formulas.add((self._row, self._column))
            case "v" if self._error:
                self._parser.CharacterDataHandler = self._text
            case "row":
                number = given.get("r", "")
                self._row = int(number) - 1 if number.isdecimal() else self._row + 1
                self._column = -1
                if given.get("hidden") in ("1", "true"):
                    self._found.hidden_rows.add(self._row)
            case "col" if given.get("hidden") in ("1", "true"):
                first, last = int(given.get("min", 1)), int(given.get("max", 1))
                self._found.hidden_columns.update(range(first - 1, min(last, first + 500)))

    def _cell(self, given: Mapping[str, str]) -> None:
        letters = re.match("[A-Z]{1,3}", given.get("r", ""))
        self._column = _column(letters[0]) if letters else self._column + 1
        self._error = given.get("t") == "e"
        style = given.get("s", "")
        shown = self._styles.get(int(style), "") if style.isdecimal() else ""
        if shown == "moment":
            self._found.moments.add((self._row, self._column))
        elif shown:
            self._found.days.add((self._row, self._column))

    def _text(self, text: str) -> None:
        place = self._row, self._column
        self._found.errors[place] = (self._found.errors.get(place, "") + text)[:20]

    def _end(self, name: str) -> None:
        if self._error and _tag(name) == "v":
            self._parser.CharacterDataHandler = None


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number - 1
