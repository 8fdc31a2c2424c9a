"""What is filled in at the workbench."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from doudi.engine.duties.rules import COLUMNS
from doudi.web import clock
from doudi.web.design.fields import DayField
from doudi.web.rulebook.cells import HEADERS, NEEDED, SEVERAL, Cells


class BeginForm(forms.Form):
    """A new draft."""

    title = forms.CharField(label=_("这次修订叫什么"), max_length=80, help_text=_("例如“夜间噪声职责调整”。"))
    source = forms.CharField(label=_("依据"), max_length=200, required=False, help_text=_("文件或会议，可以以后再补。"))


class DescribeForm(forms.Form):
    """What a draft is called, what it rests on, and from when it is meant to hold."""

    title = forms.CharField(label=_("名称"), max_length=80)
    source = forms.CharField(label=_("来源"), max_length=200)
    valid_from = DayField(label=_("拟施行日"))


class WordsForm(forms.Form):
    """A step with words that may be left out."""

    words = forms.CharField(label=_("说明"), required=False, max_length=400, widget=forms.Textarea(attrs={"rows": 2}))


class ReasonForm(forms.Form):
    """A step that needs its reason."""

    words = forms.CharField(label=_("理由"), max_length=400, widget=forms.Textarea(attrs={"rows": 2}))


class RebaseForm(forms.Form):
    """Whose wins where both sides changed a rule."""

    prefer = forms.ChoiceField(
        label=_("两边都改过的规则"), required=False,
        choices=[("", _("有的话先告诉我")), ("draft", _("以草案为准")), ("published", _("以已发布的为准"))],
    )  # fmt: skip


class PublishForm(WordsForm):
    """When the version comes into force."""

    valid_from = DayField(label=_("施行日"))
    field_order = ("valid_from", "words")

    def clean_valid_from(self) -> Any:
        day = self.cleaned_data["valid_from"]
        if day < clock.today():
            raise forms.ValidationError(gettext("施行日不能早于今天。"))
        return day


class AcceptForm(forms.Form):
    """A gap or conflict that is left open on purpose."""

    name = forms.CharField(label=_("叫什么"), max_length=80)
    why = forms.CharField(label=_("为什么现在定不了"), max_length=400, widget=forms.Textarea(attrs={"rows": 2}))


class SheetForm(forms.Form):
    """An edited table of rules."""

    file = forms.FileField(
        label=_("改好的表格"), allow_empty_file=True, max_length=200, help_text=_("XLSX 或 CSV，用下载的表格改。"),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv"}),
    )  # fmt: skip


class RuleForm(forms.Form):
    """One rule cell by cell, for whoever works without scripts; names and codes are both understood."""

    def __init__(self, *args: Any, cells: Cells, fixed_id: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for column in COLUMNS:
            self.fields[column] = self._field(column, cells, fixed_id)

    @staticmethod
    def _field(column: str, cells: Cells, fixed_id: bool) -> forms.Field:
        label, needed = gettext(HEADERS[column]), column in NEEDED
        choices = cells.choices.get(column, ())
        if column in ("layer", "list", "hours"):
            empty = [] if needed else [("", gettext("不限") if column == "hours" else "—")]
            return forms.ChoiceField(label=label, required=needed, choices=[*empty, *((one.shown, one.shown) for one in choices)])
        attrs: dict[str, Any] = {"autocomplete": "off"}
        if choices:
            attrs["list"] = f"names-{column}"
        if column == "id" and fixed_id:
            attrs["readonly"] = True
        if column in ("since", "until"):
            return forms.CharField(label=label, required=needed, widget=forms.TextInput(attrs={"type": "date"}))
        hint = gettext("写几个时用“；”隔开；空着就是不限。") if column in SEVERAL and column != "settles" else ""
        return forms.CharField(label=label, required=needed, max_length=4000, help_text=hint, widget=forms.TextInput(attrs=attrs))
