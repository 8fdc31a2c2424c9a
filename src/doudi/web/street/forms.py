"""What is filled in where something was done on the spot: what it was, two photographs, and at most a word."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from doudi.web.design.fields import offer
from doudi.web.scan.forms import PhotosField, WordsForm


class FixedForm(WordsForm):
    """``areas``: those of the person, asked for where no place is known by its code."""

    kind = forms.ChoiceField(
        label=gettext_lazy("处理了什么"),
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("请点选处理的是哪一类。")},
    )
    before = PhotosField(label=gettext_lazy("处理之前"))
    after = PhotosField(label=gettext_lazy("处理之后"))
    words = forms.CharField(
        label=gettext_lazy("怎么处理的"), strip=False, widget=forms.Textarea(attrs={"rows": 2}), required=False
    )
    area = forms.ChoiceField(label=gettext_lazy("在哪个网格"))
    address = forms.CharField(
        label=gettext_lazy("在哪里"),
        max_length=200,
        widget=forms.TextInput(attrs={"placeholder": gettext_lazy("路名门牌，或附近的标志物")}),
        error_messages={"required": gettext_lazy("请写明在哪里。")},
    )

    def __init__(
        self,
        kinds: Iterable[tuple[str, str]],
        areas: list[tuple[str, str]] | None,
        data: Mapping[str, object] | None = None,
        files: Any = None,
    ) -> None:
        super().__init__(data, files, initial={"words": _("已当场处理好。")})
        offer(self, "kind", list(kinds))
        if areas is None:
            del self.fields["area"], self.fields["address"]
        else:
            offer(self, "area", areas)

    def clean_before(self) -> list[UploadedFile[bytes]]:
        return self._shown("before", _("请拍一张处理之前的照片。"))

    def clean_after(self) -> list[UploadedFile[bytes]]:
        return self._shown("after", _("请拍一张处理之后的照片。"))

    def _shown(self, name: str, missing: str) -> list[UploadedFile[bytes]]:
        if not self.cleaned_data[name]:
            raise forms.ValidationError(missing)
        return list(self.cleaned_data[name])

    def clean_words(self) -> str:
        return super().clean_words() or _("已当场处理好。")
