"""The only writer of the journal: facts in, chained leaves out, in the transaction of what they tell.

``unit_of_work`` is a transaction with a collector. ``append`` puts a fact into it at once, wherever it happens; the
outermost unit chains them all as its last act. The chain has one head row: whoever holds it keeps all others waiting,
so it is locked once per transaction, and last.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Protocol
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Model

from doudi.engine import journal
from doudi.engine.errors import DoudiError
from doudi.engine.folding import sound
from doudi.engine.journal import ActorKind
from doudi.web import clock
from doudi.web.journal.models import FreeText, Head, Leaf
from doudi.web.sql.insert import bulk_insert, insert_then

#: the form of leaves that are written now; those of the first form bear no ``v`` and stay as they are
FORM = 2

_HEAD = f'"{Head._meta.db_table}"'


class _Unit(list["Fact"]):
    """The facts of a unit of work, and what is done once they are certain."""

    def __init__(self) -> None:
        super().__init__()
        self.effects: list[Callable[[], object]] = []


_collected: ContextVar[_Unit | None] = ContextVar("doudi_facts", default=None)


class JournalTransactionError(DoudiError):
    """A fact was appended outside a unit of work, where it could part from what it tells."""


class Actor(Protocol):
    """What the journal needs to know of an actor: plain values, since people stand above."""

    @property
    def kind(self) -> ActorKind: ...
    @property
    def person(self) -> object | None: ...
    @property
    def post(self) -> object | None: ...


class Event(Protocol):
    """The shape of an event row of a matter or a report."""

    pk: UUID
    kind: str
    at: datetime
    post_id: str | None
    person_id: UUID | None
    actor: str | None
    happened_at: datetime | None
    happened_source: str | None
    payload: dict[str, object]


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing that happened. ``about`` names the record; ``payload`` is typed and free of personal data.

    ``at`` is when we recorded it, ``happened`` when it was, as somebody else says, and who. Events from before actors
    were told have no ``actor``.
    """

    event: UUID
    kind: str
    about: str
    at: datetime
    post: str | None
    person: str | None
    payload: Mapping[str, object]
    actor: str | None = None
    happened: tuple[datetime, str] | None = None

    @classmethod
    def new(cls, kind: str, about: str, payload: Mapping[str, object], *, by: Actor | None = None) -> Fact:
        """A fact without an event row of its own, happening now."""
        post = getattr(by, "post", None)
        person = getattr(by, "person", None)
        return cls(
            clock.new_id(),
            kind,
            about,
            clock.now(),
            getattr(post, "code", None),
            str(person.pk) if person is not None else None,
            payload,
            (by.kind if by is not None else ActorKind.SYSTEM).value,
        )

    @classmethod
    def of_event(cls, event: Event, about: str) -> Fact:
        """The fact that an event row tells; fsck builds it again and compares it with the leaf."""
        person = str(event.person_id) if event.person_id else None
        happened = (event.happened_at, event.happened_source or "") if event.happened_at else None
        return cls(event.pk, event.kind, about, event.at, event.post_id, person, event.payload, event.actor, happened)

    def body(self) -> dict[str, object]:
        """The canonical body of the leaf, before the chain adds ``seq`` and ``prev``."""
        body: dict[str, object] = {
            "v": FORM,
            "event": str(self.event),
            "kind": self.kind,
            "about": self.about,
            "at": plain(self.at),
            "post": self.post,
            "person": self.person,
            "payload": dict(self.payload),
        }
        if self.actor:
            body["actor"] = self.actor
        if self.happened:
            body["happened"] = {"at": plain(self.happened[0]), "source": self.happened[1]}
        return body


def plain(value: object) -> object:
    """A column's value as an event's payload holds it: text, whole number, truth or nothing."""
    if value is None or isinstance(value, (bool, int, str)):
        return str(value) if isinstance(value, str) else value
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    if isinstance(value, (list, tuple)):
        return [plain(one) for one in value]
    if isinstance(value, Mapping):
        return {str(key): plain(one) for key, one in value.items()}
    return str(getattr(value, "pk", value))


