"""What belongs to comparisons: what was found stays as it was found."""

from __future__ import annotations

from doudi.web.reconciliation import checks
from doudi.web.reconciliation.models import Difference, Reconciliation
from doudi.web.registry.declared import Check, Declared, Guard

DECLARES: tuple[Declared, ...] = (
    Check("reconciliations", "每次对账的差异条数与留痕一致", checks.counted),
    Guard(Reconciliation._meta.db_table),
    Guard(Difference._meta.db_table),
)
