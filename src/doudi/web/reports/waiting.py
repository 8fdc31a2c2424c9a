"""What still waits once a report was answered: its reporter is to be called back, or a warning is open."""

from __future__ import annotations

from doudi.engine.people.vocabulary import Power
from doudi.web.people.actor import Actor
from doudi.web.reports.models import Report, ReportClock
from doudi.web.reports.reach import may_reach

#: before these have ended a report is not closed
AFTER_ANSWER = (ReportClock.Which.CALL_BACK, ReportClock.Which.WARNING)


def runs(report: Report, which: ReportClock.Which) -> bool:
    """Whether a clock of this sort is running for the report."""
    return ReportClock.objects.filter(report=report, which=which, ended_at=None).exists()


def calls_back(actor: Actor, report: Report) -> bool:
    """Whether this person may see whom to ring, since a call-back is due and theirs to make; never of somebody secret."""
    is_open = report.secrecy == Report.Secrecy.OPEN
    return is_open and may_reach(actor, Power.CALL_BACK, report) and runs(report, ReportClock.Which.CALL_BACK)
