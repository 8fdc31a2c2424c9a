"""How orders from above stand, and what their systems say may be done."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from doudi.engine.matters.applications import APPLICATION_TYPES, application_type
from doudi.engine.matters.vocabulary import AskedOf, ReportEventKind
from doudi.engine.messages import Message
from doudi.engine.upstream.life import STATE_LABELS, TOLD_BY, OrderRow, Standing, offered, stand
from doudi.engine.upstream.systems import Signing, System, Verb, Wants, quarter_of
from doudi.engine.upstream.vocabulary import OrderStep
from doudi.engine.workdays import Term
from doudi.web import clock
from doudi.web.matters.models import Application, Demand, Matter
from doudi.web.orders.models import SystemAbove
from doudi.web.outbox.models import Outgoing
from doudi.web.people.actor import Actor
from doudi.web.reports import services as reports
from doudi.web.reports.models import Report, ReportEvent
from doudi.web.rulebook.queries import rulebook_on

_AT_ONCE = 1000
_STEPS: dict[str, OrderStep] = {str(kind): step for kind, step in TOLD_BY.items()}
_LEFT = (Outgoing.State.HANDED, Outgoing.State.CONFIRMED)


@dataclass(frozen=True, slots=True)
class Happened:
    """One step of an order: its event, or what left for above."""

    step: OrderStep
    at: datetime
    event: ReportEvent | None = None


@dataclass(frozen=True, slots=True)
class Order:
    """An order from above: its report, its system, what happened to it, and how it stands by that."""

    report: Report
    system: System
    happened: Sequence[Happened]
    standing: Standing
    #: an answer waits that leaves only with a signature
    awaits_signing: bool = False

    @property
    def state_label(self) -> Message:
        return STATE_LABELS[self.standing.state]

    @property
    def offered(self) -> tuple[OrderRow, ...]:
        return offered(self.standing, self.system, awaits_signing=self.awaits_signing)


@dataclass(frozen=True, slots=True)
class Asking:
    """What a system says of one sort of application, for one order: ``left`` of the quarter's quota, ``until`` when."""

    kind: str
    label: str
    verb: Verb
    left: int | None
    until: datetime | None


def system_named(name: str) -> System:
    """The system above of that name, as the town described it; one of which nothing is known otherwise."""
    row = SystemAbove.objects.filter(name=name).first()
    return as_value(row) if row else System.unknown(name)


def as_value(row: SystemAbove) -> System:
    return System(
        row.name,
        row.numbers,
        Wants(row.wants),
        Signing(row.signing),
        row.signer_id or "",
        tuple(row.satisfaction),
        {name: _verb(name, said) for name, said in row.verbs.items()},
    )


def _verb(name: str, said: dict[str, object]) -> Verb:
    window, quota, codes = said.get("window"), said.get("quota"), said.get("codes")
    return Verb(
        name,
        Term.parse(str(window)) if window else None,
        int(str(quota)) if quota is not None else None,
        int(str(said.get("verdicts", 1))),
        {str(code): str(words) for code, words in codes.items()} if isinstance(codes, dict) else {},
    )


def order_of(report: Report) -> Order:
    """The order that the report came as; the caller has seen that it came from a system above."""
    return orders_of([report])[0]


def orders_of(reports_: Sequence[Report]) -> list[Order]:
    """The orders as which these reports came, in the same order, with three questions for all of them."""
    ids = [one.pk for one in reports_]
    told, left = defaultdict[UUID, list[ReportEvent]](list), defaultdict[UUID, list[Outgoing]](list)
    for event in ReportEvent.objects.filter(report__in=ids).select_related("post").order_by("report_id", "seq"):
        told[event.report_id].append(event)
    held = set[UUID]()
    sent = Outgoing.objects.filter(Q(state__in=_LEFT) | awaiting_signature(), report__in=ids)
    for row in sent.order_by("report", "seq"):
        if row.state == Outgoing.State.WAITING:
            held.add(row.report)
        else:
            left[row.report].append(row)
    rows = SystemAbove.objects.filter(name__in={one.system for one in reports_})
    known = {row.name: as_value(row) for row in rows}
    found = []
    for report in reports_:
        happened = list(_happened(told[report.pk], left[report.pk]))
        system = known.get(report.system) or System.unknown(report.system)
        standing = stand(one.step for one in happened)
        found.append(Order(report, system, happened, standing, report.pk in held))
    return found


