"""The only writer of notices."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction

from doudi.engine.words import Words
from doudi.web import clock
from doudi.web.inserting import insert_rows
from doudi.web.notices.models import Notice
from doudi.web.people.actor import Actor


def send(rows: Iterable[tuple[str, str, str, Words, str, bool]]) -> int:
    """Tell posts something. Rows: (post code, kind, key, words, path, urgent); a key that was sent before is skipped."""
    return len(_sent(rows))


def send_once(row: tuple[str, str, str, Words, str, bool]) -> bool:
    """The same for one, and whether it was we who sent it: of two at once, one is told so."""
    return Notice.objects.filter(pk__in=[one.pk for one in _sent([row])]).exists()


def _sent(rows: Iterable[tuple[str, str, str, Words, str, bool]]) -> list[Notice]:
    notices = [
        Notice(
            post_id=post, kind=kind, key=key, template=words.template, facts={name: _stored(fact) for name, fact in words.facts.items()},
            path=path, urgent=urgent, sent_at=clock.now(),
        )
        for post, kind, key, words, path, urgent in rows
    ]
    with transaction.atomic(savepoint=False):
        insert_rows(notices, once=True)
    return notices


def pass_on(notice: Notice, post: str) -> None:
    """Nobody acknowledged an urgent notice: tell the next post the same. Once, whoever comes to do it."""
    Notice.objects.bulk_create(
        [
            Notice(
                post_id=post, kind=notice.kind, key=f"relay:{notice.pk.hex}", template=notice.template, facts=notice.facts,
                path=notice.path, urgent=True, sent_at=clock.now(), relays=notice, first_id=notice.first_id or notice.pk,
            )
        ],
        ignore_conflicts=True,
    )


def lapse(ids: Iterable[object]) -> int:
    """Wait no longer for the acknowledgement: what the notice tells of has passed, or there is nobody further to tell."""
    return Notice.objects.filter(pk__in=list(ids), lapsed_at__isnull=True).update(lapsed_at=clock.now())


def _stored(fact: object) -> object:
    """A sentence inside the sentence keeps its template, so that each reader is told it in their own language."""
    return {"template": fact.template, "facts": dict(fact.facts)} if isinstance(fact, Words) else str(fact)


@transaction.atomic
def acknowledge(actor: Actor, ids: Iterable[object]) -> int:
    """The reader has seen these notices; only those of the reader's own posts count."""
    return Notice.objects.filter(pk__in=list(ids), post__in=actor.posts, read_at__isnull=True).update(
        read_at=clock.now(), read_by=actor.person
    )
