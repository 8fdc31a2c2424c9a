"""What is filled in at the workbench."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from doudi.engine.duties.rules import COLUMNS
from doudi.web.rulebook.cells import HEADERS, NEEDED, SEVERAL, Cells


class BeginForm(forms.Form):
    """A new draft."""

    title = forms.CharField(label=_("这次修订叫什么"), max_length=80, help_text=_("例如“夜间噪声职责调整”。"))
    source = forms.CharField(label=_("依据"), max_length=200, required=False, help_text=_("文件或会议，可以以后再补。"))


class SheetForm(forms.Form):
    """An edited table of rules."""

    file = forms.FileField(
        label=_("改好的表格"),
        allow_empty_file=True,
        max_length=200,
        help_text=_("XLSX 或 CSV，用下载的表格改。"),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv"}),
    )


class RuleForm(forms.Form):
    """One rule cell by cell, for anyone who works without scripts; names and codes are both understood."""

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
            return forms.ChoiceField(
                label=label, required=needed, choices=[*empty, *((one.shown, one.shown) for one in choices)]
            )
        attrs: dict[str, object] = {"autocomplete": "off"}
        if choices:
            attrs["list"] = f"names-{column}"
        if column == "id" and fixed_id:
            attrs["readonly"] = True
        if column in ("since", "until"):
            return forms.CharField(label=label, required=needed, widget=forms.TextInput(attrs={"type": "date"}))
        hint = gettext("写几个时用“；”隔开；空着就是不限。") if column in SEVERAL and column != "settles" else ""
        return forms.CharField(
            label=label, required=needed, max_length=4000, help_text=hint, widget=forms.TextInput(attrs=attrs)
        )
