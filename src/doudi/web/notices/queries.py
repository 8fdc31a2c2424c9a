"""Notices as their readers see them."""

from __future__ import annotations

from django.db.models import QuerySet

from doudi.web.notices.models import Notice
from doudi.web.people.actor import Actor


def notices_of(actor: Actor) -> QuerySet[Notice]:
    """All notices to the posts this person holds today, newest first."""
    return Notice.objects.filter(post__in=actor.posts).select_related("post", "first__post")


def unread(actor: Actor) -> int:
    return notices_of(actor).filter(read_at__isnull=True).count() if actor.posts else 0
