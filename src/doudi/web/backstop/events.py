"""The columns of an order that its matter's events tell."""

from __future__ import annotations

ORDER_TOLD = (
    "id crew_id work what quantity unit price authority state ordered_at by_post_id by_person_id on_site_at ended_at"
).split()
