"""What pages show of handovers, slips and the morning."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Case, Count, IntegerField, Q, QuerySet, Value, When

from doudi.engine.people.vocabulary import Power
from doudi.engine.shifts.vocabulary import HandoverState, ItemState
from doudi.web import clock
from doudi.web.disputes.models import Dispute
from doudi.web.disputes.queries import open_disputes
from doudi.web.matters.models import Matter
from doudi.web.matters.queries import undecided, visible, visible_reports
from doudi.web.people.actor import Actor
from doudi.web.shifts.models import Handover, HandoverItem, Pack, Slip

#: how far ahead a due moment belongs to the shift that comes
SHIFT = timedelta(hours=12)
PROPOSED = 60


def handovers_for(actor: Actor) -> QuerySet[Handover]:
    """Those of one's own desk; whoever dispatches for the whole town sees all."""
    rows = Handover.objects.select_related("post", "by_person", "to_person", "minutes")
    return rows if actor.scope(Power.DISPATCH) is None else rows.filter(post__in=actor.posts)


def packs_for(actor: Actor) -> QuerySet[Pack]:
    rows = Pack.objects.select_related("post", "by_person")
    return rows if actor.scope(Power.DISPATCH) is None else rows.filter(post__in=actor.posts)


def packs_with_missing(actor: Actor) -> QuerySet[Pack]:
    """The packs, the newest first, each with the number of slips typed in, void and ``missing``."""
    blank = Q(slips__report=None, slips__void_at=None)
    return packs_for(actor).annotate(
        filled=Count("slips", filter=Q(slips__report__isnull=False)), missing=Count("slips", filter=blank)
    )


def open_handover(actor: Actor) -> Handover | None:
    """The one that waits at the actor's own desk."""
    return handovers_for(actor).filter(state=HandoverState.OPEN, post__in=actor.posts).first()


def by_lane(matters: QuerySet[Matter]) -> QuerySet[Matter]:
    """What endangers somebody first, then what is due first."""
    rank = Case(
        When(lane=Matter.Lane.LIFE, then=Value(0)),
        When(lane=Matter.Lane.URGENT, then=Value(1)),
        default=Value(2),
        output_field=IntegerField(),
    )
    return matters.annotate(lane_rank=rank).order_by("lane_rank", "due_at", "number")


def proposed(actor: Actor) -> list[Matter]:
    """What the next shift should know of: danger, what is or will be late in its hours, what the desk itself still holds."""
    soon = Q(due_at__lte=clock.now() + SHIFT)
    danger = ~Q(lane=Matter.Lane.NORMAL)
    rows = visible(actor.only(Power.DISPATCH)).filter(status__in=Matter.OPEN)
    rows = rows.filter(soon | danger | Q(holder__in=actor.posts))
    return list(by_lane(rows).select_related("holder__office", "unit", "area")[:PROPOSED])


@dataclass(frozen=True, slots=True)
class ItemRow:
    """An item as somebody reads it; ``matter`` and the words are there for those who may see the matter."""

    item: HandoverItem
    matter: Matter | None
    readable: bool


def items_of(actor: Actor, handover: Handover) -> list[ItemRow]:
    rows = list(handover.items.select_related("matter__holder", "words", "why", "leader", "settled_by"))
    seen = set(
        visible(actor).filter(pk__in=[one.matter_id for one in rows if one.matter_id]).values_list("pk", flat=True)
    )
    return [ItemRow(one, one.matter, one.matter_id is None or one.matter_id in seen) for one in rows]


def left_items(actor: Actor) -> list[HandoverItem]:
    """What nobody signed for yet, as far as it lies with the actor's posts or the actor sees its desk."""
    rows = HandoverItem.objects.filter(state=ItemState.LEFT, handover__in=handovers_for(actor).values("pk"))
    return list(rows.select_related("handover__by_person", "leader", "matter").order_by("settled_at", "pk"))


@dataclass(frozen=True, slots=True)
class Morning:
    """What a morning meeting goes through; the lists are the actor's own, with no more than ``MOST`` rows each."""

    day: date
    since: datetime
    until: datetime
    received: Sequence[tuple[str, int]]
    accepted: int
    closed: int
    open_: int
    danger: Sequence[Matter]
    late: Sequence[Matter]
    late_count: int
    due: Sequence[Matter]
    due_count: int
    left: Sequence[HandoverItem]
    disputes: Sequence[Dispute]
    undecided: int
    missing: int


MOST = 30


def morning(actor: Actor, day: date) -> Morning:
    """The sheet of a day: what came on the day before, and what stands now."""
    until = datetime.combine(day, time(), clock.TOWN_ZONE)
    since, now = until - timedelta(days=1), clock.now()
    tonight = until + timedelta(days=1)
    seen = visible(actor)
    standing = seen.filter(status__in=Matter.OPEN)
    came = visible_reports(actor).filter(received_at__gte=since, received_at__lt=until)
    by_channel = came.order_by().values_list("channel").annotate(n=Count("pk", distinct=True)).order_by("-n", "channel")
    late = standing.filter(due_at__lt=now)
    due = standing.filter(due_at__gte=now, due_at__lt=max(tonight, now))
    named = ("holder__office", "unit", "area")
    return Morning(
        day=day,
        since=since,
        until=until,
        received=list(by_channel),
        accepted=seen.filter(accepted_at__gte=since, accepted_at__lt=until).count(),
        closed=seen.filter(closed_at__gte=since, closed_at__lt=until).count(),
        open_=standing.count(),
        danger=list(by_lane(standing.exclude(lane=Matter.Lane.NORMAL)).select_related(*named)[:MOST]),
        late=list(by_lane(late).select_related(*named)[:MOST]),
        late_count=late.count(),
        due=list(by_lane(due).select_related(*named)[:MOST]),
        due_count=due.count(),
        left=left_items(actor),
        disputes=list(open_disputes(actor)[:MOST]),
        undecided=undecided(actor).count(),
        missing=Slip.objects.filter(pack__in=packs_for(actor).values("pk"), report=None, void_at=None).count(),
    )
