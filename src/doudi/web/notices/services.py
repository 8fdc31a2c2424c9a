"""The only writer of notices."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction

from doudi.engine.words import Words
from doudi.web import clock
from doudi.web.notices.models import Notice
from doudi.web.people.actor import Actor


def send(rows: Iterable[tuple[str, str, str, Words, str, bool]]) -> int:
    """Tell posts something. Rows: (post code, kind, key, words, path, urgent); a key that was sent before is skipped."""
    notices = [
        Notice(
            post_id=post, kind=kind, key=key, template=words.template, facts={name: _stored(fact) for name, fact in words.facts.items()},
            path=path, urgent=urgent, sent_at=clock.now(),
        )
        for post, kind, key, words, path, urgent in rows
    ]
    return len(Notice.objects.bulk_create(notices, ignore_conflicts=True))


def _stored(fact: object) -> object:
    """A sentence inside the sentence keeps its template, so that each reader is told it in their own language."""
    return {"template": fact.template, "facts": dict(fact.facts)} if isinstance(fact, Words) else str(fact)


@transaction.atomic
def acknowledge(actor: Actor, ids: Iterable[object]) -> int:
    """The reader has seen these notices; only those of the reader's own posts count."""
    return Notice.objects.filter(pk__in=list(ids), post__in=actor.posts, read_at__isnull=True).update(
        read_at=clock.now(), read_by=actor.person
    )
