"""The columns of a report that its events tell, so that replaying them gives the row."""

from __future__ import annotations

#: Not told: erasable words (title, words, address, upstream_row), coordinates, and what only finds the row (key, link_digest).
TOLD = (
    "number channel system external_id unit_id area_id picked_kind secrecy sensitivity received_at answerer_id status "
    "quarantine_reason upstream_due contacted_at replied_at closed_at satisfaction"
).split()
