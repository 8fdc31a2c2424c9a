"""Notices as their readers see them."""

from __future__ import annotations

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from doudi.web.notices.models import Digest, Notice
from doudi.web.people.actor import Actor


def notices_of(actor: Actor) -> QuerySet[Notice]:
    """All notices to the posts this person holds today, newest first."""
    return Notice.objects.filter(post__in=actor.posts).select_related("post", "first__post")


def digests_of(actor: Actor, *, waiting: bool = False) -> QuerySet[Digest]:
    """The daily digests of those posts; ``waiting``: only those in which something is unread."""
    rows = Digest.objects.filter(post__in=actor.posts).select_related("post")
    return rows.filter(Exists(Notice.objects.filter(digest=OuterRef("pk"), read_at=None))) if waiting else rows


def threads_of(digest: Digest, *, waiting: bool = False) -> list[list[Notice]]:
    """What the digest tells, one thread for each thing it is about, newest first in it and among them."""
    threads: dict[str, list[Notice]] = {}
    rows = digest.notices.select_related("read_by").order_by("-sent_at", "-pk")
    for one in rows.filter(read_at=None) if waiting else rows:
        threads.setdefault(one.path or one.key, []).append(one)
    return list(threads.values())


def unread(actor: Actor) -> int:
    """How many wait to be read: each urgent notice, and each day's digest as one."""
    if not actor.posts:
        return 0
    waiting = Notice.objects.filter(post__in=actor.posts, read_at=None)
    found = waiting.aggregate(urgent=Count("pk", filter=Q(urgent=True)), digests=Count("digest", distinct=True))
    return int(found["urgent"] + found["digests"])
