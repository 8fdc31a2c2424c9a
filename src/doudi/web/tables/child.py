"""The other process (`sandbox`): decodes one file and says its rows. It knows no Django and no database.

A text file: ``{"lines": true}``, then lines. A workbook: ``{"sheets": […], "properties": {…}}``, each sheet with its
name, state, whether it holds something, and its first lines; hears the number of the sheet to read; says
``{"merged": […], "hidden_rows": n, "hidden_columns": […]}``, then its lines. A GeoJSON: each feature. Or one
``{"refused": [template, facts]}``.
"""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterator
from datetime import date, datetime, time, timedelta
from itertools import islice
from pathlib import Path
from typing import Any

from doudi.web.tables.cells import LOOK_AHEAD, Cell, RawLine, TableError
from doudi.web.tables.delimited import read_delimited
from doudi.web.tables.packages import BROKEN, LOCKED, Package, SheetFacts, check_compound, check_package

Say = Callable[[object], None]
_MIDNIGHT = time()


def main(say: Say, hear: Callable[[], Any], sort: str, path: str) -> None:
    """Read the file at ``path`` as ``sort``: "text", "book" or "features"."""
    try:
        match sort:
            case "text":
                _text(say, Path(path))
            case "book":
                _book(say, hear, Path(path))
            case "features":
                _features(say, Path(path))
    except TableError as error:
        say({"refused": [error.template, error.facts]})


def _text(say: Say, path: Path) -> None:
    with path.open("rb") as file:
        say({"lines": True})
        for line in read_delimited(file):
            say(_said(line))


def _features(say: Say, path: Path) -> None:
    try:
        document = json.loads(path.read_text(encoding="utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise TableError("{file} 不是 JSON：{why}", file=path.name, why=str(error)[:200]) from error
    features = document.get("features") if isinstance(document, dict) else None
    if not isinstance(features, list):
        raise TableError("{file} 不是 GeoJSON 的 FeatureCollection。", file=path.name)
    for feature in features:
        say({"feature": feature})


def _book(say: Say, hear: Callable[[], Any], path: Path) -> None:
    from python_calamine import CalamineError, CalamineWorkbook, PasswordError, SheetTypeEnum, SheetVisibleEnum

    raw = path.read_bytes()
    packed = raw.startswith(b"PK")
    check_package(path) if packed else check_compound(raw)
    states = ((SheetVisibleEnum.Visible, "visible"), (SheetVisibleEnum.Hidden, "hidden"))
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(raw))
        package = Package(path) if packed else None
        sheets = [
            (
                one.name,
                next((state for seen, state in states if seen == one.visible), "very hidden"),
                book.get_sheet_by_name(one.name),
            )
            for one in book.sheets_metadata
            if one.typ == SheetTypeEnum.WorkSheet
        ]
    except PasswordError as error:
        raise TableError(LOCKED) from error
    except (CalamineError, OSError, ValueError, KeyError) as error:
        raise TableError(BROKEN) from error
    facts = [package.facts(name) if package and state == "visible" else SheetFacts() for name, state, _ in sheets]
    told = [
        {
            "name": name,
            "state": state,
            "filled": sheet.height > 0,
            "head": [_said(line) for line in islice(_lines(sheet, about), LOOK_AHEAD)] if state == "visible" else [],
        }
        for (name, state, sheet), about in zip(sheets, facts, strict=True)
    ]
    say({"sheets": told, "properties": dict(package.properties()) if package else {}})
    chosen = hear()
    if not isinstance(chosen, int):
        return
    sheet, about = sheets[chosen][2], facts[chosen]
    say(
        {
            "merged": [[*first, *last] for first, last in sheet.merged_cell_ranges or ()],
            "hidden_rows": len(about.hidden_rows),
            "hidden_columns": sorted(about.hidden_columns),
        }
    )
    for line in _lines(sheet, about):
        say(_said(line))


def _lines(sheet: Any, about: SheetFacts) -> Iterator[RawLine]:
    """The rows with their true places: our library pads rows above the first cell, but not columns before it."""
    if not sheet.height:
        return
    left = sheet.start[1] if sheet.start else 0
    known = bool(about.moments or about.days)
    columns = set() if known else _moment_columns(sheet, left)
    for number, row in enumerate(sheet.iter_rows()):
        cells = [None] * left + [_plain(cell) for cell in row]
        for place, cell in enumerate(cells):
            if type(cell) is date and ((number, place) in about.moments or place in columns):
                # A whole serial is a midnight where its format, or its column, tells moments.
                cells[place] = datetime.combine(cell, _MIDNIGHT)
            elif isinstance(cell, datetime) and cell.time() == _MIDNIGHT and (number, place) in about.days:
                cells[place] = cell.date()
        yield RawLine(
            number + 1,
            tuple(cells),
            formulas=frozenset(place for place in range(len(cells)) if (number, place) in about.formulas),
            errors={
                place: about.errors[number, place] for place in range(len(cells)) if (number, place) in about.errors
            },
        )


def _moment_columns(sheet: Any, left: int) -> set[int]:
    """Where no format is known: the columns in which some cell has a time of day."""
    return {
        left + place
        for row in sheet.iter_rows()
        for place, cell in enumerate(row)
        if isinstance(cell, datetime) and cell.time() != _MIDNIGHT
    }


def _plain(cell: object) -> Cell:
    match cell:
        case "":
            return None
        case time():
            return cell.isoformat("seconds")
        case timedelta():
            return str(cell)
        case None | str() | bool() | int() | float() | date():
            return cell
    return str(cell)


def _said(line: RawLine) -> dict[str, object]:
    """A line as JSON can say it."""
    said: dict[str, object] = {"line": line.number, "cells": [_json(cell) for cell in line.cells]}
    if line.fault is not None:
        said["fault"] = [line.fault.template, dict(line.fault.facts)]
    if line.formulas:
        said["formulas"] = sorted(line.formulas)
    if line.errors:
        said["errors"] = {str(place): text for place, text in line.errors.items()}
    return said


def _json(cell: Cell) -> object:
    match cell:
        case datetime():
            return {"at": cell.isoformat()}
        case date():
            return {"on": cell.isoformat()}
        case _:
            return cell
