"""What people fill in at the desk and on the street. What was typed always stays before their eyes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from doudi.web.areas.queries import AreaDirectory
from doudi.web.design.fields import DayField, PlainSelect
from doudi.web.desk.queries import choices
from doudi.web.matters.models import Matter
from doudi.web.people.models import Post
from doudi.web.reports.models import Report
from doudi.web.rulebook.contents import group_choices
from doudi.web.rulebook.queries import Rulebook
from doudi.web.units.models import Unit
from doudi.web.units.queries import unit_by_code

LONGEST = 4000
_ALL = ("", gettext_lazy("不限"))


class FilterForm(forms.Form):
    """The filters of a list, read from its address. A value that is none is passed over, so that old bookmarks open."""

    q = forms.CharField(label=gettext_lazy("搜索"), required=False, widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off"}))
    status = forms.ChoiceField(label=gettext_lazy("状态"), required=False, widget=PlainSelect, choices=[_ALL, *Matter.Status.choices])
    lane = forms.ChoiceField(label=gettext_lazy("通道"), required=False, widget=PlainSelect, choices=[_ALL, *Matter.Lane.choices])
    group = forms.ChoiceField(label=gettext_lazy("事项类别"), required=False, widget=PlainSelect)
    area = forms.ChoiceField(label=gettext_lazy("区域"), required=False, widget=PlainSelect)
    office = forms.ChoiceField(label=gettext_lazy("承办单位"), required=False, widget=PlainSelect)
    channel = forms.ChoiceField(label=gettext_lazy("来源"), required=False, widget=PlainSelect, choices=[_ALL, *Report.Channel.choices])
    since = DayField(label=gettext_lazy("从"), required=False)
    until = DayField(label=gettext_lazy("到"), required=False)
    why = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, asked: Mapping[str, Any], book: Rulebook, edition: int) -> None:
        super().__init__(asked, auto_id="filter-%s")
        self._offer("group", group_choices(book))
        self._offer("area", choices.area_choices(edition, str(asked.get("area", ""))))
        self._offer("office", choices.office_choices(edition))

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

    def __init__(self, asked: Mapping[str, Any], book: Rulebook, edition: int) -> None:
        super().__init__(asked, book, edition)
        self._offer("type", choices.type_choices(book))


class PhotosInput(forms.ClearableFileInput):
    """Several photographs in one field; a phone offers its camera."""

    allow_multiple_selected = True
    template_name = "django/forms/widgets/file.html"

    def __init__(self) -> None:
        super().__init__(attrs={"accept": "image/jpeg,image/png,image/webp,image/*", "multiple": True})

    def use_required_attribute(self, initial: Any) -> bool:
        """A photograph may be asked for and yet be impossible; the words say so then, and no browser stands in the way."""
        return False


class PhotosField(forms.FileField):
    """A list of uploads; whether each of them is a photograph is found out when they are kept."""

    widget = PhotosInput

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile]:
        files = data if isinstance(data, list | tuple) else [data]
        return [file for file in files if file]


class StepForm(forms.Form):
    """A step that needs nothing but the press of a button, and the ground of those that need more.

    ``step`` keeps the ids of the many forms of one page apart without changing the names that are sent.
    """

    def __init__(self, *args: Any, step: str = "", **options: Any) -> None:
        super().__init__(*args, auto_id=f"{step}-%s", **options)


def words_field(label: Any, *, required: bool = True, rows: int = 3, example: Any = "") -> forms.CharField:
    """Free words. Their length is checked here and not by the browser, which would cut off what was pasted without a word."""
    return forms.CharField(
        label=label, required=required, validators=[_not_too_long], widget=forms.Textarea(attrs={"rows": rows, "placeholder": example})
    )


def _not_too_long(text: str) -> None:
    if len(text) > LONGEST:
        raise forms.ValidationError(_("一共 {n} 字，一次最多 {most} 字；您写的都还在，请删短一些。").format(n=len(text), most=LONGEST))


class WordsForm(StepForm):
    words = words_field(gettext_lazy("说明"))


class OptionalWordsForm(StepForm):
    words = words_field(gettext_lazy("说明"), required=False)


class ReasonForm(StepForm):
    words = words_field(gettext_lazy("理由"))


class NoteForm(StepForm):
    words = words_field(gettext_lazy("备注"), required=False)
    photos = PhotosField(label=gettext_lazy("照片"), required=False)


class HandleForm(StepForm):
    photos = PhotosField(label=gettext_lazy("处置后的照片"), required=False)
    words = words_field(gettext_lazy("怎么处置的，结果如何"), example=gettext_lazy("例如：已劝离摊贩并清扫路面，商户承诺不再外摆"))


    def __init__(self, *args: Any, needs_photo: bool = False, **options: Any) -> None:
        super().__init__(*args, **options)
        if needs_photo:
            photos = self.fields["photos"]
            photos.required = True
            photos.help_text = _("这类事项要有处置后的照片；确实拍不了，请在说明里写“无法拍照”和原因。")


class VerifyForm(StepForm):
    passed = forms.ChoiceField(
        label=gettext_lazy("现场看到的"), choices=[("yes", gettext_lazy("已解决，核查通过")), ("no", gettext_lazy("没解决，退回返工"))],
        widget=forms.RadioSelect, error_messages={"required": gettext_lazy("请选“通过”或“退回”。")},
    )  # fmt: skip
    words = words_field(gettext_lazy("核查说明"), required=False, example=gettext_lazy("退回返工时必须写明哪里没有解决"))
    photos = PhotosField(label=gettext_lazy("核查照片"), required=False)


class SupportResultForm(StepForm):
    post = forms.CharField(widget=forms.HiddenInput)
    words = words_field(gettext_lazy("协办结果"))


class ExcuseForm(StepForm):
    post = forms.CharField(widget=forms.HiddenInput)
    words = words_field(gettext_lazy("免除协办的理由"))


class MergeForm(StepForm):
    into = forms.CharField(
        label=gettext_lazy("并入哪一件"), max_length=30,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "placeholder": gettext_lazy("14 位事项编号"), "autocomplete": "off"}),
    )  # fmt: skip
    words = words_field(gettext_lazy("理由"))


class CallForm(StepForm):
    call = forms.CharField(widget=forms.HiddenInput, max_length=12)
    words = words_field(gettext_lazy("谁打的、对方怎么说"), required=False, rows=2)


class DispatchForm(StepForm):
    """What the matter is, where, and whose: the rules say the holder unless one is chosen against them."""

    kind = forms.CharField(
        label=gettext_lazy("事项"), max_length=120,
        widget=forms.TextInput(attrs={"list": "kinds", "autocomplete": "off", "placeholder": gettext_lazy("输入几个字，从列表里选")}),
    )  # fmt: skip
    holder = forms.ChoiceField(
        label=gettext_lazy("承办岗"), required=False, help_text=gettext_lazy("不选就按规则派；与规则不同要写理由。")
    )
    unit = forms.CharField(
        label=gettext_lazy("场所编码"), required=False, max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "off", "placeholder": gettext_lazy("码牌上的 13 位编码")}),
    )  # fmt: skip
    area = forms.ChoiceField(label=gettext_lazy("网格或村居"), required=False)
    supports = forms.MultipleChoiceField(
        label=gettext_lazy("协办岗位"), required=False, help_text=gettext_lazy("不选就按规则；按住 Ctrl 可多选。"),
        widget=forms.SelectMultiple(attrs={"size": 4}),
    )  # fmt: skip
    words = words_field(gettext_lazy("理由或交代"), required=False, rows=2)

    def __init__(self, *args: Any, book: Rulebook, places: AreaDirectory, **options: Any) -> None:
        super().__init__(*args, **options)
        self._book, self._places = book, places
        edition = places.edition
        for name, offered in (
            ("holder", [("", _("按规则")), *choices.post_choices(edition, holding=True)]),
            ("supports", choices.post_choices(edition, holding=False)),
            ("area", [("", _("不变")), *((code, places.path(code)) for code in places.tree)]),
        ):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = offered

    def clean_kind(self) -> str:
        """A label of the list, a name, or a code."""
        typed = str(self.cleaned_data["kind"]).strip()
        code = choices.kind_labels(self._book).get(typed, typed)
        if code not in self._book.catalogue:
            raise forms.ValidationError(_("事项目录里没有“{typed}”，请从列表里选一个。").format(typed=typed))
        return code

    def clean_unit(self) -> Unit | None:
        typed = str(self.cleaned_data["unit"]).strip()
        unit = unit_by_code(typed) if typed else None
        if typed and unit is None:
            raise forms.ValidationError(_("没有编码为“{typed}”的场所，请核对码牌。").format(typed=typed))
        return unit

    def given(self) -> dict[str, Any]:
        """What the service is asked with."""
        found = self.cleaned_data
        return {
            "kind": found["kind"],
            "holder": Post.objects.get(code=found["holder"]) if found["holder"] else None,
            "unit": found["unit"],
            "area": self._places.areas.get(found["area"]),
            "supports": list(Post.objects.filter(code__in=found["supports"])),
            "words": found["words"],
        }


class ContactForm(StepForm):
    reached = forms.ChoiceField(
        label=gettext_lazy("联系上了吗"), choices=[("yes", gettext_lazy("联系上了")), ("no", gettext_lazy("没联系上"))],
        widget=forms.RadioSelect, error_messages={"required": gettext_lazy("请选“联系上了”或“没联系上”。")},
    )  # fmt: skip
    words = words_field(gettext_lazy("情况"), required=False, rows=2, example=gettext_lazy("例如：补充了楼栋号；或：两次无人接听"))


class ReplyForm(StepForm):
    words = words_field(gettext_lazy("答复内容（诉求人会原样看到）"), rows=5)


class TellForm(StepForm):
    words = words_field(gettext_lazy("告知的进展（诉求人会原样看到）"))


class PurposeForm(StepForm):
    words = forms.CharField(label=gettext_lazy("用途"), max_length=100, required=False, widget=forms.TextInput(
        attrs={"placeholder": gettext_lazy("例如：约时间上门查看")}))
