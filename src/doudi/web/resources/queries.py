"""Who is really there: for every post, at every moment, somebody with a name and a phone."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet

from doudi.web import clock
from doudi.web.duties.models import Backstop
from doudi.web.people.models import Appointment, Person, Post
from doudi.web.people.queries import appointments_on
from doudi.web.resources.models import Roster


@dataclass(frozen=True, slots=True)
class Answering:
    """``how``: rostered, appointed, acting, head or duty_desk; ``name`` is empty only when nobody at all is there."""

    name: str
    phone: str
    person: Person | None
    how: str


def standing_shifts(moment: datetime) -> QuerySet[Roster]:
    """The shifts that hold at the moment, by people who may stand there.

    Whoever left the post, or whose account was closed, stands no shift there any more, also when nobody called it off.
    Somebody who never sat there may help out.
    """
    rows = Roster.objects.filter(starts_at__lte=moment, ends_at__gt=moment).exclude(person__is_active=False)
    return rows.exclude(_left(clock.day_of(moment)))


def left_shifts(moment: datetime) -> QuerySet[Roster]:
    """The shifts, running or coming, of people who left the post or whose account was closed."""
    gone = Q(person__is_active=False) | _left(clock.day_of(moment))
    return Roster.objects.filter(gone, ends_at__gt=moment)


def _left(day: date) -> Q:
    seats = Appointment.objects.filter(person=OuterRef("person"), post=OuterRef("post"))
    running = seats.filter(since__lte=day).exclude(until__lte=day)
    return Q(Exists(seats.filter(until__lte=day))) & ~Q(Exists(running))


def on_now(moment: datetime | None = None) -> list[Roster]:
    """The roster rows that hold at the moment."""
    moment = moment or clock.now()
    rows = standing_shifts(moment).select_related("post__office", "person")
    return list(rows.order_by("post__office__name"))


def who_answers(post: Post, moment: datetime | None = None) -> Answering:
    """Rostered person, else appointed, else acting, else the head of the office, else the duty desk."""
    moment = moment or clock.now()
    found = _at(post, moment)
    if found is None:
        head = Post.objects.filter(office=post.office_id, heads_office=True).exclude(pk=post.pk).first()
        found = _renamed(_at(head, moment), "head") if head else None
    if found is None:
        day = clock.day_of(moment)
        desks = Backstop.objects.filter(area__parent__isnull=True, since__lte=day).exclude(until__lte=day)
        desk = desks.select_related("post").first()
        found = _renamed(_at(desk.post, moment), "duty_desk") if desk and desk.post_id != post.pk else None
    return found or Answering("", post.office.phone, None, "nobody")


def who_answers_each(posts: Iterable[Post], moment: datetime | None = None) -> dict[str, Answering]:
    """``who_answers`` for many posts at once, by post code, in four statements however many they are."""
    moment = moment or clock.now()
    day = clock.day_of(moment)
    there: dict[str, Answering] = {}
    # The first one found at a post answers, as in ``_at``: rostered before appointed, appointed before acting.
    for row in standing_shifts(moment).select_related("person"):
        there.setdefault(row.post_id, Answering(row.name, row.phone, row.person, "rostered"))
    for held in appointments_on(day):
        how = "acting" if held.acting else "appointed"
        there.setdefault(held.post_id, Answering(held.person.name, held.person.phone, held.person, how))
    heads: dict[str, list[str]] = defaultdict(list)
    for code, office in Post.objects.filter(heads_office=True).values_list("code", "office_id"):
        heads[office].append(code)
    desks = Backstop.objects.filter(area__parent__isnull=True, since__lte=day).exclude(until__lte=day)
    desk = desks.values_list("post_id", flat=True).first()

    def answering(post: Post) -> Answering:
        head = next((code for code in heads[post.office_id] if code != post.code), None)
        return (
            there.get(post.code)
            or _renamed(there.get(head or ""), "head")
            or (_renamed(there.get(desk or ""), "duty_desk") if desk != post.code else None)
            or Answering("", post.office.phone, None, "nobody")
        )

    return {post.code: answering(post) for post in posts}


@dataclass(frozen=True, slots=True)
class PostWeek:
    """A post with its shifts of seven days, day by day; a shift stands on the day on which it begins."""

    post: Post
    days: tuple[tuple[Roster, ...], ...]


def week_of(monday: date, post: str = "") -> list[PostWeek]:
    """The shifts that begin within seven days from ``monday``, by office and post; those of one post when it is named."""
    since = datetime.combine(monday, time(), tzinfo=clock.TOWN_ZONE)
    rows = Roster.objects.filter(starts_at__gte=since, starts_at__lt=since + timedelta(days=7))
    if post:
        rows = rows.filter(post=post)
    found: dict[str, list[list[Roster]]] = {}
    posts: dict[str, Post] = {}
    for row in rows.select_related("post__office", "person").order_by(
        "post__office__name", "post__name", "starts_at", "id"
    ):
        posts[row.post_id] = row.post
        found.setdefault(row.post_id, [[] for _ in range(7)])[(clock.day_of(row.starts_at) - monday).days].append(row)
    return [PostWeek(posts[code], tuple(map(tuple, days))) for code, days in found.items()]


def _at(post: Post, moment: datetime) -> Answering | None:
    row = standing_shifts(moment).filter(post=post).select_related("person").first()
    if row is not None:
        return Answering(row.name, row.phone, row.person, "rostered")
    held = appointments_on(clock.day_of(moment), post).first()
    if held is None:
        return None
    return Answering(held.person.name, held.person.phone, held.person, "acting" if held.acting else "appointed")


def _renamed(found: Answering | None, how: str) -> Answering | None:
    return Answering(found.name, found.phone, found.person, how) if found else None
