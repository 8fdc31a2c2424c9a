"""After the answer: the reporter is called back, and who is inclined to be dissatisfied is seen to before they say so above."""

from __future__ import annotations

from collections.abc import Mapping

from doudi.engine.matters.vocabulary import ContactOutcome, WarnedBy
from doudi.engine.people.vocabulary import Power
from doudi.web.journal.services import unit_of_work
from doudi.web.matters.errors import MatterStepError
from doudi.web.matters.services import calling_back, heeding, locking
from doudi.web.people.actor import Actor
from doudi.web.reports import services as reports
from doudi.web.reports.models import Report
from doudi.web.reports.reach import require_reach
from doudi.web.rulebook.queries import rulebook_of


@unit_of_work()
def call_back(
    actor: Actor, report: Report, outcome: ContactOutcome, answers: Mapping[str, str] | None = None, text: str = ""
) -> None:
    """Note a call of somebody who stands apart from the work. What was said is heard for danger; a low answer warns."""
    require_reach(actor, report, Power.CALL_BACK)
    handled = locking.matters_of(report)
    calling_back.require_apart(actor, report, handled)
    rulebook = rulebook_of(handled[0].rulebook_id)
    asked = rulebook.satisfaction(report.system)
    told = asked.checked(answers or {}) if outcome is ContactOutcome.REACHED else {}
    tries = int(rulebook.parameters.get("call_back_tries", 1))
    reports.call_back(actor, report, outcome, told, text, tries=tries)
    raised = heeding.heed_all(report, handled, text, "noted")
    if asked.warns(told) and not raised:
        calling_back.open_warning(actor, report, handled, WarnedBy.CALL_BACK)


@unit_of_work()
def warn(actor: Actor, report: Report, text: str) -> None:
    """Whoever works with the reporter says that they are inclined to be dissatisfied, before they are asked."""
    require_reach(actor, report, Power.CONTACT_REPORTER, answerer_may=True)
    if not text.strip():
        raise MatterStepError("请写明诉求人怎么说、不满意在哪里。")
    handled = locking.matters_of(report)
    if report.status not in (Report.Status.RECEIVED, Report.Status.REPLIED):
        raise MatterStepError("这张诉求单正在甄别或已经办结，不能再预警。")
    if not calling_back.open_warning(actor, report, handled, WarnedBy.COLLEAGUE, text):
        raise MatterStepError("已经有预警还没有了结，或本镇没有设预警。")
    heeding.heed_all(report, handled, text, "noted")


@unit_of_work()
def settle_warning(actor: Actor, report: Report, text: str) -> None:
    """Holder or desk closes the warning by a word of what was done; danger in it is heard."""
    require_reach(actor, report, Power.REPLY, answerer_may=True)
    handled = locking.matters_of(report)
    reports.settle_warning(actor, report, text)
    heeding.heed_all(report, handled, text, "noted")
