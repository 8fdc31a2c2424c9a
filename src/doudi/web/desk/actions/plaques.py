"""What may be done from the file of a place: its signs looked after, the place ended."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from doudi.engine.people.vocabulary import Power
from doudi.web.actions.action import Action, ActionContext, Given
from doudi.web.actions.fields import words_field
from doudi.web.backstop import services as backstop
from doudi.web.desk.actions.fields import UnitsField
from doudi.web.units import services
from doudi.web.units.models import Plaque, Unit
from doudi.web.units.queries import plaques_of


@dataclass(frozen=True)
class PlaqueContext(ActionContext[Unit]):
    """A person before a place; ``row`` is one of its signs."""

    def address(self, name: str) -> str:
        if self.row is None:
            return reverse("unit_ended", args=[self.record.code])
        return reverse(f"plaque_{name}", args=[self.row.pk])

    @property
    def page(self) -> str:
        return reverse("unit", args=[self.record.code])


def _may_revoke(at: PlaqueContext) -> bool:
    return at.row.state != Plaque.State.REVOKED and at.actor.may_in(Power.REVOKE_PLAQUES, at.record.area_id)


def _may_suspect(at: PlaqueContext) -> bool:
    return at.row.state in Plaque.IN_USE and at.actor.may_in(Power.NOTE, at.record.area_id)


def _may_clear(at: PlaqueContext) -> bool:
    return at.row.state == Plaque.State.SUSPECT and at.actor.may_in(Power.PLACE_PLAQUES, at.record.area_id)


SUSPECT: Action[PlaqueContext] = Action(
    "suspected",
    _("码牌可疑"),
    "alert-triangle",
    _may_suspect,
    lambda at, given: services.suspect_plaque(at.actor, at.row, given["words"]),
    _("已记为存疑，等人到现场查看；在那之前它照常能扫。"),
    {"words": words_field(_("哪里不对"), rows=2, example=_("如：像复印的、贴在别家门口、二维码被盖住"))},
    rows=lambda at: plaques_of(at.record),
)

CLEAR: Action[PlaqueContext] = Action(
    "cleared",
    _("现场看过，没有问题"),
    "check",
    _may_clear,
    lambda at, given: services.clear_plaque(at.actor, at.row, given["words"]),
    _("已记为在用。"),
    {"words": words_field(_("现场看到的"), rows=2)},
    rows=lambda at: plaques_of(at.record),
)

REVOKE: Action[PlaqueContext] = Action(
    "revoked",
    _("作废这块码牌"),
    "x",
    _may_revoke,
    lambda at, given: services.revoke_plaque(at.actor, at.row, given["words"]),
    _("码牌已作废。场所编码不变，换上新牌后继续使用。"),
    {"words": words_field(_("作废的理由"), rows=2, missing=_("请写明作废这块码牌的理由，如丢失、被冒用、场所注销。"))},
    rows=lambda at: plaques_of(at.record),
    tone="danger",
)

#: what each is guarded by: without it the sign does not exist for somebody
GUARDS: dict[str, tuple[Action[PlaqueContext], Power]] = {
    "suspected": (SUSPECT, Power.NOTE),
    "cleared": (CLEAR, Power.PLACE_PLAQUES),
    "revoked": (REVOKE, Power.REVOKE_PLAQUES),
}


def _end(at: PlaqueContext, given: Given) -> None:
    backstop.end_place(at.actor, at.record, given["words"], given["successors"])


END: Action[PlaqueContext] = Action(
    "end",
    _("注销这个场所"),
    "x",
    lambda at: at.actor.may_in(Power.END_UNITS, at.record.area_id),
    _end,
    _("场所已注销：码牌一并作废，编码不再给别处用。"),
    {
        "words": words_field(_("注销的理由"), rows=2, example=_("如：关门歇业、拆除、并入隔壁")),
        "successors": UnitsField(),
    },
    hint=_("注销以后不能恢复；这里以前的事项和诉求单都留着。"),
    tone="danger",
)