def _happened(events: Iterable[ReportEvent], left: Iterable[Outgoing]) -> Iterator[Happened]:
    """All that happened to an order, in order; what left for above stands behind what had been said by then."""
    steps = [one for event in events if (one := _told(event)) is not None]
    for row in left:
        sent = [Happened(OrderStep.SEND, row.handed_at)] if row.handed_at else []
        if row.state == Outgoing.State.CONFIRMED and row.ended_at:
            sent.append(Happened(OrderStep.ARRIVE, row.ended_at))
        for one in sent:
            said = sum(1 for step in steps if step.at <= one.at)
            steps.insert(said, one)
    yield from steps


def _told(event: ReportEvent) -> Happened | None:
    if event.kind == ReportEventKind.CORRECTED and (event.happened_at or event.payload.get("dispatched_at")):
        return Happened(OrderStep.SEND_AGAIN, event.at, event)
    step = TOLD_BY.get(ReportEventKind(event.kind))
    return Happened(step, event.at, event) if step else None


def standings(reports_: Sequence[UUID]) -> dict[UUID, Standing]:
    """How many orders stand, by the id of the report, some hundred at a time; those to which nothing happened are left out."""
    found: dict[UUID, Standing] = {}
    for at in range(0, len(reports_), _AT_ONCE):
        found |= _standings(reports_[at : at + _AT_ONCE])
    return found


def _standings(ids: Sequence[UUID]) -> dict[UUID, Standing]:
    steps = defaultdict[UUID, list[tuple[datetime, OrderStep]]](list)
    again = Q(kind=ReportEventKind.CORRECTED, happened_at__isnull=False)
    events = ReportEvent.objects.filter(Q(kind__in=list(TOLD_BY)) | again, report__in=ids)
    for report, kind, at in events.order_by("report_id", "seq").values_list("report_id", "kind", "at"):
        steps[report].append((at, _STEPS.get(kind, OrderStep.SEND_AGAIN)))
    left = Outgoing.objects.filter(report__in=ids, state__in=_LEFT).order_by("report", "seq")
    for report, handed_at, ended_at, state in left.values_list("report", "handed_at", "ended_at", "state"):
        told = steps[report]
        if handed_at is not None:
            told.insert(sum(1 for at, _step in told if at <= handed_at), (handed_at, OrderStep.SEND))
        if state == Outgoing.State.CONFIRMED and ended_at is not None:
            told.insert(sum(1 for at, _step in told if at <= ended_at), (ended_at, OrderStep.ARRIVE))
    return {report: stand(step for _at, step in told) for report, told in steps.items()}


def first_order(matter: Matter) -> Report | None:
    """The order about which a matter asks above: the first that came into it."""
    asked = Demand.objects.filter(matter=matter).values("report")
    return Report.objects.filter(pk__in=asked).exclude(system="").order_by("received_at", "pk").first()


def askings(order: Order) -> list[Asking]:
    """What may be asked of the order's system, with what is left of it, in the order of the engine's table."""
    kinds = [one.kind for one in APPLICATION_TYPES if AskedOf.UPSTREAM in one.asked_of]
    return [found for kind in kinds if (found := asking(order.report, order.system, str(kind))) is not None]


def asking(report: Report, system: System, kind: str) -> Asking | None:
    """What the system says of applications of this kind for this order; None where it takes none."""
    verb = system.application(kind)
    if verb is None:
        return None
    left = None if verb.quota is None else max(0, verb.quota - used(system.name, kind))
    calendar = rulebook_on().calendar
    until = calendar.due(reports.last_dispatch(report), verb.window).at if verb.window else None
    return Asking(kind, application_type(kind).label, verb, left, until)


