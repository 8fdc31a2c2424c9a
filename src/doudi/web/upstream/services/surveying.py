"""See a file once from end to end, before anything is stored."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from doudi.engine.messages import Message
from doudi.web.tables.reading import Row, opened
from doudi.web.upstream import columns as naming
from doudi.web.upstream.columns import Columns, ColumnsError, Guess
from doudi.web.upstream.fields import BY_NAME
from doudi.web.upstream.queries import remembered

SAMPLES = 5
_LOOKED_AT = 50


@dataclass(frozen=True, slots=True)
class Survey:
    """A file seen once from end to end: headers, first rows, number of rows, and what its columns seem to mean."""

    headers: tuple[str, ...]
    samples: tuple[Row, ...]
    total: int
    guess: Guess
    remarks: tuple[Message, ...]


class ColumnsNeededError(ColumnsError):
    """A person must say what some columns mean; ``survey`` tells how far we came."""

    def __init__(self, seen: Survey) -> None:
        self.survey = seen
        super().__init__(
            "还不能确定哪一列是：{doubts}。文件里的列：{headers}。请指明，例如 --map {example}=列名。",
            doubts="、".join(BY_NAME[name].label for name in seen.guess.doubts),
            headers="、".join(seen.headers),
            example=seen.guess.doubts[0],
        )


def survey(path: Path, *, count: bool = True) -> Survey:
    """Read the file without storing anything: to its end, or its first rows alone (then ``total`` counts those).

    Raises `TableError`.
    """
    with opened(path, naming.meaning_of, free=naming.FREE) as table:
        first = tuple(islice(table.rows, _LOOKED_AT))
        total = len(first) + (sum(1 for _ in table.rows) if count else 0)
        return Survey(table.headers, first[:SAMPLES], total, naming.guess(table.headers, first), table.remarks)


def settle(system: str, seen: Survey) -> Columns | None:
    """The mapping remembered for such files, or the guess where it is beyond doubt; None when a person must say."""
    known = remembered(system, seen.headers)
    if known and not naming.asks_for_coordinates(known):
        return known
    return seen.guess.columns if not known and not seen.guess.doubts else None
