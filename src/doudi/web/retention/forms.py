"""What a reporter asks about their own data, and how a colleague answers."""

from __future__ import annotations

from collections.abc import Mapping

from django import forms
from django.utils.translation import gettext_lazy as _

from doudi.web.retention.models import PersonalRequest
from doudi.web.retention.services import OUTCOMES


class AskForm(forms.Form):
    """One request; an erasure needs no reason."""

    kind = forms.ChoiceField(
        label=_("您要"),
        choices=PersonalRequest.Kind.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("请选要查阅、更正还是删除。")},
    )
    words = forms.CharField(
        label=_("说明"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3, "placeholder": _("例如：电话应为……；不想再留联系方式")}),
    )


class AnswerForm(forms.Form):
    """The answer and what is done with it; corrections of name and phone go where they belong."""

    outcome = forms.ChoiceField(label=_("怎么办"), error_messages={"required": _("请选怎么办。")})
    words = forms.CharField(
        label=_("给本人的答复"), required=False, max_length=1000, widget=forms.Textarea(attrs={"rows": 3})
    )
    name = forms.CharField(label=_("更正后的称呼"), required=False, max_length=60)
    phone = forms.CharField(label=_("更正后的电话"), required=False, max_length=30)

    def __init__(self, asked: PersonalRequest, data: Mapping[str, object] | None = None) -> None:
        super().__init__(data)
        field = self.fields["outcome"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(str(one), one.label) for one in OUTCOMES[asked.kind]]
        if asked.kind != PersonalRequest.Kind.CORRECT:
            del self.fields["name"], self.fields["phone"]
