"""The other process: reads one workbook and prints its rows as JSON lines. Started by file, alone, without our package.

First line ``{"others": […]}``, then ``{"row", "cells"}`` each, at last ``{"end": true}``; or one line
``{"refused": "locked" | "broken"}``.
"""

from __future__ import annotations

import contextlib
import io
import json
import sys
from datetime import date, datetime, time, timedelta

_MEMORY, _SECONDS = 384 << 20, 60


def bound() -> None:
    """No more memory and time than an honest table needs."""
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
        resource.setrlimit(resource.RLIMIT_CPU, (_SECONDS, _SECONDS))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def plain(cell: object) -> object:
    """A cell as JSON can say it."""
    match cell:
        case "":
            return None
        case datetime():
            return {"at": cell.isoformat()}
        case date():
            return {"on": cell.isoformat()}
        case time():
            return cell.isoformat("seconds")
        case timedelta():
            return str(cell)
        case _:
            return cell


def say(answer: dict[str, object]) -> None:
    sys.stdout.write(json.dumps(answer, ensure_ascii=False) + "\n")


def main(path: str) -> None:
    from python_calamine import CalamineError, CalamineWorkbook, PasswordError, SheetTypeEnum, SheetVisibleEnum

    try:
        with open(path, "rb") as file:
            book = CalamineWorkbook.from_filelike(io.BytesIO(file.read()))
        sheets = [
            (one.name, book.get_sheet_by_name(one.name))
            for one in book.sheets_metadata
            if one.typ == SheetTypeEnum.WorkSheet and one.visible == SheetVisibleEnum.Visible
        ]
    except PasswordError:
        say({"refused": "locked"})
        return
    except (CalamineError, OSError, ValueError):
        say({"refused": "broken"})
        return
    filled = [(name, sheet) for name, sheet in sheets if sheet.height]
    say({"others": [name for name, _ in filled[1:]]})
    for number, row in enumerate(filled[0][1].iter_rows() if filled else (), start=1):
        say({"row": number, "cells": [plain(cell) for cell in row]})
    say({"end": True})


if __name__ == "__main__":
    bound()
    sys.stdout.reconfigure(encoding="utf-8", errors="backslashreplace")  # type: ignore[union-attr]
    main(sys.argv[1])
