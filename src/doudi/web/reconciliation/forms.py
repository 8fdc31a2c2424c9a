"""What is asked for a comparison: the list, its system and time; and once what its columns and words mean."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from doudi.engine.upstream.vocabulary import Stage
from doudi.web.design.fields import DayField, PlainSelect
from doudi.web.reconciliation.lists import DUE, HOLDER, NUMBER, STATE, Seen
from doudi.web.reconciliation.models import StageWord

COLUMN_LABELS = {NUMBER: _("工单编号"), STATE: _("状态"), DUE: _("时限"), HOLDER: _("承办单位")}


class ListForm(forms.Form):
    """A list and for which days it is whole."""

    system = forms.CharField(
        label=_("来自哪个系统"),
        max_length=40,
        help_text=_("和导入工单时写的名称一样。"),
        widget=forms.TextInput(attrs={"list": "systems", "autocomplete": "off"}),
    )
    since = DayField(label=_("从哪天"))
    until = DayField(label=_("到哪天"), help_text=_("按受理日期，这几天的工单都应在表里。"))
    file = forms.FileField(
        label=_("对方的工单清单"),
        allow_empty_file=True,
        max_length=200,
        help_text=_("CSV、XLSX 或 XLS。文件不保存，只留它的摘要作凭据。"),
        widget=forms.FileInput(attrs={"accept": ".csv,.txt,.xlsx,.xls"}),
    )


class MeaningForm(forms.Form):
    """Which column tells what, and which stage each unknown word is; asked once for such lists."""

    def __init__(self, *args: Any, seen: Seen, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.words = seen.words
        columns = [("", gettext("表里没有")), *((header, header) for header in seen.headers)]
        for what, label in COLUMN_LABELS.items():
            self.fields[f"column-{what}"] = forms.ChoiceField(
                label=label,
                choices=columns,
                required=what == NUMBER,
                initial=seen.columns.get(what, ""),
                widget=PlainSelect,
            )
        stages = [("", gettext("请选择")), *((str(one), label) for one, label in StageWord.STAGE_LABELS.items())]
        for at, word in enumerate(seen.words):
            self.fields[f"word-{at}"] = forms.ChoiceField(
                label=gettext("“{word}”是").format(word=word), choices=stages, widget=PlainSelect
            )

    @property
    def columns(self) -> dict[str, str]:
        chosen = {what: self.cleaned_data.get(f"column-{what}", "") for what in COLUMN_LABELS}
        return {what: header for what, header in chosen.items() if header}

    @property
    def stages(self) -> Mapping[str, Stage]:
        return {word: Stage(self.cleaned_data[f"word-{at}"]) for at, word in enumerate(self.words)}
