"""The two fields of an answer: its words, with the phrases that may begin it, and the photographs that go with it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django import forms
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from doudi.engine.answers.reviewing import About, review
from doudi.web.actions.fields import words_field
from doudi.web.design.wording import say
from doudi.web.desk.queries.answering import Draft
from doudi.web.desk.queries.story import Photo
from doudi.web.files.models import Upload

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


#: as many warnings as are read before they are skipped
_MOST_SAID = 6


class DraftInput(forms.Textarea):
    """The words of an answer; below them each phrase, which with scripts is taken instead by one press."""

    phrases: Sequence[tuple[str, str]] = ()

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        words = super().render(name, value, attrs, renderer)
        if not self.phrases or not attrs:
            return words
        row = render_to_string("desk/_phrases.html", {"field": attrs.get("id", ""), "phrases": self.phrases})
        return format_html("{}{}", words, row)


class ReplyField(forms.CharField):
    """The words of a reply; ``about``: what is known of the report when they are looked through before they go."""

    def __init__(self, label: StrOrPromise, draft: Draft, about: About) -> None:
        made = words_field(label)
        super().__init__(label=label, validators=made.validators, widget=DraftInput(attrs={"rows": 7}))
        self.about = about
        _begin(self, draft)


def draft_field(label: StrOrPromise, draft: Draft) -> forms.CharField:
    """The words on how things stand, which nobody looks through."""
    field = words_field(label)
    field.widget = DraftInput(attrs={"rows": 4})
    _begin(field, draft)
    return field


def _begin(field: forms.CharField, draft: Draft) -> None:
    assert isinstance(field.widget, DraftInput)
    field.widget.phrases = draft.phrases if len(draft.phrases) > 1 else ()
    field.initial = draft.text
    field.help_text = say(draft.untold)


def anyway_field() -> forms.CharField:
    """Why an answer goes in spite of what was warned of; asked for only then."""
    label = _("不改也行：为什么照这样发出（记在经过里，诉求人看不到）")
    return forms.CharField(label=label, required=False, max_length=200, widget=forms.HiddenInput)


def hold_up(form: forms.Form) -> None:
    """Warn of what is doubtful in the words, and ask for a word where they shall go all the same."""
    field, text = form.fields["words"], form.cleaned_data.get("words", "")
    assert isinstance(field, ReplyField)
    found = review(text, field.about) if text else ()
    if not found or form.cleaned_data.get("anyway"):
        return
    form.fields["anyway"].widget = forms.TextInput({"autocomplete": "off", "maxlength": "200"})
    # With scripts the first of the words stands marked in the field.
    if found[0].end:
        field.widget.attrs["data-doubt"] = text[found[0].start : found[0].end]
    for one in found[:_MOST_SAID]:
        form.add_error("words", say(one.words))


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
