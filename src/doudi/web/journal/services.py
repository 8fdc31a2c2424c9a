"""The only writer of the journal: facts in, chained leaves out, in the caller's own transaction.

``record`` is called last in a transaction: it locks the one head row, and whoever comes after waits until
this transaction has ended. Deferred foreign keys are checked before, so that the wait does not include them.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Protocol
from uuid import UUID

from django.db import connection

from doudi.engine import journal
from doudi.engine.errors import DoudiError
from doudi.engine.folding import sound
from doudi.web import clock
from doudi.web.inserting import insert_rows, insert_then
from doudi.web.journal.models import Head, Leaf, Words

_HEAD = f'"{Head._meta.db_table}"'


class JournalTransactionError(DoudiError):
    """A fact was to be recorded outside a transaction, where it could part from what it tells."""


class Actor(Protocol):
    """What the journal needs to know of whoever acts: plain values, since people stand above."""

    @property
    def person(self) -> object | None: ...
    @property
    def post(self) -> object | None: ...


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing that happened. ``about`` names the record; ``payload`` is typed and free of personal data."""

    event: UUID
    kind: str
    about: str
    at: datetime
    post: str | None
    person: str | None
    payload: Mapping[str, object]

    @classmethod
    def new(cls, kind: str, about: str, payload: Mapping[str, object], *, by: Actor | None = None) -> Fact:
        """A fact without an event row of its own, happening now."""
        post = getattr(by, "post", None)
        person = getattr(by, "person", None)
        return cls(
            clock.new_id(), kind, about, clock.now(), getattr(post, "code", None),
            str(person.pk) if person is not None else None,  # type: ignore[attr-defined]
            payload,
        )

    def body(self) -> dict[str, object]:
        """The canonical body of the leaf, before the chain adds ``seq`` and ``prev``."""
        return {
            "event": str(self.event),
            "kind": self.kind,
            "about": self.about,
            "at": self.at.astimezone(UTC).isoformat(timespec="microseconds"),
            "post": self.post,
            "person": self.person,
            "payload": dict(self.payload),
        }


class Event(Protocol):
    """The shape of an event row of a matter or a report."""

    pk: UUID
    kind: str
    at: datetime
    post_id: str | None
    person_id: UUID | None
    payload: dict[str, object]


def happened(event: Event, about: str) -> Fact:
    """The fact that an event row tells; fsck builds it again and compares it with the leaf."""
    person = str(event.person_id) if event.person_id else None
    return Fact(event.pk, event.kind, about, event.at, event.post_id, person, event.payload)


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


def record(facts: Sequence[Fact]) -> None:
    """Chain the facts to the journal. Must be the last write of the transaction that they tell of."""
    if not facts:
        return
    if not connection.in_atomic_block:
        raise JournalTransactionError("留痕必须与它记录的事实在同一个事务里写入。")
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


def keep_words(text: str) -> Words | None:
    """Store what a person wrote, erasable; None for nothing. Its commitment goes into the event's payload."""
    text = sound(text).strip()
    if not text:
        return None
    words = Words(salt=os.urandom(16), text=text)
    insert_rows([words])
    return words


def words_payload(words: Words | None) -> dict[str, object]:
    """``{"words": {"id", "c"}}`` for an event's payload: the salted commitment to the words."""
    if words is None:
        return {}
    return {"words": {"id": str(words.pk), "c": journal.commitment(bytes(words.salt), words.text)}}


def erase_words(words: Words) -> None:
    """Erase salt and text; the journal stays provable and can no longer be opened there."""
    Words.objects.filter(pk=words.pk).update(text="", salt=b"", erased_at=clock.now())


def look(by: Actor, kind: str, about: str, why: str) -> None:
    """Journal that a protected thing was looked at, by whom and for what purpose (free words, so erasable)."""
    record([Fact.new("looked", about, {"what": kind, **words_payload(keep_words(why))}, by=by)])
