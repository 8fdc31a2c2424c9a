"""What the auditor narrows looks by."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from doudi.web.design.fields import DayField, PlainSelect
from doudi.web.looks.models import Look


class LookFilterForm(forms.Form):
    """Every field may stay empty; one that cannot be read narrows nothing and says so."""

    who = forms.CharField(label=_("人或岗位"), required=False, max_length=40)
    number = forms.CharField(label=_("编号"), required=False, max_length=30)
    what = forms.ChoiceField(
        label=_("看了什么"), required=False, widget=PlainSelect, choices=[("", _("不限")), *Look.What.choices]
    )
    since = DayField(label=_("从"), required=False)
    until = DayField(label=_("到"), required=False)

    @property
    def asked(self) -> dict[str, object]:
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}
