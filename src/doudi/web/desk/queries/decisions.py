"""What waits for a person's yes or no: applications, disputes, rules; and what they ordered of others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext as _

from doudi.engine.matters.applications import APPLICATION_TYPES
from doudi.engine.people.vocabulary import Power
from doudi.web import clock
from doudi.web.areas.queries import AreaDirectory
from doudi.web.backstop.queries import ledger, month_of
from doudi.web.desk.queries import lists
from doudi.web.desk.queries.counting import counted, shown
from doudi.web.disputes.models import Dispute, DisputeClock
from doudi.web.disputes.queries import may_rule, open_disputes
from doudi.web.drafting.actions import VersionContext
from doudi.web.matters.models import Application, Matter, Urge
from doudi.web.matters.queries import may_answer, visible
from doudi.web.people.actor import Actor
from doudi.web.rulebook.models import Version
from doudi.web.rulebook.queries import Rulebook
from doudi.web.rulebook.reviewing import APPROVALS, Approval

MOST = 40
#: answers to what somebody ordered stay before their eyes for so long
_ANSWERED_FOR = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Asked:
    """An application that this person may answer, with its matter as a list shows it."""

    application: Application
    row: lists.Row


@dataclass(frozen=True, slots=True)
class Argued:
    """A dispute that this person may rule on; ``said`` of ``parties`` have spoken."""

    dispute: Dispute
    row: lists.Row
    clock: DisputeClock | None
    said: int
    parties: int


@dataclass(frozen=True, slots=True)
class Proposed:
    """A version that waits for an approval which this person may give; ``name`` stands in the addresses of its steps."""

    version: Version
    name: str
    approval: Approval


@dataclass(frozen=True, slots=True)
class Decisions:
    asked: Sequence[Asked]
    argued: Sequence[Argued]
    proposed: Sequence[Proposed]
    ordered: Sequence[tuple[Urge, lists.Row]]

    @property
    def count(self) -> int:
        return len(self.asked) + len(self.argued) + len(self.proposed)


def decisions(actor: Actor, book: Rulebook, places: AreaDirectory) -> Decisions:
    """The first ``MOST`` of each sort, what is due first above."""
    asked, argued, ordered = _asked(actor), _argued(actor), _ordered(actor)
    named = {one.matter_id for part in (asked, argued, ordered) for one in part}
    rows = {
        row.matter.pk: row
        for row in lists.rows_of(lists.with_holder(Matter.objects.filter(pk__in=named)).order_by("pk"), book, places)
    }
    return Decisions(
        [Asked(one, rows[one.matter_id]) for one in asked],
        [_heard(one, rows[one.matter_id]) for one in argued],
        _proposed(actor),
        [(one, rows[one.matter_id]) for one in ordered],
    )


def _asked(actor: Actor) -> list[Application]:
    kinds = [sort.kind for sort in APPLICATION_TYPES if actor.may(sort.power)]
    waiting = Application.objects.filter(
        state=Application.State.OPEN, asked_of=Application.AskedOf.DESK, kind__in=kinds, matter__in=visible(actor)
    ).select_related("matter", "by_post", "by_person", "proposed_holder", "reason", "basis")
    ordered = waiting.order_by(F("due_at").asc(nulls_last=True), "applied_at", "id")
    return [one for one in ordered[: MOST * 2] if may_answer(actor, one)][:MOST]


def _argued(actor: Actor) -> list[Dispute]:
    waiting = open_disputes(actor).select_related("matter", "proposed", "proposal").order_by("opened_at", "id")
    return [one for one in waiting[: MOST * 2] if may_rule(actor, one)][:MOST]


def _heard(one: Dispute, row: lists.Row) -> Argued:
    said = list(one.statements.all())
    running = next((clock for clock in one.clocks.all() if clock.running), None)
    return Argued(one, row, running, sum(bool(party.stance) for party in said), len(said))


def _proposed(actor: Actor) -> list[Proposed]:
    waiting = Version.objects.filter(state=Version.State.PROPOSED).order_by("valid_from", "number")
    return [
        Proposed(version, name, approval)
        for version in waiting.defer("documents")
        for name, approval in APPROVALS.items()
        if VersionContext(actor, version).reviews(name)
    ]


def _ordered(actor: Actor) -> list[Urge]:
    """Orders of one's own posts: those without an answer, and the answers of the last days."""
    mine = Urge.objects.filter(kind=Urge.Kind.ORDER, by_post__in=actor.posts, matter__in=visible(actor))
    lately = Q(state=Urge.State.ANSWERED, answered_at__gte=clock.now() - _ANSWERED_FOR)
    found = mine.filter(Q(state=Urge.State.OPEN) | lately).select_related("matter", "instruction", "answer")
    return list(found.order_by("-state", F("due_at").asc(nulls_last=True), "urged_at", "id")[:MOST])


@dataclass(frozen=True, slots=True)
class Figure:
    """A number that opens its list."""

    label: str
    count: int | str | None
    address: str
    alarm: bool = False


def figures(actor: Actor) -> list[Figure]:
    """What stands with the whole town, for whoever sees its desk."""
    if not actor.may(Power.SEE_DESK):
        return []
    now, desk = clock.now(), reverse("desk")
    tabs = {tab: tab for tab in ("unclear", "late", "to_dispatch", "today", "ordered")}
    counts, _none = counted(lists.matter_tabs(visible(actor), now, tabs))
    found = [
        Figure(str(lists.MATTER_TABS[tab]), shown(counts[tab]), f"{desk}?tab={tab}", tab == "late" and counts[tab] > 0)
        for tab in tabs
    ]
    month = month_of(now)
    return [*found, Figure(_("本月兜底"), len(ledger(actor, month=month)), f"{reverse('carried')}?month={month}")]
