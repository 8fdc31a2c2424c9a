"""What would become of a sheet: what changes, what has to be asked, and what is wrong, before anything is written."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from doudi.engine.messages import Message, msg
from doudi.web import clock
from doudi.web.people.models import Appointment, Person
from doudi.web.people.queries import appointments_on
from doudi.web.tables.cells import is_nothing, text_of
from doudi.web.tables.named import Columns, headers_of
from doudi.web.tables.reading import Row, Table, opened

#: so many questions fit on a page; a sheet with more is not one of its sort
MOST_ASKED = 60
_BETWEEN = re.compile(r"[\s、,，;；/／&＆]+")


@dataclass(frozen=True, slots=True)
class Ask:
    """A question that the sheet leaves open, with its answers; ``proposed`` is filled in and may be changed."""

    key: str
    said: str
    choices: Sequence[tuple[str, str]]
    proposed: str = ""


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong in a line: nothing of the sheet is written while there is one."""

    line: int
    why: Message


@dataclass(frozen=True, slots=True)
class Change:
    """One row that comes in. ``name`` and ``detail`` say it to people, ``values`` to whoever writes it."""

    line: int
    table: str
    name: str
    detail: str
    values: Mapping[str, Any]


@dataclass(slots=True)
class Planned:
    """``known``: how many lines stand there so already."""

    changes: list[Change] = field(default_factory=list)
    asks: list[Ask] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    remarks: list[Message] = field(default_factory=list)
    known: int = 0

    @property
    def is_ready(self) -> bool:
        return bool(self.changes) and not self.asks and not self.faults


class Asking:
    """The answers given so far; what has none yet is asked."""

    def __init__(self, plan: Planned, answers: Mapping[str, str]) -> None:
        self._plan, self._answers, self._asked = plan, answers, set[str]()

    def ask(self, key: str, said: str, choices: Sequence[tuple[str, str]], proposed: str = "") -> str | None:
        """The answer, or None: then it is asked, once, with what is proposed."""
        known = dict(choices)
        if (given := self._answers.get(key)) in known:
            return given
        if key not in self._asked:
            self._asked.add(key)
            self._plan.asks.append(Ask(key, said, choices, proposed if proposed in known else ""))
        return None


class People:
    """Who is meant by a name: one person, one of several (which is asked), or nobody."""

    def __init__(self, asking: Asking) -> None:
        self._asking = asking
        self.named: dict[str, list[Person]] = {}
        for person in Person.objects.filter(is_active=True).order_by("username"):
            self.named.setdefault(person.name, []).append(person)
        self.seats: dict[Any, list[Appointment]] = {}
        for seat in appointments_on(clock.today()):
            self.seats.setdefault(seat.person_id, []).append(seat)

    def told(self, person: Person) -> str:
        """The person with login name and posts, so that two of one name are told apart."""
        posts = "、".join(seat.post.name for seat in self.seats.get(person.pk, ()))
        return f"{person.name}（{person.username}{'，' + posts if posts else ''}）"

    def find(self, name: str) -> Person | str | None:
        """The person; ``skip`` where the name is to be left out; None where it is asked."""
        found = self.named.get(name, [])
        if len(found) == 1:
            return found[0]
        skip = ("skip", _("没有账号，先不载入"))
        choices = [*((str(one.pk), self.told(one)) for one in found), skip]
        said = _("“{name}”有 {n} 个账号，是哪一位？") if found else _("没有叫“{name}”的账号：")
        answer = self._asking.ask(f"name:{name}", said.format(name=name, n=len(found)), choices)
        return next((one for one in found if str(one.pk) == answer), answer)


@contextmanager
def read(path: Path, columns: Columns, plan: Planned, asking: Asking) -> Iterator[tuple[Table, dict[str, str]]]:
    """The table in the sheet, and the header of each of our columns that it has; other columns are said and left alone.

    Where several headers mean one of our columns, it is asked which is meant.
    """

    def meaning(header: str) -> str | None:
        return headers_of([header], columns)[0]

    with opened(path, meaning) as table:
        named: dict[str, list[str]] = {}
        strange = []
        for header in table.headers:
            name = meaning(header)
            if name is None:
                strange.append(header)
            else:
                named.setdefault(name, []).append(header)
        heads: dict[str, str] = {}
        for name, headers in named.items():
            heads[name] = headers[0] if len(headers) == 1 else _chosen(asking, name, headers)
            strange += [one for one in headers if one != heads[name]]
        plan.remarks += table.remarks
        if strange:
            plan.remarks.append(msg("没有用到的列：{columns}。", columns="、".join(strange[:12])))
        yield table, heads
        plan.remarks += [
            msg("第 {line} 行没有读取：{reason}。", line=one.line, reason=one.reason) for one in table.left_out
        ]


def _chosen(asking: Asking, name: str, headers: Sequence[str]) -> str:
    said = _("{columns}说的是同一样东西，取哪一列？").format(columns="、".join(f"“{one}”" for one in headers))
    return asking.ask(f"column:{name}", said, [(one, one) for one in headers], headers[0]) or headers[0]


def fits(plan: Planned, line: int, *cells: tuple[str, str, int]) -> bool:
    """Whether each of the cells (what it is, what stands there, how many signs there is room for) fits; a fault else."""
    for column, text, most in cells:
        if len(text) > most:
            why = msg("{column}最多 {most} 个字，这里有 {n} 个。", column=column, most=most, n=len(text))
            plan.faults.append(Fault(line, why))
            return False
    return True


def lines(table: Table, heads: Mapping[str, str], plan: Planned) -> Iterator[tuple[int, Callable[[str], str]]]:
    """Each row with its line and a way to its cells by our names; what cannot be read is a fault."""
    for row in table.rows:
        if row.fault is not None:
            plan.faults.append(Fault(row.line, row.fault))
            continue
        yield row.line, _cells(row, heads)


def _cells(row: Row, heads: Mapping[str, str]) -> Callable[[str], str]:
    return lambda name: cell(row, heads[name]) if name in heads else ""


def cell(row: Row, header: str) -> str:
    """What stands there, without what only says that nothing does."""
    text = text_of(row.cells.get(header)).strip()
    return "" if is_nothing(text) else text


def several(text: str) -> list[str]:
    """The names in one cell, whatever stands between them."""
    return [one for one in _BETWEEN.split(text.strip()) if one]


def likely(text: str, offered: Sequence[tuple[str, str]]) -> str:
    """The one offered that is called so, or is so in part; empty where none or several are."""
    same = [value for value, name in offered if name == text]
    part = [value for value, name in offered if text and (text in name or name in text)]
    found = same or part
    return found[0] if len(found) == 1 else ""
