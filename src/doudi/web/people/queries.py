"""Offices, posts and people as pages and other slices read them."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet

from doudi.web import clock
from doudi.web.people.models import Appointment, Office, Person, Post


def standing_posts(day: date | None = None) -> QuerySet[Post]:
    """Posts that exist on the day."""
    day = day or clock.today()
    return Post.objects.filter(since__lte=day).exclude(until__lte=day).select_related("office")


def posts_that_may_hold() -> QuerySet[Post]:
    """Whom a matter can be dispatched to: own and dispatched posts that may hold."""
    return standing_posts().filter(may_hold=True).order_by("office__name", "name")


def appointments_on(day: date, post: Post | None = None) -> QuerySet[Appointment]:
    held = Appointment.objects.filter(since__lte=day).filter(Q(until__isnull=True) | Q(until__gt=day))
    held = held.filter(post=post) if post else held
    return held.filter(person__is_active=True).select_related("person", "post__office").order_by("acting", "since", "id")


@dataclass(frozen=True, slots=True)
class Seats:
    """An office with its posts, each with the people who hold it today."""

    office: Office
    posts: tuple[tuple[Post, tuple[Appointment, ...]], ...]


def seats_by_office(asked: str = "") -> list[Seats]:
    """All posts with their people, by office, the town's own first; ``asked`` narrows to names of office, post or person."""
    held: dict[str, list[Appointment]] = defaultdict(list)
    for one in appointments_on(clock.today()):
        held[one.post_id].append(one)
    found: dict[Office, list[tuple[Post, tuple[Appointment, ...]]]] = defaultdict(list)
    for post in standing_posts().prefetch_related("areas").order_by("office__name", "name"):
        people = tuple(held[post.code])
        said = " ".join([post.name, post.office.name, *(f"{one.person.name} {one.person.username}" for one in people)])
        if asked in said:
            found[post.office].append((post, people))
    nearest_first = list(Office.Relation.values)
    return sorted(
        (Seats(office, tuple(posts)) for office, posts in found.items()),
        key=lambda seats: (nearest_first.index(seats.office.relation), seats.office.name),
    )


def offices() -> QuerySet[Office]:
    return Office.objects.filter(until__isnull=True)


def people_of(post: Post) -> list[Person]:
    return [one.person for one in appointments_on(clock.today(), post)]
