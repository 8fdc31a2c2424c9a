"""A spot without owner, or an edge, gets a code of its own, so that what happens there gathers in one place."""

from __future__ import annotations

from doudi.engine.people.vocabulary import Power
from doudi.engine.units.types import UnitTypes
from doudi.web.backstop.errors import OwnerError
from doudi.web.matters import services as matters
from doudi.web.matters.models import Demand, Matter
from doudi.web.matters.reach import require_on
from doudi.web.matters.reading import near
from doudi.web.people.actor import Actor
from doudi.web.rulebook.queries import rulebook_on
from doudi.web.units.models import Unit
from doudi.web.units.services import NewUnit, mint_units


def spot_types(types: UnitTypes) -> list[tuple[str, str]]:
    """What a place can be made: a spot whose owner is not known, or an edge between two duties."""
    return [
        (one.code, one.name)
        for one in types
        if (one.is_edge or one.code == "spot") and not types.tree.children(one.code)
    ]


@matters.step
def make_unit(actor: Actor, matter: Matter, name: str, type_: str) -> Unit:
    """Mint a unit where the matter lies, and put the matter there."""
    require_on(actor, Power.DISPATCH, matter)
    if matter.unit_id is not None:
        raise OwnerError("这件事已经在场所“{name}”上，不必另建。", name=matter.unit.name if matter.unit else "")
    if matter.area_id is None:
        raise OwnerError("还不知道在哪个网格：请先在派遣时补上网格或村居，再建场所。")
    if not name.strip():
        raise OwnerError("请给这个地方起个名字，如“东苑路高架下空地”。")
    if type_ not in dict(spot_types(rulebook_on().unit_types)):
        raise OwnerError("请选“权属不明点位”或一种边界线。")
    first = Demand.objects.filter(matter=matter).select_related("report").first()
    report = first.report if first else None
    point = (
        (report.longitude, report.latitude)
        if report and report.longitude is not None and report.latitude is not None
        else None
    )
    new = NewUnit(
        type_, name.strip()[:80], matter.area_id, address=near(matter), point=point, facts={"owner": "unknown"}
    )
    (unit,) = mint_units([new], by=actor)
    matters.place_at(actor, matter, unit)
    return unit
