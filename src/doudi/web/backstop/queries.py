"""Who can be sent now, what was sent, and for whom the town carried it. Nothing of the ledger is stored."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db.models import Q, QuerySet
from django.utils.translation import gettext

from doudi.engine.matters.carrying import Carried, Holding, Ordered, carried
from doudi.engine.resources.crews import Team, nearest_crews
from doudi.web import clock
from doudi.web.areas.queries import areas
from doudi.web.backstop.models import Crew, CrewPrice, MakeSafeOrder, ProblemReport
from doudi.web.matters.models import Assignment, Matter
from doudi.web.matters.queries import visible
from doudi.web.matters.reading import near
from doudi.web.people.actor import Actor
from doudi.web.resources.queries import Answering, who_answers_each
from doudi.web.rulebook.queries import rulebook_of


@dataclass(frozen=True, slots=True)
class Sendable:
    """A crew that may be sent now: who of it answers, by which phone, and its prices."""

    crew: Crew
    answering: Answering
    prices: Sequence[CrewPrice]


def standing_crews() -> QuerySet[Crew]:
    return Crew.objects.filter(until__isnull=True).select_related("office", "post__office").prefetch_related("areas")


def crews_tonight(area: str | None, moment: datetime | None = None) -> list[Sendable]:
    """Whom to send to the place, the nearest first, each with somebody real who answers now."""
    crews = {crew.code: crew for crew in standing_crews()}
    teams = [
        Team(one.code, frozenset(one.works), frozenset(area.code for area in one.areas.all())) for one in crews.values()
    ]
    near = [crews[team.code] for team in nearest_crews(areas().tree, teams, area)]
    answers = who_answers_each([one.post for one in near if one.post is not None], moment)
    prices: dict[str, list[CrewPrice]] = defaultdict(list)
    for price in CrewPrice.objects.filter(crew__in=near, until__isnull=True):
        prices[price.crew_id].append(price)
    return [Sendable(one, _answering(one, answers), prices[one.code]) for one in near]


def _answering(crew: Crew, answers: dict[str, Answering]) -> Answering:
    """Somebody of its post now, else the crew's own line."""
    found = answers.get(crew.post_id or "")
    if found is not None and found.how in ("rostered", "appointed", "acting"):
        return found if found.phone else Answering(found.name, crew.phone or crew.office.phone, found.person, found.how)
    if crew.phone:
        return Answering(crew.name, crew.phone, None, "own_line")
    return found or Answering("", crew.office.phone, None, "nobody")


def orders_of(matter: Matter) -> QuerySet[MakeSafeOrder]:
    named = ("crew__office", "crew__post", "by_person")
    return MakeSafeOrder.objects.filter(matter=matter).select_related(*named).order_by("ordered_at", "id")


def month_of(moment: datetime) -> str:
    return f"{moment.astimezone(clock.TOWN_ZONE):%Y-%m}"


#: what a backstop carries for somebody; a report that the duty desk has yet to read is nobody's burden, unless a crew went
_CAUGHT = ("gap", "conflict", "no_post")


@dataclass(frozen=True, slots=True)
class CarriedRow:
    """A line of the ledger with its matter, as a page lists it; ``by_name``: the post that carried."""

    carried: Carried
    matter: Matter
    by_name: str

    @property
    def kind_name(self) -> str:
        return kind_name(self.matter)

    @property
    def where(self) -> str:
        return where(self.matter)


def kind_name(matter: Matter) -> str:
    """As the version calls it that the matter was accepted under."""
    return rulebook_of(matter.rulebook_id).kind_name(matter.kind) if matter.kind else gettext("事项待明确")


def where(matter: Matter) -> str:
    """The unit, else the address; with village and grid."""
    places = areas()
    return " · ".join(
        part for part in (near(matter), places.path(matter.area_id) if matter.area_id in places.areas else "") if part
    )


def ledger(actor: Actor, *, month: str = "", body: str | None = None) -> list[CarriedRow]:
    """The ledger as far as the actor sees it, the newest first; ``month`` and ``body`` narrow it."""
    now = clock.now()
    went = set(MakeSafeOrder.objects.exclude(state=MakeSafeOrder.State.CANCELLED).values_list("matter", flat=True))
    leading = Assignment.objects.filter(role=Assignment.Role.LEAD)
    backstop = Q(decision__status__in=_CAUGHT) | Q(matter__in=went)
    caught = leading.filter(Q(backstop, why="backstop") | Q(why="interim")).values("matter")
    matters = {
        one.pk: one for one in visible(actor).filter(pk__in=caught).select_related("holder__office", "unit", "area")
    }
    holdings: dict[object, list[Holding]] = defaultdict(list)
    for one in leading.filter(matter__in=caught).select_related("post__office", "decision").order_by("since", "id"):
        triage = one.why == "backstop" and one.decision.status not in _CAUGHT
        holds = one.why == "interim" or (one.why == "backstop" and (not triage or one.matter_id in went))
        held = Holding(one.post_id, one.post.office.name, one.since, one.until, holds, triage)
        holdings[one.matter_id].append(held)
    names = dict(leading.filter(matter__in=caught).values_list("post", "post__name"))
    orders: dict[object, list[Ordered]] = defaultdict(list)
    for sent in MakeSafeOrder.objects.filter(matter__in=caught).exclude(state=MakeSafeOrder.State.CANCELLED):
        orders[sent.matter_id].append(Ordered(sent.ordered_at, sent.cost))
    rows = [
        CarriedRow(line, matter, names.get(line.by, line.by))
        for pk, matter in matters.items()
        for line in carried(matter.number, matter.competent_body, holdings[pk], orders[pk], now, month_of)
    ]
    kept = [
        one
        for one in rows
        if (not month or one.carried.month == month) and (body is None or one.carried.on_behalf_of == body)
    ]
    return sorted(kept, key=lambda one: (one.carried.month, one.matter.accepted_at), reverse=True)


def reported() -> QuerySet[ProblemReport]:
    """What was reported upward, the newest first."""
    return ProblemReport.objects.select_related("by_post", "by_person")


def all_crews() -> list[Sendable]:
    """Every crew that stands, with who answers now, the town's own offices and contractors alike."""
    crews = list(standing_crews().order_by("office__name", "name"))
    answers = who_answers_each([one.post for one in crews if one.post is not None])
    prices: dict[str, list[CrewPrice]] = defaultdict(list)
    for price in CrewPrice.objects.filter(crew__in=crews, until__isnull=True):
        prices[price.crew_id].append(price)
    return [Sendable(one, _answering(one, answers), prices[one.code]) for one in crews]


@dataclass(frozen=True, slots=True)
class CrewMonth:
    """What a crew did in the running month, and what it is doing now."""

    orders: int
    cost: Decimal
    under_way: int


def orders_by_crew() -> dict[str, CrewMonth]:
    """By crew code; what was called off is not counted."""
    month = month_of(clock.now())
    found: dict[str, list[MakeSafeOrder]] = defaultdict(list)
    since = datetime.strptime(month, "%Y-%m").replace(tzinfo=clock.TOWN_ZONE)
    for order in MakeSafeOrder.objects.filter(ordered_at__gte=since).exclude(state=MakeSafeOrder.State.CANCELLED):
        found[order.crew_id].append(order)
    return {
        code: CrewMonth(
            len(sent),
            sum((one.cost for one in sent), Decimal(0)),
            sum(one.state in MakeSafeOrder.UNDER_WAY for one in sent),
        )
        for code, sent in found.items()
    }
