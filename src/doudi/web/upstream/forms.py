"""What people fill in when they bring a file: the file and its system, then what each column means."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from doudi.web.upstream.columns import NO_POINTS, Columns, asks_for_coordinates
from doudi.web.upstream.fields import BY_NAME, FIELDS
from doudi.web.upstream.models import ImportFault


class UploadForm(forms.Form):
    """A file and where it comes from."""

    system = forms.CharField(
        label=_("来自哪个系统"),
        max_length=40,
        strip=True,
        help_text=_("例如“区12345热线”。同一系统请始终写同一个名称：系统和工单编号合起来认出同一件诉求。"),
        widget=forms.TextInput(attrs={"list": "systems", "autocomplete": "off"}),
    )
    file = forms.FileField(
        label=_("表格文件"),
        allow_empty_file=True,
        max_length=200,
        help_text=_("CSV、XLSX 或 XLS，不超过 20 MB。标题行、合并表头、末尾的备注都不必删。"),
        widget=forms.FileInput(attrs={"accept": ".csv,.txt,.xlsx,.xls"}),
    )


class ColumnsForm(forms.Form):
    """One choice for each column of the file: which of our fields it tells; and, for points without one, their system."""

    coordinates = forms.ChoiceField(
        label=_("整个文件的坐标系"),
        required=False,
        choices=[
            ("", _("按列里写的")),
            ("wgs84", "WGS-84 / CGCS2000"),
            ("gcj02", _("GCJ-02（高德、腾讯）")),
            ("bd09", _("BD-09（百度）")),
            (NO_POINTS, _("不知道，不用经纬度")),
        ],
        help_text=_("弄错坐标系，位置会偏半公里。"),
    )

    def __init__(self, *args: Any, headers: Sequence[str], columns: Columns, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.headers = headers
        choices = [("", gettext("不导入")), *((field.name, gettext(field.label)) for field in FIELDS)]
        meant = {header: name for name, given in columns.items() for header in given}
        for at, header in enumerate(headers):
            self.fields[f"column-{at}"] = forms.ChoiceField(
                label=header, choices=choices, required=False, initial=meant.get(header, "")
            )
        self.asks_for_coordinates = asks_for_coordinates(columns)

    @property
    def meanings(self) -> list[forms.BoundField]:
        return [self[f"column-{at}"] for at in range(len(self.headers))]

    @property
    def columns(self) -> dict[str, list[str]]:
        """Our field to headers, in the order of the file."""
        found: dict[str, list[str]] = {}
        for at, header in enumerate(self.headers):
            if name := self.cleaned_data.get(f"column-{at}"):
                found.setdefault(name, []).append(header)
        if (system := self.cleaned_data.get("coordinates")) and "coordinate_system" not in found:
            found["coordinate_system"] = [system]
        return found


class RowForm(forms.Form):
    """The cells of one row that stayed behind, each as text; those that tell a report of first."""

    def __init__(self, *args: Any, fault: ImportFault, hidden: frozenset[str] = frozenset(), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cells = fault.cells
        named = fault.batch.columns.items()
        meant = {header: name for name, given in named for header in given if not header.startswith("=")}
        others = [header for header in cells if header not in meant]
        self.headers = [header for header in [*meant, *others] if header not in hidden]
        for at, header in enumerate(self.headers):
            text = cells.get(header, "")
            long = len(text) > 40 or meant.get(header) == "words"
            self.fields[f"cell-{at}"] = forms.CharField(
                label=header,
                required=False,
                initial=text,
                strip=False,
                max_length=40_000,
                help_text=self._hint(header, meant.get(header)),
                widget=forms.Textarea(attrs={"rows": 4}) if long else forms.TextInput(),
            )

    @staticmethod
    def _hint(header: str, name: str | None) -> str:
        """What the column tells, where its own name does not say so."""
        label = gettext(BY_NAME[name].label) if name else gettext("这一列不导入")
        return "" if label == header else label

    @property
    def cells(self) -> Mapping[str, str]:
        return {header: self.cleaned_data[f"cell-{at}"] for at, header in enumerate(self.headers)}