def used(system: str, kind: str) -> int:
    """How many applications of this kind the town has sent to the system in this quarter; withdrawn ones count, too."""
    since, until = (datetime.combine(day, time(), clock.TOWN_ZONE) for day in quarter_of(clock.today()))
    asked = ReportEvent.objects.filter(kind=ReportEventKind.ORDER_APPLIED, at__gte=since, at__lt=until)
    return asked.filter(report__system=system, payload__application=kind).count()


def unsigned() -> Q:
    """The condition of an answer in the outbox that must be signed and is not: it does not leave."""
    return Q(kind=ReportEventKind.REPLIED) & words_unsigned()


def words_unsigned() -> Q:
    """The condition of what stands in the outbox where its system asks for signatures, and nobody signed since it was said.

    A second round asks for the signature of what is said in it, not of what was said before it.
    """
    always = SystemAbove.objects.filter(name=OuterRef("system"), signing=Signing.ALWAYS)
    second = SystemAbove.objects.filter(name=OuterRef("system"), signing=Signing.SECOND_ROUND)
    of_report = ReportEvent.objects.filter(report_id=OuterRef("report"))
    again = of_report.filter(kind=ReportEventKind.ORDER_SECOND_ROUND, seq__lt=OuterRef("seq"))
    signed = of_report.filter(kind=ReportEventKind.ORDER_SIGNED, seq__gt=OuterRef("seq"))
    return (Q(Exists(always)) | (Q(Exists(second)) & Q(Exists(again)))) & ~Q(Exists(signed))


def said_no_more() -> Exists:
    """The condition of an answer whose report was opened again after it."""
    again = ReportEvent.objects.filter(
        report_id=OuterRef("report"), seq__gt=OuterRef("seq"), kind=ReportEventKind.REOPENED
    )
    return Exists(again)


def awaiting_signature() -> Q:
    """The condition of an answer that leaves as soon as it is signed; until then nothing of its report leaves."""
    return Q(state=Outgoing.State.WAITING) & unsigned() & ~Q(said_no_more())


def reports_to_sign(actor: Actor) -> QuerySet[Report]:
    """The reports of which an answer waits for the signature of a post of this actor: so long they exist for whoever signs."""
    mine = SystemAbove.objects.filter(signer__in=actor.posts).values("name")
    waiting = Outgoing.objects.filter(awaiting_signature(), system__in=mine)
    return Report.objects.filter(pk__in=waiting.values("report"))


def words_to_sign(report: Report) -> list[ReportEvent]:
    """All that the signature would let go, in the order in which it was said."""
    waiting = Outgoing.objects.filter(words_unsigned(), report=report.pk, state=Outgoing.State.WAITING)
    said = waiting.exclude(said_no_more()).values("seq")
    events = ReportEvent.objects.filter(report=report, seq__in=said, words__isnull=False)
    return list(events.select_related("words", "post").order_by("seq"))


@dataclass(frozen=True, slots=True)
class Filed:
    """How an application went up: under which of the system's reasons, and what the first of two bodies said of it."""

    code: str
    why: str
    preliminary: bool | None


def filed(applications: Iterable[Application]) -> dict[UUID, Filed]:
    """What the orders' events tell of these applications, by the application's id."""
    above = {str(one.pk): one for one in applications if one.asked_of == AskedOf.UPSTREAM}
    kinds = (ReportEventKind.ORDER_APPLIED, ReportEventKind.ORDER_PRELIMINARY)
    events = ReportEvent.objects.filter(report__in={one.report_id for one in above.values()}, kind__in=kinds)
    found: dict[UUID, Filed] = {}
    for kind, payload in events.order_by("report_id", "seq").values_list("kind", "payload") if above else ():
        one = above.get(payload.get("id", ""))
        if one is None:
            continue
        before = found.get(one.pk, Filed("", "", None))
        if kind == ReportEventKind.ORDER_APPLIED:
            found[one.pk] = Filed(payload.get("code", ""), payload.get("why", ""), before.preliminary)
        else:
            found[one.pk] = Filed(before.code, before.why, bool(payload["granted"]))
    return found


def preliminary_of(application: Application) -> bool | None:
    """What the first of two bodies above said of an application; None while it has not."""
    return filed([application]).get(application.pk, Filed("", "", None)).preliminary