@contextmanager
def unit_of_work() -> Iterator[None]:
    """One transaction with the facts of all that it does; also a decorator (``@unit_of_work()``).

    Units nest: an inner one is a savepoint, and when it is rolled back its facts go with its rows. The outermost unit
    chains what was collected as the last writes of its transaction.
    """
    outer = _collected.get()
    facts = _Unit() if outer is None else outer
    before, effects = len(facts), len(facts.effects)
    token = _collected.set(facts)
    try:
        with transaction.atomic():
            yield
            if transaction.get_rollback():
                del facts[before:], facts.effects[effects:]
            elif outer is None:
                _chain(facts)
    except BaseException:
        del facts[before:], facts.effects[effects:]
        raise
    finally:
        _collected.reset(token)
    if outer is None:
        for effect in facts.effects:
            effect()


def afterwards(effect: Callable[[], object]) -> None:
    """Do what no rollback can take back once the outermost unit of work is certain; at once where there is none.

    Whoever asks sees to it that it is made up for where the process ends in between.
    """
    unit = _collected.get()
    if unit is None:
        effect()
    else:
        unit.effects.append(effect)


def append(*facts: Fact) -> None:
    """Collect facts; the outermost unit of work chains them. Raises JournalTransactionError outside of one."""
    collected = _collected.get()
    if collected is None:
        raise JournalTransactionError("留痕必须与它记录的事实在同一个事务里写入。")
    collected.extend(facts)


def _chain(facts: Sequence[Fact]) -> None:
    if not facts:
        return
    bodies = [fact.body() for fact in facts]
    after, links = journal.append(_locked_head(), bodies)
    leaves = [
        Leaf(seq=link.seq, event=fact.event, body=link.body.decode(), hash=link.hash)
        for fact, link in zip(facts, links, strict=True)
    ]
    insert_then(leaves, f"UPDATE {_HEAD} SET size = %s, last_hash = %s WHERE id = 1", [after.size, after.last_hash])


def _locked_head() -> journal.Head:
    """The end of the chain, held by this transaction from now on. SQLite has one writer, who holds all there is."""
    read = f"SELECT size, last_hash FROM {_HEAD} WHERE id = 1"
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            read += " FOR UPDATE"
        cursor.execute(read)
        row = cursor.fetchone()
    if row is None:
        # Two who begin the chain at once: one makes the row, and both wait for it.
        Head.objects.get_or_create(id=1)
        return _locked_head()
    return journal.Head(*row)


def keep_text(text: str) -> FreeText | None:
    """Store what a person wrote, erasable; None for nothing. Its commitment goes into the event's payload."""
    text = sound(text).strip()
    if not text:
        return None
    kept = FreeText(salt=os.urandom(16), text=text)
    bulk_insert([kept])
    return kept


def text_payload(kept: FreeText | None) -> dict[str, object]:
    """``{"words": {"id", "c"}}`` for an event's payload: the salted commitment to the words."""
    if kept is None:
        return {}
    return {"words": {"id": str(kept.pk), "c": journal.commitment(bytes(kept.salt), kept.text)}}


def erase_texts(ids: Collection[UUID]) -> None:
    """Erase salt and text; the journal stays provable and can no longer be opened there."""
    FreeText.objects.filter(pk__in=ids, erased_at=None).update(text="", salt=b"", blocked=None, erased_at=clock.now())


def texts_in(places: Iterable[tuple[type[Model], str, Iterable[str]]], owners: Collection[object]) -> list[UUID]:
    """The texts that rows of these tables name, each table with its way to the owner and the columns that name them."""
    found: dict[UUID, None] = {}
    for table, way, columns in places:
        for column in columns:
            rows = table._default_manager.filter(**{f"{way}__in": owners, f"{column}__isnull": False})
            found |= dict.fromkeys(rows.order_by("pk").values_list(column, flat=True))
    return list(found)


def block_texts(ids: Collection[UUID]) -> None:
    """Take the texts out of everybody's sight; they and their salts stay under the town's seal."""
    for kept in FreeText.objects.filter(pk__in=ids, erased_at=None, blocked=None):
        kept.blocked, kept.text = kept.text, ""
        kept.save(update_fields=["blocked", "text"])


def unblock_texts(ids: Collection[UUID]) -> None:
    """Bring blocked texts back to where everybody reads them."""
    for kept in FreeText.objects.filter(pk__in=ids, blocked__isnull=False):
        kept.text, kept.blocked = kept.said, None
        kept.save(update_fields=["blocked", "text"])
