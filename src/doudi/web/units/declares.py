"""What belongs to units: the states of their plaques."""

from __future__ import annotations

from django.urls import reverse

from doudi.engine.people.vocabulary import Power
from doudi.web.registry.declared import Bound, Declared, Life, NavItem, State, Told
from doudi.web.registry.stale import days, since
from doudi.web.units.models import Plaque

PLAQUE = Life(
    Plaque,
    facts=lambda row: {"batch": row.batch},
    path=lambda row: reverse("unit", args=[row.unit_id]),
    states=(
        State("minted", "wait", "qrcode", rest="a sheet not yet printed"),
        State("printed", "wait", "printer", rest="in stock"),
        State("placed", "work", "map-pin", rest="hangs and serves"),
        State("active", "done", "circle-check", rest="hangs and serves; somebody has looked at it in place"),
        State(
            "suspect",
            "alarm",
            "alert-triangle",
            bounds=(Bound(days(3), Told.DESK, "码牌（批次 {batch}）存疑，请派人到现场查看", since("suspected_at")),),
        ),
        State("revoked", "away", "x", final=True),
        State("replaced", "away", "refresh", final=True),
    ),
)

DECLARES: tuple[Declared, ...] = (
    PLAQUE,
    NavItem("units", "场所", "map-pin", 50, frozenset({Power.SEE_UNITS})),
    NavItem("plaques", "码牌", "qrcode", 60, frozenset({Power.PRINT_PLAQUES})),
)
