"""Which tables are only ever added to. Erasable words lie in rows of their own, so no right to erasure is touched."""

from __future__ import annotations

from doudi.web.disputes.models import Ruling
from doudi.web.journal.guards import Guard
from doudi.web.journal.models import Leaf
from doudi.web.matters.models import Assignment, MatterEvent
from doudi.web.reports.models import ReportEvent
from doudi.web.rulebook.models import VersionEvent

GUARDS = (
    Guard(Leaf._meta.db_table),
    Guard(MatterEvent._meta.db_table),
    Guard(ReportEvent._meta.db_table),
    Guard(VersionEvent._meta.db_table),
    Guard(Ruling._meta.db_table),
    # Whose it was, since when and why never changes; taking and ending are written once, and then the row stands.
    Guard(
        Assignment._meta.db_table,
        columns=("id", "matter_id", "post_id", "role", "why", "decision_id", "since"),
        ending="until",
    ),
)
