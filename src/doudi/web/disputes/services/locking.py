"""Matter and dispute are taken for a step's transaction, the matter first."""

from __future__ import annotations

from uuid import UUID

from doudi.web.disputes.models import Dispute
from doudi.web.matters.models import Matter


def lock_matter(pk: UUID) -> Matter:
    """Take the matter for this transaction; anyone who needs both takes it before the dispute.

    Without joins: PostgreSQL looks at a row again once it has waited for it, and joined to the holder of before it is gone.
    """
    return Matter.objects.select_for_update().get(pk=pk)


def lock(dispute: Dispute) -> Dispute:
    """Take matter and dispute. Raises StaleError when the dispute moved on since it was read."""
    matter = lock_matter(dispute.matter_id)
    row = Dispute.objects.select_for_update().get(pk=dispute.pk)
    if row.version != dispute.version:
        raise row.stale()
    row.matter = matter
    return row
