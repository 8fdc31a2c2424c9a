"""Whose is it: a kind, a place and a moment, asked of the duties by anyone of the town; nothing is stored."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from doudi.engine.errors import DoudiError
from doudi.web import clock
from doudi.web.areas.queries import areas
from doudi.web.design.fields import MomentField
from doudi.web.design.picking import picked
from doudi.web.design.wording import say
from doudi.web.desk.actions.fields import PLACE_HINT, KindField
from doudi.web.desk.queries import choices
from doudi.web.desk.queries.whose import Spot, spot_named, whose
from doudi.web.people.actor import Actor
from doudi.web.people.guard import ActorRequest
from doudi.web.rulebook.queries import rulebook_on


class WhoseForm(forms.Form):
    """What is asked; each of the three may stay empty, and the answer says what it lacked."""

    place = forms.CharField(
        label=gettext_lazy("在哪里"),
        required=False,
        max_length=120,
        widget=picked(
            forms.TextInput(
                {
                    "autocomplete": "off",
                    "placeholder": gettext_lazy("场所编码、村居网格或路名门牌"),
                    "data-hint": PLACE_HINT,
                }
            ),
            "places",
        ),
    )
    at = MomentField(label=gettext_lazy("什么时候"), required=False, help_text=gettext_lazy("不填就是现在"))
    field_order = ("kind", "place", "at")

    def __init__(self, asked: Mapping[str, object], actor: Actor) -> None:
        super().__init__(asked, auto_id="whose-%s")
        self._actor = actor
        self.fields["kind"] = KindField(rulebook_on(), required=False)
        self.order_fields(self.field_order)

    def clean_place(self) -> Spot:
        typed = str(self.cleaned_data["place"]).strip()
        spot = spot_named(self._actor, typed)
        if spot is None:
            raise forms.ValidationError(
                _("没有认出“{typed}”是哪里：请从列表里选，或填码牌上的编码、村居网格的名称。").format(typed=typed)
            )
        return spot


@never_cache
@require_safe
def whose_is_it(request: ActorRequest) -> HttpResponse:
    """The form; with anything asked, the answer below it. Every seat may ask."""
    if not request.actor.seats:
        raise Http404
    asked = {name: request.GET.get(name, "").strip() for name in ("kind", "place", "at")}
    if asked["place"] in (town := areas()).areas:
        # A link names an area by its code; people read its name.
        asked["place"] = town.path(asked["place"])
    form = WhoseForm(asked, request.actor)
    facts: dict[str, Any] = {"form": form, "answer": None}
    status = 200
    if not any(asked.values()):
        form = facts["form"] = WhoseForm({}, request.actor)
    elif form.is_valid():
        said = form.cleaned_data
        try:
            facts["answer"] = whose(said["kind"], said["place"], said["at"] or clock.now())
        except DoudiError as error:
            form.add_error("at", say(error))
            status = 400
    else:
        status = 400
    facts["kinds"] = choices.kind_labels(rulebook_on())
    return render(request, "desk/whose.html", facts, status=status)
