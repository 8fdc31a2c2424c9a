"""What may be done with a sign from the file of its place."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from doudi.engine.people.vocabulary import Power
from doudi.web.actions.action import Action, ActionContext
from doudi.web.actions.fields import words_field
from doudi.web.units import services
from doudi.web.units.models import Plaque, Unit
from doudi.web.units.queries import plaques_of


@dataclass(frozen=True)
class PlaqueContext(ActionContext[Unit]):
    """A person before a place; ``row`` is one of its signs."""

    def address(self, name: str) -> str:
        return reverse("plaque_revoked", args=[self.row.pk])

    @property
    def page(self) -> str:
        return reverse("unit", args=[self.record.code])


def _may_revoke(at: PlaqueContext) -> bool:
    return at.row.state != Plaque.State.REVOKED and at.actor.may_in(Power.REVOKE_PLAQUES, at.record.area_id)


REVOKE: Action[PlaqueContext] = Action(
    "revoke",
    _("作废这块码牌"),
    "x",
    _may_revoke,
    lambda at, given: services.revoke_plaque(at.actor, at.row, given["words"]),
    _("码牌已作废。场所编码不变，换上新牌后继续使用。"),
    {"words": words_field(_("作废的理由"), rows=2, missing=_("请写明作废这块码牌的理由，如丢失、被冒用、场所注销。"))},
    rows=lambda at: plaques_of(at.record),
    tone="danger",
)
