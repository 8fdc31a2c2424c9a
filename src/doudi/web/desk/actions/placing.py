"""Where it is, as the words of the report make it likely: one choice places the matter and asks the duties anew."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from doudi.engine.matters.ambiguity import Ambiguity
from doudi.engine.matters.vocabulary import MatterStep
from doudi.engine.people.vocabulary import Power
from doudi.web.actions.action import Action, Fields, Given
from doudi.web.actions.fields import words_field
from doudi.web.design.wording import say
from doudi.web.desk.actions.context import MatterContext
from doudi.web.desk.actions.fields import KindField, one_of
from doudi.web.matters import services
from doudi.web.matters.errors import MatterStepError
from doudi.web.matters.models import Decision, Matter
from doudi.web.matters.steps_ahead import may_step
from doudi.web.units.models import Unit

OUTSIDE, BORDER = "outside", "border"
MOST = 3


def unsure_place(matter: Matter) -> Mapping[str, Any] | None:
    """What the words said of the place when the matter came in, if that was not sure; None: nothing, or it was sure."""
    first = Decision.objects.filter(matter=matter).order_by("at", "id").values_list("inputs", flat=True).first()
    place = (first or {}).get("place")
    return place if place and not place["sure"] else None


def _may_place(at: MatterContext) -> bool:
    if not at.is_open or not at.may(Power.DISPATCH) or at.record.unit_id:
        return False
    return may_step(at.actor, at.record, MatterStep.DISPATCH) and bool(unsure_place(at.record))


def _choices(at: MatterContext) -> list[tuple[str, str]]:
    place = unsure_place(at.record) or {}
    units = {str(one["unit"]) for one in place.get("found", ()) if one.get("unit")}
    names = dict(Unit.objects.filter(code__in=units).values_list("code", "name")) if units else {}
    offered = []
    for one in place.get("found", ())[:MOST]:
        if one["area"] not in at.places.areas:
            continue
        where = " · ".join(filter(None, (at.places.path(one["area"]), names.get(one.get("unit")))))
        offered.append((f"{one['area']}:{one.get('unit') or ''}", f"{where}（{say(one['why'])}）"))
    town = place.get("outside", "")
    outside = _now("不在本镇：{town}").format(town=town) if town else _now("不在本镇")
    return [*offered, (OUTSIDE, outside), (BORDER, _now("在交界上，两边都可能"))]


def _place_fields(at: MatterContext) -> Fields:
    kind = {} if at.record.kind else {"kind": KindField(at.book)}
    return {
        "where": one_of(_("在哪里"), _choices(at), _("请选一项。")),
        **kind,
        "words": words_field(_("怎么知道的"), required=False, rows=2),
    }


def _place(at: MatterContext, given: Given) -> None:
    chosen, kind = str(given["where"]), at.record.kind or str(given.get("kind", ""))
    text = str(given["words"])
    if chosen == BORDER:
        codes = dict.fromkeys((*at.record.ambiguity, str(Ambiguity.BOUNDARY)))
        services.describe_ambiguity(at.actor, at.record, codes, at.record.doubts, text)
    elif chosen == OUTSIDE:
        services.dispatch(at.actor, at.record, kind=kind, wrong={"unit", "area"}, text=text or _now("不在本镇"))
    else:
        area, unit = chosen.split(":", 1)
        named = Unit.objects.filter(code=unit).first() if unit else None
        if area not in at.places.areas:
            raise MatterStepError("这个地方已经不在用了，请重新选择。")
        services.dispatch(at.actor, at.record, kind=kind, unit=named, area=at.places.areas[area], text=text)


ACTIONS: tuple[Action[MatterContext], ...] = (
    Action(
        "place",
        _("确认地点"),
        "map-pin",
        _may_place,
        _place,
        _("已记下地点，按规则重新问过该谁办。"),
        _place_fields,
        hint=_("从来话里听出的可能地点；选定后按规则重新派遣。"),
        stroke="p",
        way_back=MatterContext.way_back,
    ),
)
