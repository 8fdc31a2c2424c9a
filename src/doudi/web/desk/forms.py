"""What people fill in at the desk and on the street. What was typed always stays before their eyes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from doudi.web.design.fields import DayField, PlainSelect
from doudi.web.desk.queries import choices
from doudi.web.matters.models import Matter
from doudi.web.registry.choices import labelled
from doudi.web.reports.models import Report
from doudi.web.rulebook.contents import group_choices
from doudi.web.rulebook.queries import Rulebook

LONGEST = 4000
_ALL = ("", gettext_lazy("不限"))


class FilterForm(forms.Form):
    """The filters of a list, read from its address. A value that is none is passed over, so that old bookmarks open."""

    q = forms.CharField(
        label=gettext_lazy("搜索"),
        required=False,
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off"}),
    )
    status = forms.ChoiceField(
        label=gettext_lazy("状态"), required=False, widget=PlainSelect, choices=[_ALL, *labelled(Matter.STATUS_LABELS)]
    )
    lane = forms.ChoiceField(
        label=gettext_lazy("通道"), required=False, widget=PlainSelect, choices=[_ALL, *labelled(Matter.LANE_LABELS)]
    )
    group = forms.ChoiceField(label=gettext_lazy("事项类别"), required=False, widget=PlainSelect)
    area = forms.ChoiceField(label=gettext_lazy("区域"), required=False, widget=PlainSelect)
    office = forms.ChoiceField(label=gettext_lazy("承办单位"), required=False, widget=PlainSelect)
    channel = forms.ChoiceField(
        label=gettext_lazy("来源"), required=False, widget=PlainSelect, choices=[_ALL, *Report.Channel.choices]
    )
    since = DayField(label=gettext_lazy("从"), required=False)
    until = DayField(label=gettext_lazy("到"), required=False)
    why = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, asked: Mapping[str, object], book: Rulebook, version: int) -> None:
        super().__init__(asked, auto_id="filter-%s")
        self._offer("group", group_choices(book))
        self._offer("area", choices.area_choices(version, str(asked.get("area", ""))))
        self._offer("office", choices.office_choices(version))

    def _offer(self, name: str, offered: Iterable[tuple[str, str]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [_ALL, *offered]

    @property
    def asked(self) -> dict[str, Any]:
        """The filters that hold, by name."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}


class UnitFilterForm(FilterForm):
    """The filters of the list of places."""

    type = forms.ChoiceField(label=gettext_lazy("类型"), required=False, widget=PlainSelect)

    def __init__(self, asked: Mapping[str, object], book: Rulebook, version: int) -> None:
        super().__init__(asked, book, version)
        self._offer("type", choices.type_choices(book))
