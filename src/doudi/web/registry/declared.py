"""What a slice may declare in its ``declares.py``: plain typed values, each with the ``key`` that names it once.

Texts are Chinese source texts with ``{facts}``; anyone who shows one translates it. Nothing here reads or writes.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Protocol

from django.db.models import Model, QuerySet
from django.db.models.expressions import Combinable

from doudi.engine.people.vocabulary import Power
from doudi.web.registry.proof import Fault, Walk

Payload = Mapping[str, Any]
#: the rows of a table that stand untouched since before the moment
Since = Callable[[QuerySet[Model], datetime], QuerySet[Model]]


class Declared(Protocol):
    """Any of the values below."""

    @property
    def key(self) -> Hashable: ...


class Pace(StrEnum):
    """How a job is done: in a transaction of its own, with others in one, or in several that the handler makes itself.

    ``TOGETHER`` is for handlers that only write a few rows. A ``LONG`` one may be repeated from any point without harm.
    """

    ALONE = "alone"
    TOGETHER = "together"
    LONG = "long"


@dataclass(frozen=True, slots=True)
class JobKind:
    """A kind of background work: its name for people, and what is done with the job's payload."""

    kind: str
    name: str
    run: Callable[[Payload], object]
    pace: Pace = Pace.ALONE

    @property
    def key(self) -> str:
        return self.kind


@dataclass(frozen=True, slots=True)
class Sweep:
    """A look over what became due. It returns how many things it did. ``slow``: every five minutes, not four times in one."""

    name: str
    look: Callable[[], int]
    slow: bool = False

    @property
    def key(self) -> str:
        return self.name


class Told(StrEnum):
    """Who is told of what stands too long: the post that answers for the row, the duty desk, or the shift leaders."""

    HOLDER = "holder"
    ANSWERER = "answerer"
    DESK = "desk"
    SHIFT_LEADER = "shift_leader"


@dataclass(frozen=True, slots=True)
class Bound:
    """A row that stands longer than ``within`` is told to ``told``, once until it is touched."""

    within: timedelta
    told: Told
    text: str
    since: Since
    urgent: bool = False


@dataclass(frozen=True, slots=True)
class State:
    """One state of a table: how it looks, and why no row is forgotten in it.

    Exactly one of the three holds: it has ``bounds``, it is ``final``, or a row may ``rest`` in it for the reason given.
    """

    name: str
    tone: str
    icon: str
    bounds: tuple[Bound, ...] = ()
    final: bool = False
    rest: str = ""


@dataclass(frozen=True, slots=True)
class Life:
    """All states of a table (its column ``state`` or ``status``), and what is said of a row that stands too long.

    ``facts`` fills the bounds' texts; ``path`` is the row's page; ``post`` is the code of the post that answers for it.
    ``stamp`` names a column that rises when the row is touched, so that it is told again when it comes to stand again.
    """

    table: type[Model]
    states: tuple[State, ...]
    facts: Callable[[Any], Mapping[str, object]] = lambda row: {}
    path: Callable[[Any], str] = lambda row: ""
    post: Callable[[Any], str] | None = None
    stamp: str = ""

    @property
    def key(self) -> type[Model]:
        return self.table

    def named(self, name: str) -> State | None:
        """The state of that name, if this version knows it."""
        return next((one for one in self.states if one.name == name), None)

    @property
    def column(self) -> str:
        """The column that holds the state."""
        return "state" if any(field.name == "state" for field in self.table._meta.fields) else "status"


@dataclass(frozen=True, slots=True)
class PublicTitle:
    """What the reporter reads of an event, with icon and tone."""

    title: str
    icon: str
    tone: str


@dataclass(frozen=True, slots=True)
class EventKind:
    """One kind of event: its title with ``{facts}`` for staff, icon and tone. Without ``public`` no reporter is told of it."""

    name: str
    title: str
    icon: str
    tone: str
    public: PublicTitle | None = None


@dataclass(frozen=True, slots=True)
class Events:
    """All kinds of events of a table. In the journal they are about ``record``/number, as in ``matter/20260001``.

    ``number`` leads from an event to its record's number: a way of columns, or an expression. ``complete``: each fact about
    such a record is one of its events, save those named in ``facts``.
    """

    table: type[Model]
    record: str
    number: str | Combinable
    kinds: tuple[EventKind, ...]
    complete: bool = False
    facts: frozenset[str] = frozenset()

    def named(self, name: str) -> EventKind | None:
        """The kind of that name, if this version knows it."""
        return next((one for one in self.kinds if one.name == name), None)

    @property
    def key(self) -> type[Model]:
        return self.table


@dataclass(frozen=True, slots=True)
class NoticeKind:
    """What a post is told: the text, and for an urgent one how long its acknowledgement is waited for.

    ``patience`` None: as long as the matter's lane allows. ``to_holder``: it asks its post to act as the holder, and asks
    no more once the matter has passed on.
    """

    kind: str
    text: str = ""
    patience: timedelta | None = None
    to_holder: bool = False

    @property
    def key(self) -> str:
        return self.kind


@dataclass(frozen=True, slots=True)
class Check:
    """One line of what is always true: ``says`` in words, ``run`` gives the places where it fails."""

    name: str
    says: str
    run: Callable[[Walk], Iterable[Fault]]

    @property
    def key(self) -> str:
        return self.name


@dataclass(frozen=True, slots=True)
class Guard:
    """Rows of ``table`` are never removed. ``columns``: those that never change (none named: no column does).

    ``ending``: a column that may be filled once, while it is empty; after that the whole row stands.
    """

    table: str
    columns: tuple[str, ...] = ()
    ending: str = ""

    @property
    def names(self) -> tuple[str, ...]:
        """The names of its triggers."""
        kinds = ("no_delete", "no_update", *(("ended",) if self.ending else ()))
        return tuple(f"{self.table}_{kind}" for kind in kinds)

    @property
    def key(self) -> str:
        return self.table


@dataclass(frozen=True, slots=True)
class HealthCheck:
    """A part of the platform that may be in trouble: ``look`` gives one word for the trouble, or nothing.

    ``grave``: no requests should come here while it lasts. ``needs_database``: not asked while that itself is in trouble.
    """

    part: str
    look: Callable[[], str]
    grave: bool = True
    needs_database: bool = True

    @property
    def key(self) -> str:
        return self.part


@dataclass(frozen=True, slots=True)
class NavItem:
    """A way through the desk, shown to anyone who has any of ``powers``; none named: everybody who signed in.

    ``page`` is the name of its address, ``also`` those of others that belong to it; ``place`` orders the items.
    """

    page: str
    label: str
    icon: str
    place: int
    powers: frozenset[Power] = frozenset()
    also: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        return self.page
