"""A step of an order: what the desk does, the signature, and what the system above says, with what follows from it here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from doudi.engine.people.vocabulary import Power
from doudi.engine.upstream.life import BY_STEP, EVENT_OF, OrderBy, require_step
from doudi.engine.upstream.vocabulary import OrderStep
from doudi.web import clock
from doudi.web.journal.services import unit_of_work
from doudi.web.matters import services as matters
from doudi.web.matters.models import Demand, Matter, Urge
from doudi.web.orders.errors import OrderError
from doudi.web.orders.queries import order_of
from doudi.web.orders.services.limits import limit_ahead
from doudi.web.people.actor import SYSTEM, Actor
from doudi.web.people.errors import NotAllowedError
from doudi.web.reports import services as reports
from doudi.web.reports.models import Report
from doudi.web.reports.reach import require_reach
from doudi.web.tables.moments import MomentError


@dataclass(frozen=True, slots=True)
class Said:
    """What is said with a step. ``due``: as the system above wrote it; ``satisfied``: in its own words; ``other``: the number
    of the earlier order."""

    words: str = ""
    due: str = ""
    satisfied: str = ""
    other: str = ""

    @property
    def given(self) -> set[str]:
        named = {"words": self.words, "due": self.due, "satisfaction": self.satisfied, "number": self.other}
        return {name for name, text in named.items() if text.strip()}


@unit_of_work()
def take_step(actor: Actor, report: Report, step: OrderStep, said: Said | None = None) -> None:
    """Take the step, or refuse it with what may be done instead.

    What was sent back, or sent into a second round, begins again here by itself; a supervision reaches the holders as an order.
    """
    said = said or Said()
    order = order_of(report)
    if BY_STEP[step].by is not OrderBy.SIGNER:
        require_reach(actor, report, Power.IMPORT)
    elif order.system.signer not in actor.posts:
        raise NotAllowedError("这份答复由指定的岗位签发。如确需办理，请联系值班长。")
    row = require_step(step, order.standing, order.system, given=said.given, awaits_signing=order.awaits_signing)
    if "satisfaction" in row.asks and order.system.satisfaction and said.satisfied not in order.system.satisfaction:
        raise OrderError("“{system}”没有“{said}”这种满意度。", system=order.system.name, said=said.satisfied)
    due_at = _moment(said.due) if "due" in row.asks else None
    payload = {name: text.strip() for name, text in _told(said).items() if text.strip()}
    reports.note_of_order(actor, report, EVENT_OF[step], payload, said.words)
    if step in (OrderStep.SEND_BACK, OrderStep.SECOND_ROUND):
        _begin_again(report, said.words)
    if step is OrderStep.SECOND_ROUND:
        reports.take_over(report, upstream_due=said.due.strip(), dispatched_at=clock.now(), actor=actor)
        if due_at is not None:
            matters.change_upstream_due(report, due_at)
    if step in (OrderStep.SUPERVISE, OrderStep.URGE):
        _urge(report, Urge.Kind.ORDER if step is OrderStep.SUPERVISE else Urge.Kind.REMIND, said.words, due_at)


def _told(said: Said) -> dict[str, str]:
    return {"due": said.due[:60], "satisfied": said.satisfied[:20], "other": said.other[:80]}


def _moment(text: str) -> datetime | None:
    """The moment in a limit as it was written; "5个工作日" is kept as words alone."""
    try:
        return limit_ahead(text)
    except MomentError:
        return None


def _begin_again(report: Report, text: str) -> None:
    """Begun again by the order itself, whatever powers whoever writes it down has; what is open already goes on."""
    if report.status in (Report.Status.REPLIED, Report.Status.CLOSED):
        matters.reopen_report(SYSTEM, report, text)
        report.refresh_from_db()


def _urge(report: Report, kind: str, text: str, due_at: datetime | None) -> None:
    asked = Demand.objects.filter(report=report).values("matter")
    for matter in Matter.objects.filter(pk__in=asked, status__in=Matter.OPEN).order_by("pk"):
        matters.urge(SYSTEM, matter, kind, text, due_at=due_at, source=Urge.Source.UPSTREAM, report=report)
