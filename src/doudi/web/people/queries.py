"""Offices, posts and people as pages and other slices read them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.db.models import Q, QuerySet

from doudi.web import clock
from doudi.web.people.access import VITAL
from doudi.web.people.models import Appointment, Office, Person, Post


def active_posts(day: date | None = None) -> QuerySet[Post]:
    """Posts that exist on the day."""
    day = day or clock.today()
    return Post.objects.filter(since__lte=day).exclude(until__lte=day).select_related("office")


def posts_with(access: str) -> list[str]:
    """The codes of the posts that stand today with this kind of seat."""
    return list(active_posts().filter(access=access).values_list("code", flat=True))


def posts_that_may_hold() -> QuerySet[Post]:
    """Whom a matter can be dispatched to: own and dispatched posts that may hold."""
    return active_posts().filter(may_hold=True).order_by("office__name", "name")


def appointments_on(day: date, post: Post | None = None) -> QuerySet[Appointment]:
    held = _holding(day).filter(post=post) if post else _holding(day)
    return held.filter(person__is_active=True)


def _holding(day: date) -> QuerySet[Appointment]:
    held = Appointment.objects.filter(since__lte=day).filter(Q(until__isnull=True) | Q(until__gt=day))
    return held.select_related("person", "post__office").order_by("acting", "since", "id")


@dataclass(frozen=True, slots=True)
class Seats:
    """An office with its posts, each with the people who hold it today."""

    office: Office
    posts: tuple[tuple[Post, tuple[Appointment, ...]], ...]


def seats_by_office() -> list[Seats]:
    """All posts with the people who hold them today, by office, the town's own first."""
    held: dict[str, list[Appointment]] = defaultdict(list)
    for one in appointments_on(clock.today()):
        held[one.post_id].append(one)
    found: dict[Office, list[tuple[Post, tuple[Appointment, ...]]]] = defaultdict(list)
    for post in active_posts().prefetch_related("areas").order_by("office__name", "name"):
        found[post.office].append((post, tuple(held[post.code])))
    nearest_first = list(Office.Relation.values)
    return sorted(
        (Seats(office, tuple(posts)) for office, posts in found.items()),
        key=lambda seats: (nearest_first.index(seats.office.relation), seats.office.name),
    )


def narrowed(offices: Sequence[Seats], asked: str, *, only_empty: bool = False) -> list[Seats]:
    """Those posts whose own name, office, code, areas or people hold every word that was asked for; offices without any are left out."""
    words = asked.lower().split()
    kept = []
    for one in offices:
        posts = tuple(
            (post, people)
            for post, people in one.posts
            if not (only_empty and people) and all(word in _said_of(post, people) for word in words)
        )
        if posts:
            kept.append(Seats(one.office, posts))
    return kept


def _said_of(post: Post, people: Iterable[Appointment]) -> str:
    names = [post.name, post.code, post.office.name, *(area.name for area in post.areas.all())]
    return " ".join([*names, *(f"{one.person.name} {one.person.username}" for one in people)]).lower()


@dataclass(frozen=True, slots=True)
class Account:
    """A person who may sign in, with the appointments that hold today."""

    person: Person
    seats: tuple[Appointment, ...]


def accounts(asked: str = "") -> list[Account]:
    """All accounts, open ones first; ``asked`` narrows to name, login name, phone or post."""
    held: dict[object, list[Appointment]] = defaultdict(list)
    for seat in _holding(clock.today()):
        held[seat.person_id].append(seat)
    words = asked.lower().split()
    found = []
    for person in Person.objects.order_by("-is_active", "name", "username"):
        seats = tuple(held[person.pk])
        said = " ".join([person.name, person.username, person.phone, *(seat.post.name for seat in seats)]).lower()
        if all(word in said for word in words):
            found.append(Account(person, seats))
    return found


def count_accounts() -> int:
    return Person.objects.count()


def last_seats(seats: Iterable[Appointment], *, closing: Person | None = None, day: date | None = None) -> set[int]:
    """The ids of those seats after which nobody would be left of a kind that the town cannot do without.

    Each seat is asked about by itself; with ``closing``, that person leaves all seats at once. Who goes soon anyway, or cannot
    sign in yet, does not stay for them.
    """
    held: dict[str, set[int]] = defaultdict(set)
    vital = appointments_on(day or clock.today()).filter(post__access__in=list(VITAL), until__isnull=True)
    vital = vital.exclude(person__password__startswith=UNUSABLE_PASSWORD_PREFIX)
    for one in vital.exclude(person=closing) if closing else vital:
        held[one.post.access].add(one.pk)
    asked = [one for one in seats if one.post.access in VITAL and one.person.is_active]
    return {one.pk for one in asked if not held[one.post.access] - {one.pk}}


def last_if_closed(person: Person) -> list[Appointment]:
    """The seats for which nobody would be left if the account were closed."""
    seats = list(_holding(clock.today()).filter(person=person))
    last = last_seats(seats, closing=person)
    return [one for one in seats if one.pk in last]


def person_named(pk: str) -> Person | None:
    """The open account with this id; None for anything else."""
    try:
        return Person.objects.filter(pk=UUID(pk), is_active=True).first()
    except ValueError:
        return None


def heirs_of(person: Person | None) -> QuerySet[Person]:
    """Who may take over: every other open account."""
    others = Person.objects.filter(is_active=True).order_by("name", "username")
    return others.exclude(pk=person.pk) if person else others


def seats_of(person: Person) -> list[Appointment]:
    """All appointments of a person, those that run or will begin first, the newest first."""
    return _newest_first(Appointment.objects.filter(person=person).select_related("post__office"))


def seats_at(post: Post) -> list[Appointment]:
    """All appointments to a post, those that run or will begin first, the newest first."""
    return _newest_first(Appointment.objects.filter(post=post).select_related("person", "post"))


def _newest_first(seats: Iterable[Appointment]) -> list[Appointment]:
    today = clock.today()
    return sorted(seats, key=lambda seat: (seat.until is None or seat.until > today, seat.since, seat.pk), reverse=True)
