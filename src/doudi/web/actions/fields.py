"""What actions ask for: words, photographs, posts."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _later

from doudi.engine.duties.bonds import Bond
from doudi.web.design.picking import picked
from doudi.web.people.models import Post

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

LONGEST = 4000


class BondField(forms.ChoiceField):
    """What waits for the posts that are asked to help; a form that does not say lets the work wait."""

    def __init__(self) -> None:
        super().__init__(
            label=_later("要不要等协办"),
            choices=[
                (Bond.BEFORE_HANDLED.value, _later("等：办完才能填处置结果")),
                (Bond.BEFORE_CLOSED.value, _later("等：办完才能结案")),
                (Bond.INFORMS.value, _later("不等：只是知会")),
            ],
            widget=forms.RadioSelect,
            initial=Bond.BEFORE_HANDLED.value,
            required=False,
        )

    def clean(self, value: Any) -> str:
        return str(super().clean(value)) or Bond.BEFORE_HANDLED.value


def words_field(
    label: StrOrPromise, *, required: bool = True, rows: int = 3, example: StrOrPromise = "", missing: StrOrPromise = ""
) -> forms.CharField:
    """Free words. Their length is checked here and not by the browser, which would cut off what was pasted without a word.

    ``missing``: what is said where they are required and were not written.
    """
    return forms.CharField(
        label=label,
        required=required,
        error_messages={"required": missing} if missing else None,
        validators=[_not_too_long],
        widget=forms.Textarea(attrs={"rows": rows, "placeholder": example}),
    )


def _not_too_long(text: str) -> None:
    if len(text) > LONGEST:
        raise forms.ValidationError(
            _("一共 {n} 字，一次最多 {most} 字；您写的都还在，请删短一些。").format(n=len(text), most=LONGEST)
        )


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

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile[Any]]:
        files = data if isinstance(data, list | tuple) else [data]
        return [file for file in files if file]


class PostField(forms.ChoiceField):
    """One of the posts offered; its value is the post, or None where none was chosen."""

    def __init__(self, posts: Iterable[tuple[str, str]], empty: StrOrPromise, **options: Any) -> None:
        super().__init__(choices=[("", empty), *posts], widget=picked(forms.Select(), "posts"), **options)

    def clean(self, value: Any) -> Post | None:
        code = super().clean(value)
        return Post.objects.select_related("office").get(code=code) if code else None


class PostsField(forms.MultipleChoiceField):
    """Some of the posts offered."""

    def __init__(self, posts: Iterable[tuple[str, str]], size: int, **options: Any) -> None:
        super().__init__(
            choices=list(posts),
            required=False,
            widget=picked(forms.SelectMultiple(attrs={"size": size}), "posts"),
            **options,
        )

    def clean(self, value: Any) -> list[Post]:
        return list(Post.objects.select_related("office").filter(code__in=super().clean(value)))
