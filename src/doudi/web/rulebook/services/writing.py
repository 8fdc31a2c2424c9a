"""The few ways in which versions are written, shared by the steps; no one outside ``services`` calls them.

A step writes a row of its own: the one that it was given may be kept in memory as what the version was.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import Max

from doudi.web import clock, standing
from doudi.web.jobs.services import plan
from doudi.web.journal.services import Fact, happened, keep_words, words_payload
from doudi.web.people.actor import Actor
from doudi.web.rulebook.documents import digest_of
from doudi.web.rulebook.errors import DraftError
from doudi.web.rulebook.models import Version, VersionEvent

Documents = dict[str, Any]


def next_number() -> int:
    return (Version.objects.aggregate(last=Max("number"))["last"] or 0) + 1


def locked(version: Version, *states: str) -> Version:
    """The row, taken for this transaction. Raises DraftError when it is in none of ``states``."""
    row = Version.objects.select_for_update().get(pk=version.pk)
    if row.state not in states:
        raise DraftError(
            "第 {number} 版现在是“{state}”，不能这样做；请刷新页面看最新情况。", number=row.number, state=str(row.get_state_display())
        )
    return row


def rewrite(row: Version, documents: Documents) -> None:
    """Put other documents into a draft that the caller has locked."""
    row.documents, row.digest = documents, digest_of(documents)
    row.save(update_fields=["documents", "digest"])
    standing.forget()


def step(
    actor: Actor, version: Version, kind: str, payload: Mapping[str, object], words: str = "", *, power: str = "manage_rulebook",
    tell: bool = False,
) -> Fact:  # fmt: skip
    """Append the event that tells a step; with ``tell`` those who must know hear of it. Returns the fact to record."""
    standing.forget()
    standing.forget()
    kept = keep_words(words)
    last = VersionEvent.objects.filter(version=version).aggregate(last=Max("seq"))["last"] or 0
    event = VersionEvent.objects.create(
        version=version, seq=last + 1, kind=kind, post=actor.post_for(power), person=actor.person, at=clock.now(), words=kept,
        payload={**payload, **words_payload(kept)},
    )
    if tell:
        plan("tell_rulebook", f"tell_rulebook:{event.pk}", event.at, {"event": str(event.pk)})
    return happened(event, f"rulebook/{version.number}")
