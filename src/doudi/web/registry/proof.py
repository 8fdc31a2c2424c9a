"""What a check finds, and how it walks over tables of any size."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

from django.db.models import Model, QuerySet

from doudi.engine.messages import Message, msg

Row = TypeVar("Row", bound=Model)


class Telling(Protocol):
    """An event whose payload tells what columns became."""

    @property
    def payload(self) -> Mapping[str, Any]: ...


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that should always be true and is not. ``code`` never changes its meaning; ``about`` names the record."""

    code: str
    about: str
    words: Message

    def __str__(self) -> str:
        return f"[{self.code}] {self.about}：{self.words}"


def fault(code: str, about: str, template: str, /, **facts: object) -> Fault:
    return Fault(code, about, msg(template, **facts))


class Progress(Protocol):
    """Called now and then during a long check: its name, rows done, rows in all (0: not counted)."""

    def __call__(self, name: str, done: int, total: int, /) -> None: ...


@dataclass(frozen=True, slots=True)
class Walk:
    """Goes over a table in the order of its key, a few hundred rows at a time, and says how far it is."""

    name: str
    progress: Progress | None = None

    def over(self, rows: QuerySet[Row], *, size: int = 500) -> Iterator[list[Row]]:
        """Lists of at most ``size`` rows. By key and not by offset: the last million costs no more than the first."""
        total = rows.count() if self.progress else 0
        last, done = None, 0
        ordered = rows.order_by("pk")
        while True:
            chunk = list(ordered[:size] if last is None else ordered.filter(pk__gt=last)[:size])
            if not chunk:
                return
            yield chunk
            last, done = chunk[-1].pk, done + len(chunk)
            if self.progress:
                self.progress(self.name, done, total)


def grouped(rows: Iterable[Row], column: str) -> dict[object, list[Row]]:
    """The rows by the value of a column, each list in the order given."""
    found: dict[object, list[Row]] = defaultdict(list)
    for row in rows:
        found[getattr(row, column)].append(row)
    return found


def told_by(events: Iterable[Telling], before: Mapping[str, object] | None = None) -> dict[str, object]:
    """The columns of a row as its events tell them, one after the other; ``before``: what columns held that came later."""
    state: dict[str, object] = dict(before or {})
    for event in events:
        state.update(event.payload.get("set") or {})
    return state
