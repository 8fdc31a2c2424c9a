"""An urgent notice waits for somebody's word. Whom it was sent to has so long; then the next is told: the head of the
office, the duty desk, the shift leaders. A post with nobody on it is not waited for.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from django.db.models import Exists, OuterRef, Q

from doudi.engine.matters.life import OPEN_MATTER
from doudi.engine.matters.vocabulary import MatterNotice
from doudi.web import clock
from doudi.web.journal.services import unit_of_work
from doudi.web.matters.models import Matter
from doudi.web.notices.models import Notice
from doudi.web.notices.services import lapse, pass_on
from doudi.web.people.access import Access
from doudi.web.people.models import Post
from doudi.web.people.queries import posts_with
from doudi.web.registry.declared import NoticeKind
from doudi.web.registry.gathered import of
from doudi.web.resources.queries import Answering, who_answers_each
from doudi.web.timers.unsent_notices import MOST_AT_ONCE, desk

#: how soon somebody must acknowledge an urgent notice before it goes on to the next, where its kind has no patience of its
#: own: life first of all
ACKNOWLEDGED_AT_ONCE, ACKNOWLEDGED_SOON = timedelta(minutes=10), timedelta(minutes=30)


def unacknowledged() -> int:
    """Pass on the urgent notices that nobody acknowledged in time; returns how many."""
    answered = Notice.objects.filter(read_at__isnull=False).filter(Q(pk=OuterRef("first")) | Q(first=OuterRef("first")))
    open_ones = Notice.objects.filter(urgent=True, read_at__isnull=True, lapsed_at__isnull=True)
    open_ones = open_ones.filter(~Exists(Notice.objects.filter(relays=OuterRef("pk"))), ~Exists(answered))
    # The patient kinds last: a flood of them must not keep the others waiting.
    slow = [one.kind for one in of(NoticeKind).values() if one.patience]
    hasty = open_ones.exclude(kind__in=slow).order_by("sent_at")[:MOST_AT_ONCE]
    patient = open_ones.filter(kind__in=slow).order_by("sent_at")[:MOST_AT_ONCE]
    notices = [*hasty.select_related("post", "first"), *patient.select_related("post", "first")]
    numbers = {path[-1] for one in notices if (path := one.path.split("/"))[1:2] == ["matters"]}
    matters = {one.number: one for one in Matter.objects.filter(number__in=numbers)}
    there = who_answers_each({one.post for one in notices})
    return sum(_go_on(one, matters.get(one.path.split("/")[-1]), there[one.post_id]) for one in notices)


def _go_on(notice: Notice, matter: Matter | None, there: Answering) -> int:
    if matter is not None and _is_over(notice, matter):
        lapse([notice.pk])
        return 0
    empty = there.how in ("head", "duty_desk", "nobody")
    if not empty and clock.now() - notice.sent_at < _patience(notice, matter):
        return 0
    following = _next(notice)
    if following is None:
        lapse([notice.pk])
        return 0
    with unit_of_work():
        pass_on(notice, following)
    return 1


def _is_over(notice: Notice, matter: Matter) -> bool:
    kind = of(NoticeKind).get(notice.kind)
    if kind is None or not kind.to_holder:
        return False
    first = (notice.first or notice).post_id
    taken = notice.kind == MatterNotice.ASSIGNED and matter.status != Matter.Status.ACCEPTED
    return matter.status not in OPEN_MATTER or matter.holder_id != first or taken


def _patience(notice: Notice, matter: Matter | None) -> timedelta:
    kind = of(NoticeKind).get(notice.kind)
    if kind is not None and kind.patience is not None:
        return kind.patience
    return ACKNOWLEDGED_AT_ONCE if matter is not None and matter.lane == Matter.Lane.LIFE else ACKNOWLEDGED_SOON


def _next(notice: Notice) -> str | None:
    """Whom to tell after the post that kept silent; None when everybody was told."""
    way = _way((notice.first or notice).post)
    after = way.index(notice.post_id) + 1 if notice.post_id in way else len(way)
    return way[after] if after < len(way) else None


def _way(post: Post) -> Sequence[str]:
    heads = Post.objects.filter(office=post.office_id, heads_office=True, until__isnull=True).values_list(
        "code", flat=True
    )
    return list(dict.fromkeys([post.code, *heads[:1], *desk(), *posts_with(Access.SHIFT_LEADER)]))
