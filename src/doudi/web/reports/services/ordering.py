"""What the order above lives through, told among what happened to its report."""

from __future__ import annotations

from collections.abc import Mapping

from doudi.engine.matters.vocabulary import ReportEventKind
from doudi.web.journal.services import unit_of_work
from doudi.web.people.actor import Actor
from doudi.web.reports.models import Report
from doudi.web.reports.services.reporting import transition


@unit_of_work()
def note_of_order(
    actor: Actor, report: Report, kind: ReportEventKind, payload: Mapping[str, object], text: str = ""
) -> None:
    """What its order above lives through stands among what happened to the report; it changes nothing of the report."""
    transition(actor, report, kind, {}, payload, text)
