"""What a comparison says it found is what is kept of it."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Count

from doudi.web.reconciliation.models import Difference, Reconciliation
from doudi.web.registry.proof import Fault, Walk, fault


def counted(walk: Walk) -> Iterator[Fault]:
    """Each comparison against the differences that are kept of it, by kind."""
    for run in Reconciliation.objects.order_by("at", "id").iterator():
        kept = Difference.objects.filter(run=run).values("kind").annotate(n=Count("pk")).order_by("kind")
        if {one["kind"]: one["n"] for one in kept} != run.counts:
            yield fault("reconciliation.counts", f"reconciliation/{run.pk}", "对账的差异条数与明细不符。")
