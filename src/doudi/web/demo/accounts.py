"""Who can sign in to the demo town, and which plaque one may scan first."""

from __future__ import annotations

from django.conf import settings
from django.urls import reverse

from doudi.web.demo.names import read
from doudi.web.units.models import Plaque


def accounts() -> list[tuple[str, str, str]]:
    """(login name, password, who it is): one for each kind of seat. All have the same password, printed on purpose."""
    plan = read("offices")
    return [(row["username"], plan["password"], row["who"]) for row in plan["accounts"]]


def scan_address() -> str:
    """The address on the plaque of one shop whose plaque serves."""
    plaque = (
        Plaque.objects.filter(state=Plaque.State.ACTIVE, unit__type="shop.catering", unit__until__isnull=True)
        .order_by("batch", "sheet_no")
        .first()
    )
    return settings.SITE_URL + (reverse("place", args=[plaque.unit_id]) if plaque else reverse("general"))
