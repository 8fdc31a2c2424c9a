"""Read XLSX and XLS. The parser runs in a process of its own with bounded memory and time: whatever a file does to it,
the platform goes on.

A package of 20 MiB can unfold to gigabytes, two cells at far corners to a sheet of 17 thousand million, one long text
that a million cells refer to, to a million texts: the first is counted here, the others die in the other process.
"""

from __future__ import annotations

import json
import subprocess
import sys
import zipfile
import zlib
from collections.abc import Generator, Iterator
from contextlib import closing
from datetime import date, datetime
from pathlib import Path
from typing import Any

from doudi.web.upstream.sheets.lines import Cell, Line, SheetError

_PARSER = Path(__file__).with_name("parser.py")
_MIB = 1 << 20
_MOST_UNPACKED, _MOST_ENTRIES, _MOST_RATIO = 200 * _MIB, 200, 100
_TOO_LARGE = "这个表格展开后过大，已停止读取。请按月或按条数拆成几个文件再导入。"
_BROKEN = "这个表格文件已损坏或不是标准格式。请用表格软件打开，另存为 XLSX 后再导入。"


def check_package(path: Path) -> None:
    """Refuse a packed workbook that would unfold too far, by counting what comes out, whatever its headers claim.

    Raises `SheetError`.
    """
    try:
        with zipfile.ZipFile(path) as package:
            entries = package.infolist()
            if len(entries) > _MOST_ENTRIES or len({entry.filename for entry in entries}) < len(entries):
                raise SheetError(_TOO_LARGE)
            if any(entry.flag_bits & 1 for entry in entries):
                raise _locked()
            unpacked = 0
            for entry in entries:
                size = 0
                with package.open(entry) as stream:
                    while chunk := stream.read(_MIB):
                        size += len(chunk)
                        unpacked += len(chunk)
                        if unpacked > _MOST_UNPACKED or size > _MIB + _MOST_RATIO * max(1, entry.compress_size):
                            raise SheetError(_TOO_LARGE)
    except (zipfile.BadZipFile, NotImplementedError, EOFError, ValueError, OSError, RuntimeError, zlib.error) as error:
        raise SheetError(_BROKEN) from error


def read_workbook(path: Path) -> tuple[tuple[str, ...], Iterator[Line]]:
    """The names of sheets that hold something but are not read, and the rows of the first visible sheet that does.

    Raises `SheetError`, at once or while the rows are read.
    """
    child = subprocess.Popen(
        [sys.executable, "-I", str(_PARSER), str(path)],
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, encoding="utf-8",
    )
    answers = _answers(child)
    try:
        first = next(answers)
    except BaseException:
        answers.close()
        raise
    return tuple(first["others"]), _rows(answers)


def _answers(child: subprocess.Popen[str]) -> Generator[dict[str, Any], None, None]:
    assert child.stdout is not None
    try:
        ended = False
        for raw in child.stdout:
            answer = json.loads(raw)
            if "refused" in answer:
                raise _locked() if answer["refused"] == "locked" else SheetError(_BROKEN)
            ended = "end" in answer
            if not ended:
                yield answer
        if not ended:
            # Killed by its memory or time limit, or crashed on what it read.
            raise SheetError(_TOO_LARGE)
    finally:
        child.kill()
        child.stdout.close()
        child.wait()


def _rows(answers: Generator[dict[str, Any], None, None]) -> Iterator[Line]:
    with closing(answers):
        for answer in answers:
            yield Line(answer["row"], tuple(_cell(one) for one in answer["cells"]))


def _cell(one: object) -> Cell:
    match one:
        case {"at": str(moment)}:
            return datetime.fromisoformat(moment)
        case {"on": str(day)}:
            return date.fromisoformat(day)
        case None | str() | bool() | int() | float():
            return one
    raise SheetError(_BROKEN)


def _locked() -> SheetError:
    return SheetError("这个表格设了打开密码。请去掉密码另存后再导入。")
