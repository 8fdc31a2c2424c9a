"""The two fields of an answer: its words, with the phrases that may begin it, and the photographs that go with it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django import forms
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString

from doudi.web.actions.fields import words_field
from doudi.web.design.wording import say
from doudi.web.desk.queries.answering import Draft
from doudi.web.desk.queries.story import Photo
from doudi.web.files.models import Upload

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


class DraftInput(forms.Textarea):
    """The words of an answer; below them each phrase, which with scripts is taken instead by one press."""

    phrases: Sequence[tuple[str, str]] = ()

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        words = super().render(name, value, attrs, renderer)
        if not self.phrases or not attrs:
            return words
        row = render_to_string("desk/_phrases.html", {"field": attrs.get("id", ""), "phrases": self.phrases})
        return format_html("{}{}", words, row)


def draft_field(label: StrOrPromise, draft: Draft, *, rows: int) -> forms.CharField:
    field = words_field(label, rows=rows)
    field.widget = DraftInput(attrs=field.widget.attrs)
    field.widget.phrases = draft.phrases if len(draft.phrases) > 1 else ()
    field.initial = draft.text
    field.help_text = say(draft.untold)
    return field


class ShownInput(forms.CheckboxSelectMultiple):
    """Photographs to tick, each seen before it is."""

    template_name = "desk/_shown.html"
    photos: dict[str, Photo] = {}

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        ticked = set(value or ())
        return {**context, "ticks": [(key, photo, key in ticked) for key, photo in self.photos.items()]}


class ShownField(forms.MultipleChoiceField):
    """Some of the photographs offered; its value is the list of uploads."""

    def __init__(self, photos: Sequence[tuple[str, Photo]], label: StrOrPromise, help_text: StrOrPromise) -> None:
        widget = ShownInput()
        widget.photos = dict(photos)
        choices = [(key, photo.label) for key, photo in photos]
        super().__init__(label=label, help_text=help_text, required=False, choices=choices, widget=widget)

    def clean(self, value: Any) -> list[Upload]:
        return list(Upload.objects.filter(pk__in=super().clean(value)).order_by("pk"))
