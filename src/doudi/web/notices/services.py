"""The only writer of notices."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from functools import reduce
from operator import or_
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from doudi.engine.messages import Message, msg
from doudi.web import clock
from doudi.web.journal.services import unit_of_work
from doudi.web.notices.models import Digest, Notice
from doudi.web.people.actor import Actor
from doudi.web.sql.insert import bulk_insert


def send(rows: Iterable[tuple[str, str, str, Message, str, bool]]) -> int:
    """Tell posts something. Rows: (post code, kind, key, words, path, urgent); a key that was sent before is skipped.

    What is urgent reaches a post by itself. The rest joins the one digest of the post and the day.
    """
    return len(_sent(rows))


def send_once(row: tuple[str, str, str, Message, str, bool]) -> bool:
    """The same for one, and whether it was we who sent it: of two at once, one is told so."""
    return Notice.objects.filter(pk__in=[one.pk for one in _sent([row])]).exists()


def _sent(rows: Iterable[tuple[str, str, str, Message, str, bool]]) -> list[Notice]:
    notices = [
        Notice(
            post_id=post,
            kind=kind,
            key=key,
            template=words.template,
            facts={name: _stored(fact) for name, fact in words.facts.items()},
            path=path,
            urgent=urgent,
            sent_at=clock.now(),
        )
        for post, kind, key, words, path, urgent in rows
    ]
    with transaction.atomic(savepoint=False):
        digests = _digests({one.post_id for one in notices if not one.urgent})
        for one in notices:
            one.digest_id = None if one.urgent else digests[one.post_id]
        bulk_insert(notices, ignore_conflicts=True)
    return notices


def _digests(posts: Iterable[str]) -> dict[str, UUID]:
    """Today's digest of each post; made where it is not there yet, in one order, so that two at once never wait crosswise."""
    day, wanted = clock.today(), sorted(posts)
    if not wanted:
        return {}
    standing = Digest.objects.filter(post__in=wanted, day=day)
    found = dict(standing.values_list("post_id", "pk"))
    if len(found) < len(wanted):
        Digest.objects.bulk_create(
            [Digest(post_id=post, day=day) for post in wanted if post not in found], ignore_conflicts=True
        )
        found = dict(standing.values_list("post_id", "pk"))
    return found


def pass_on(notice: Notice, post: str) -> None:
    """Nobody acknowledged an urgent notice: tell the next post the same. Once, no matter who comes to do it."""
    Notice.objects.bulk_create(
        [
            Notice(
                post_id=post,
                kind=notice.kind,
                key=f"relay:{notice.pk.hex}",
                template=notice.template,
                facts=notice.facts,
                path=notice.path,
                urgent=True,
                sent_at=clock.now(),
                relays=notice,
                first_id=notice.first_id or notice.pk,
            )
        ],
        ignore_conflicts=True,
    )


def hush(paths: Collection[str], instead: Message | None = None) -> None:
    """What the records at these addresses are about is not told in notices any more; that something happened stays told."""
    about = reduce(or_, (Q(path=one) | Q(path__startswith=f"{one}/") for one in paths), Q(pk__in=[]))
    for notice in Notice.objects.filter(about, facts__has_key="summary"):
        notice.facts["summary"] = _stored(instead or msg("（保密）"))
        notice.save(update_fields=["facts"])


def lapse(ids: Iterable[object]) -> int:
    """Wait no longer for the acknowledgement: what the notice tells of has passed, or there is nobody further to tell."""
    return Notice.objects.filter(pk__in=list(ids), lapsed_at__isnull=True).update(lapsed_at=clock.now())


def _stored(fact: object) -> object:
    """A sentence inside the sentence keeps its template, so that each reader is told it in their own language."""
    return {"template": fact.template, "facts": dict(fact.facts)} if isinstance(fact, Message) else str(fact)


@unit_of_work()
def acknowledge(actor: Actor, ids: Iterable[object]) -> int:
    """The reader has seen these notices; only those of the reader's own posts count."""
    return Notice.objects.filter(pk__in=list(ids), post__in=actor.posts, read_at__isnull=True).update(
        read_at=clock.now(), read_by=actor.person
    )
