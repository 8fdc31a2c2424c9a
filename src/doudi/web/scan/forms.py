"""What a passer-by fills in. Only one thing is ever asked for again: to say anything at all."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from doudi.web.design.fields import offer
from doudi.web.triage.services import LONGEST_WORDS


class PhotosInput(forms.ClearableFileInput):
    """Several photographs in one field; the phone offers its camera."""

    allow_multiple_selected = True
    template_name = "django/forms/widgets/file.html"

    def __init__(self) -> None:
        super().__init__(attrs={"accept": "image/jpeg,image/png,image/webp,image/*", "multiple": True})


class PhotosField(forms.FileField):
    """A list of uploads; whether each of them is a photograph is found out later, and never costs the words."""

    widget = PhotosInput

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile[bytes]]:
        files = data if isinstance(data, (list, tuple)) else [data]
        return [file for file in files if file]


class WordsForm(forms.Form):
    """Free words of at most 4,000 signs; what is longer is shown again, whole, to be shortened or split."""

    def __init__(self, data: Mapping[str, object] | None = None, files: Any = None, **options: Any) -> None:
        super().__init__(data, files, auto_id="%s", **options)

    def clean_words(self) -> str:
        words = str(self.cleaned_data["words"]).replace("\r\n", "\n").strip()
        if len(words) > LONGEST_WORDS:
            raise forms.ValidationError(
                _("一共 {n} 字，一次最多 {most} 字。您写的都还在下面：请删短一些，或分两次提交。").format(
                    n=len(words), most=LONGEST_WORDS
                )
            )
        return words


class ReportForm(WordsForm):
    """A report from a plaque: kind or words or photo, and perhaps how to reach the reporter."""

    kind = forms.CharField(required=False)
    words = forms.CharField(
        label=gettext_lazy("补充一句"),
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 3, "placeholder": gettext_lazy("例如：井盖碎了一角，晚上看不清")}),
    )
    photos = PhotosField(label=gettext_lazy("拍照或选照片"), required=False)
    phone = forms.CharField(
        label=gettext_lazy("手机号"),
        required=False,
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel", "maxlength": 30}),
    )
    name = forms.CharField(
        label=gettext_lazy("怎么称呼您"),
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "name", "maxlength": 60}),
    )
    secret = forms.BooleanField(
        label=gettext_lazy("请为我保密：只有值班长能看到我的联系方式，每次查看都留痕"), required=False
    )

    false = forms.BooleanField(required=False)

    #: a fault of ours kept the report from being received; the page says so, and machines that watch are told
    out_of_order = False

    def clean(self) -> dict[str, object]:
        """Pressed "this sign looks false": that is said before anything else."""
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("false") and "words" in cleaned:
            cleaned["words"] = "\n".join(filter(None, (_("这块码牌像假的。"), str(cleaned["words"]))))
        return cleaned

    def require_something(self, kept_photos: int) -> bool:
        """Whether anything was said: a kind, a word or a photo is enough. Adds the one refusal there is."""
        said = bool(self.cleaned_data.get("kind") or self.cleaned_data.get("words") or kept_photos)
        if not said:
            self.add_error(None, _("还不知道您要反映什么：请点选一类，或写一句话，或拍一张照片。"))
        return said


class GeneralForm(ReportForm):
    """The same without a plaque: the place is told in words."""

    address = forms.CharField(
        label=gettext_lazy("在哪里"),
        required=False,
        widget=forms.TextInput(
            attrs={"maxlength": 200, "placeholder": gettext_lazy("路名门牌、小区楼栋，或附近的标志物")}
        ),
    )
    area = forms.ChoiceField(label=gettext_lazy("属于哪个村居"), required=False)

    def __init__(
        self, villages: list[tuple[str, str]], data: Mapping[str, object] | None = None, files: Any = None
    ) -> None:
        super().__init__(data, files)
        offer(self, "area", [("", _("不清楚")), *villages])

    def clean(self) -> dict[str, object]:
        cleaned = super().clean() or self.cleaned_data
        # A village that is not in the list names no place; it is no reason to send anybody back.
        if "area" in self.errors:
            del self.errors["area"]
            cleaned["area"] = ""
        return cleaned


class AddForm(WordsForm):
    words = forms.CharField(
        label=gettext_lazy("补充说明"), required=False, strip=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    photos = PhotosField(label=gettext_lazy("补充照片"), required=False)


class RateForm(WordsForm):
    satisfaction = forms.ChoiceField(
        label=gettext_lazy("您满意吗"),
        choices=[
            ("satisfied", gettext_lazy("满意")),
            ("fairly", gettext_lazy("基本满意")),
            ("neutral", gettext_lazy("一般")),
            ("dissatisfied", gettext_lazy("不满意")),
        ],
        error_messages={"required": gettext_lazy("请在满意、基本满意、一般、不满意中选一个。")},
    )
    words = forms.CharField(
        label=gettext_lazy("想说的话"), required=False, strip=False, widget=forms.Textarea(attrs={"rows": 2})
    )


class ReopenForm(WordsForm):
    words = forms.CharField(
        label=gettext_lazy("哪里没有解决"),
        strip=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": gettext_lazy("请写一句哪里没有解决，承办的人好接着办。")},
    )


class FollowForm(forms.Form):
    """What a report is looked up by. Whatever is typed is looked for: a slip is told like everything that is not found."""

    number = forms.CharField(
        label=gettext_lazy("诉求编号"),
        max_length=40,
        help_text=gettext_lazy("14 位数字，写在回执上"),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    phone = forms.CharField(
        label=gettext_lazy("当时留的电话"),
        max_length=30,
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"}),
    )

    def __init__(self, data: Mapping[str, object] | None = None) -> None:
        super().__init__(data, auto_id="%s")
