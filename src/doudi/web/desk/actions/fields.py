"""What is asked for in more than one action of the desk."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from doudi.web import clock
from doudi.web.actions.action import ActionForm
from doudi.web.design.picking import picked
from doudi.web.desk.queries import choices
from doudi.web.rulebook.queries import Rulebook
from doudi.web.units.models import Unit
from doudi.web.units.queries import unit_by_code

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

_EVENING = time(17, 0)
#: what a picker of places says in its empty box
PLACE_HINT = gettext_lazy("名称、路名、拼音首字母或编码")


def evening_of(day: date | None) -> datetime | None:
    """The end of office hours of a day in the town."""
    return datetime.combine(day, _EVENING, clock.TOWN_ZONE) if day else None


def one_of(
    label: StrOrPromise, offered: Iterable[tuple[str, StrOrPromise]], told: StrOrPromise = "", **options: Any
) -> forms.ChoiceField:
    """One of a few, all before the reader's eyes; ``told`` is said when none was picked."""
    errors = {"required": told} if told else None
    return forms.ChoiceField(
        label=label, choices=list(offered), widget=forms.RadioSelect, error_messages=errors, **options
    )


class KindField(forms.CharField):
    """A kind of the catalogue by its label in the list, its name or its code; its value is the code."""

    def __init__(self, book: Rulebook, **options: Any) -> None:
        self._book = book
        widget = forms.TextInput(
            attrs={"list": "kinds", "autocomplete": "off", "placeholder": gettext_lazy("输入几个字，从列表里选")}
        )
        picked(widget, "kinds", book=book.version.number)
        super().__init__(label=gettext_lazy("事项"), max_length=120, widget=widget, **options)

    def clean(self, value: object) -> str:
        typed = str(super().clean(value)).strip()
        if not typed:
            return ""
        offered = choices.offered_kinds(self._book)
        code = offered.get(typed, typed)
        if code not in offered.values():
            raise forms.ValidationError(_("事项目录里没有“{typed}”，请从列表里选一个。").format(typed=typed))
        return code


class UnitField(forms.CharField):
    """A place by its code; its value is the place, or None."""

    def __init__(self, **options: Any) -> None:
        told = gettext_lazy("码牌上的 13 位编码")
        widget = forms.TextInput(attrs={"autocomplete": "off", "placeholder": told, "data-hint": PLACE_HINT})
        picked(widget, "places", among="units")
        super().__init__(label=gettext_lazy("哪个场所"), required=False, max_length=20, widget=widget, **options)

    def clean(self, value: object) -> Unit | None:
        typed = str(super().clean(value)).strip()
        unit = unit_by_code(typed) if typed else None
        if typed and unit is None:
            raise forms.ValidationError(_("没有编码为“{typed}”的场所，请核对码牌。").format(typed=typed))
        return unit


class UnitsField(forms.CharField):
    """Several places by their codes, each on a line of its own or after a comma; its value is the list of places."""

    def __init__(self) -> None:
        super().__init__(
            label=gettext_lazy("由哪些场所接替"),
            required=False,
            max_length=400,
            help_text=gettext_lazy("填它们的编码，几个就用逗号或换行隔开；没有就留空。扫旧牌的人会看到接替的场所。"),
            widget=picked(
                forms.Textarea(attrs={"rows": 2, "autocomplete": "off", "data-hint": PLACE_HINT}),
                "places",
                among="units",
            ),
        )

    def clean(self, value: object) -> list[Unit]:
        found = []
        for typed in re.split(r"[,，、;；\s]+", str(super().clean(value)).strip()):
            unit = unit_by_code(typed) if typed else None
            if typed and unit is None:
                raise forms.ValidationError(_("没有编码为“{typed}”的场所，请核对码牌。").format(typed=typed))
            if unit is not None and unit not in found:
                found.append(unit)
        return found


class StandingUnitField(UnitField):
    """The place that stands in a record, to be put right: its value is the place, and whether it was cleared.

    A form that does not ask for it clears nothing.
    """

    def clean(self, value: object) -> Any:
        unit = super().clean(value)
        return unit, value is not None and unit is None


def purpose_form(data: QueryDict | None = None) -> ActionForm:
    """What hidden names and numbers are looked at for."""
    field = forms.CharField(
        label=gettext_lazy("用途"),
        max_length=100,
        required=False,
        widget=forms.TextInput(
            attrs={"placeholder": gettext_lazy("例如：约时间上门查看"), "list": "purposes", "autocomplete": "off"}
        ),
    )
    return ActionForm({"words": field}, data, auto_id="reveal-%s")
