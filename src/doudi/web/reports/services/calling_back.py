"""What the town asks of a reporter after its answer, and the warning where somebody is inclined to be dissatisfied.

Each is a clock of the report, begun and ended by the events that tell it. A report is closed once neither runs.
"""

from __future__ import annotations

from collections.abc import Mapping

from doudi.engine.matters.clocks import ClockPlan
from doudi.engine.matters.vocabulary import ContactOutcome, ReportEventKind, WarnedBy
from doudi.web import clock
from doudi.web.journal.services import unit_of_work
from doudi.web.people.actor import Actor
from doudi.web.reports.models import Report, ReportClock, ReportEvent
from doudi.web.reports.services.reporting import ReplyError, start_clocks, transition
from doudi.web.reports.waiting import runs
from doudi.web.terms import services as terms


@unit_of_work()
def call_back(
    actor: Actor, report: Report, outcome: ContactOutcome, answers: Mapping[str, str], text: str, *, tries: int
) -> None:
    """Note one call. Reached, or not reached for the last of so many ``tries``, it is done; who may call is asked above."""
    if not runs(report, ReportClock.Which.CALL_BACK):
        raise ReplyError("这张诉求单现在不用回访，或刚刚有人回访过了。")
    reached = outcome is ContactOutcome.REACHED
    # Pairs, since a database may put the keys of an object into another order.
    told = [[question, answer] for question, answer in answers.items()]
    payload: dict[str, object] = {"outcome": str(outcome), **({"answers": told} if reached else {})}
    if reached or tried(report) + 1 >= tries:
        terms.end(ReportClock, clock.now(), report=report, which=ReportClock.Which.CALL_BACK)
    kind = ReportEventKind.CALLED_BACK if reached else ReportEventKind.CALL_BACK_TRIED
    transition(actor, report, kind, {}, payload, text)


def tried(report: Report) -> int:
    """How often nobody was reached since the answer that the call is about."""
    events = ReportEvent.objects.filter(report=report)
    begun = events.filter(kind=ReportEventKind.REPLIED).order_by("-seq").values_list("seq", flat=True).first() or 0
    return events.filter(kind=ReportEventKind.CALL_BACK_TRIED, seq__gt=begun).count()


def warn(actor: Actor, report: Report, by: WarnedBy, text: str, plan: ClockPlan) -> None:
    """Somebody is inclined to be dissatisfied: said once, until a word closes it. Inside the caller's transaction."""
    if runs(report, ReportClock.Which.WARNING):
        raise ReplyError("这张诉求单已经有预警，还没有了结。")
    start_clocks(report, [plan])
    transition(actor, report, ReportEventKind.WARNED, {}, {"by": str(by)}, text)


@unit_of_work()
def settle_warning(actor: Actor, report: Report, text: str) -> None:
    """Say what was done about it; who may is asked above."""
    if not text.strip():
        raise ReplyError("请写明做了什么、诉求人现在怎么说。")
    if not terms.end(ReportClock, clock.now(), report=report, which=ReportClock.Which.WARNING):
        raise ReplyError("这张诉求单没有预警，或刚刚已经了结。")
    transition(actor, report, ReportEventKind.WARNING_SETTLED, {}, {}, text)
