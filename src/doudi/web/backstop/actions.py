"""What may be done with an area from the page of its backstop."""

from __future__ import annotations

from dataclasses import dataclass

from django import forms
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from doudi.engine.people.vocabulary import Power
from doudi.web.actions.action import Action, ActionContext
from doudi.web.areas.models import Area
from doudi.web.duties import services


@dataclass(frozen=True)
class AreaContext(ActionContext[Area]):
    """A person before one area."""

    def address(self, name: str) -> str:
        return reverse("area_ended", args=[self.record.code])

    @property
    def page(self) -> str:
        return reverse("duty_row", args=[self.record.code])


END_AREA: Action[AreaContext] = Action(
    "end-area",
    _("撤销这个区域"),
    "x",
    lambda at: at.record.parent_id is not None and at.actor.may(Power.MANAGE_AREAS),
    lambda at, given: services.end_area(at.actor, at.record.code),
    _("区域已撤销；以前在这里的事项都留着。"),
    {"sure": forms.BooleanField(label=_("已核对：规则、岗位、兜底岗和场所都改到别处了"))},
    hint=_("规则、岗位、兜底岗、场所都改到别处以后才能撤销，撤销不能恢复。"),
    tone="danger",
)
