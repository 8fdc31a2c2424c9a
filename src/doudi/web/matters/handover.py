"""Who is to take a matter over, while somebody else holds it still."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, QuerySet

from doudi.web.matters.models import Assignment, Matter


def next_of(matter: Matter) -> Assignment | None:
    """The post that is to take over, while it has not; with its receipt."""
    named = Assignment.objects.filter(matter=matter, role=Assignment.Role.NEXT, until__isnull=True)
    return named.select_related("post__office", "decision").first()


def to_take_over(posts: frozenset[str]) -> QuerySet[Matter]:
    """Matters that these posts are to take over, and that somebody else holds until then."""
    named = Assignment.objects.filter(
        matter=OuterRef("pk"), role=Assignment.Role.NEXT, until__isnull=True, post__in=posts
    )
    return Matter.objects.filter(Exists(named), status__in=Matter.OPEN)
