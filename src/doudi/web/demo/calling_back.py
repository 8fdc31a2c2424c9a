"""The demo town rings up whom it answered, and sees to whoever is not content."""

from __future__ import annotations

from doudi.engine.matters.vocabulary import ContactOutcome
from doudi.web.demo.cast import Cast
from doudi.web.demo.speech import Speaker
from doudi.web.matters import services as matters
from doudi.web.people.actor import Actor
from doudi.web.reports import services as reports
from doudi.web.reports.models import Report, ReportClock
from doudi.web.reports.waiting import runs
from doudi.web.rulebook.queries import Rulebook


def close(cast: Cast, speaker: Speaker, rulebook: Rulebook, report: Report, answerer: Actor) -> None:
    """Make the call that is due, close the warning that stands, and then the report."""
    if runs(report, ReportClock.Which.CALL_BACK):
        answers = speaker.satisfaction(rulebook.satisfaction(report.system))
        words = speaker.any_of("called_back")
        matters.call_back(cast.caller(report), report, ContactOutcome.REACHED, answers, words)
    if runs(report, ReportClock.Which.WARNING):
        matters.settle_warning(answerer, report, speaker.any_of("warning_settled"))
    reports.close(answerer, report)
