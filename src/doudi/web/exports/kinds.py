"""What a slice declares of each table that can be taken along. Its rows are opened anew for the person each time."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict

from doudi.engine.people.vocabulary import Power
from doudi.web.people.actor import Actor
from doudi.web.tables.writing import Column

#: rows, and where the rows behind them begin; nothing where there are none
Portion = tuple[Sequence[Any], str]


@dataclass(frozen=True, slots=True)
class Sheet:
    """One table, narrowed to what the person may see and to what was asked.

    ``portions`` begins behind a cursor (at first none); ``count`` says how many rows as far as one more than asked, and
    ``whole`` how many in all, where that is known cheaply. ``name`` gives the number of the record that a row tells of,
    with a star where it is told as what is secret is.
    """

    title: str
    columns: Sequence[Column[Any]]
    portions: Callable[[str], Iterator[Portion]]
    count: Callable[[int], int]
    whole: Callable[[], int | None] = lambda: None
    name: Callable[[Any], str] = lambda row: ""


def of_list(
    title: str, columns: Sequence[Column[Any]], rows: Sequence[Any], name: Callable[[Any], str] = lambda row: ""
) -> Sheet:
    """A table whose rows are at hand, cut into portions by their places."""

    def portions(cursor: str) -> Iterator[Portion]:
        for start in range(int(cursor or 0), len(rows), PORTION):
            end = start + PORTION
            yield rows[start:end], str(end) if end < len(rows) else ""

    return Sheet(title, columns, portions, lambda most: len(rows), lambda: len(rows), name)


PORTION = 1000


@dataclass(frozen=True, slots=True)
class ExportKind:
    """A table that can be taken along by whoever has the power.

    ``opened`` gives it for a person and the fields of an address. ``record``: what the journal calls the records that its
    rows tell of; ``held``: of their names, how many the person may still read as they were told. ``typed``: fields that
    hold what somebody typed; ``foreign``: the columns are somebody else's. The journal tells neither.
    """

    kind: str
    title: str
    opened: Callable[[Actor, QueryDict], Sheet]
    power: Power = Power.EXPORT
    record: str = ""
    held: Callable[[Actor, Sequence[str]], int] = lambda actor, names: len(names)
    typed: frozenset[str] = frozenset({"q"})
    foreign: bool = False

    @property
    def key(self) -> str:
        return self.kind
