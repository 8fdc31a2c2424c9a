"""The columns of a matter that its events tell, so that replaying them gives the row."""

from __future__ import annotations

#: Not told: erasable words (summary, address) and ``due_at``, which follows from the clocks.
TOLD = (
    "number kind unit_id area_id facts lane restricted status holder_id layer unclear competent_body competent_basis "
    "rulebook_id merged_into_id accepted_at handled_by_id handled_at closed_at"
).split()
