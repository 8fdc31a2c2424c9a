"""What the log may hold: when, where in our code, which request; never what anybody wrote or who anybody is.

Our own sentences are templates with facts chosen by us. Of other programs' lines only the template is kept, since
their facts may be an address with a secret in it, a search, a login name. Of an error its class and the places it
passed are kept; its message may quote a row of the database.
"""

from __future__ import annotations

import json
import logging
import re
import traceback
from contextvars import ContextVar
from datetime import UTC, datetime
from types import TracebackType

#: set for as long as a request is served: its id and its route, that is the address without what it names
request_id: ContextVar[str] = ContextVar("doudi_request_id", default="")

_OURS = ("doudi",)
_PACKAGE = re.compile(r".*/(?=(doudi|django|site-packages)/)")
_DEEPEST = 12
#: facts that one of our lines may bring along
_FACTS = ("method", "route", "status", "ms", "job", "kind", "attempt")


class SafeLine(logging.Formatter):
    """One line a record: JSON for machines (``form="json"``), or the same facts for eyes."""

    def __init__(self, form: str = "json") -> None:
        super().__init__()
        self._form = form

    def format(self, record: logging.LogRecord) -> str:
        told = self._told(record)
        if self._form == "json":
            return json.dumps(told, ensure_ascii=True, default=str)
        more = " ".join(
            f"{name}={value}" for name, value in told.items() if name not in ("at", "level", "logger", "says")
        )
        line = f"{told['at']} {told['level']} {told['logger']} {told['says']} {more}".rstrip()
        return "".join(sign if sign.isprintable() else " " for sign in line)

    def _told(self, record: logging.LogRecord) -> dict[str, object]:
        ours = record.name.split(".")[0] in _OURS
        told: dict[str, object] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "says": record.getMessage() if ours else str(record.msg) if record.args else _quiet(str(record.msg)),
        }
        if request := request_id.get():
            told["request"] = request
        told |= {name: getattr(record, name) for name in _FACTS if ours and hasattr(record, name)}
        if record.exc_info and record.exc_info[0] is not None:
            told["error"] = record.exc_info[0].__name__
            told["passed"] = passed(record.exc_info[2])
        return told


def passed(trace: TracebackType | None) -> list[str]:
    """The places an error passed, the deepest last: file, line and function, and nothing of what stood in them."""
    frames = traceback.extract_tb(trace)[-_DEEPEST:]
    return [f"{_PACKAGE.sub('', frame.filename)}:{frame.lineno} {frame.name}" for frame in frames]


def _quiet(message: str) -> str:
    """A line put together elsewhere: its first words tell what it is about, the rest may quote somebody."""
    return re.split(r"[:'\"/]", message, maxsplit=1)[0][:80]
