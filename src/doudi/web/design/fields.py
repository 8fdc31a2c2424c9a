"""Form fields that every slice may use."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.forms.utils import flatatt
from django.utils.functional import Promise
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from doudi.web import clock
from doudi.web.design.wording import say
from doudi.web.tables.moments import MomentError, read_moment, time_of

_FIRST, _LAST = date(2000, 1, 1), date(2199, 12, 31)


class DayField(forms.DateField):
    """A day of this century or the next. What lies beyond is a slip of the finger, and no clock can reckon with it."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("widget", forms.DateInput({"type": "date"}, format="%Y-%m-%d"))
        beyond = _("请写 2000 年到 2199 年之间的日期。")
        super().__init__(validators=[MinValueValidator(_FIRST, beyond), MaxValueValidator(_LAST, beyond)], **options)

    def to_python(self, value: Any) -> date | None:
        """As a browser sends it, else as people write it: 11月29日 is the one that lies nearest."""
        try:
            return super().to_python(value)
        except forms.ValidationError:
            return clock.day_of(_as_written(value))


def offer(form: forms.Form, name: str, choices: Iterable[tuple[str, str | Promise]]) -> None:
    """Let the named field of a form choose among ``choices``."""
    field = form.fields[name]
    assert isinstance(field, forms.ChoiceField)
    field.choices = list(choices)


_SELECTED = format_html(" {}", "selected")


class PlainSelect(forms.Select):
    """A select whose options are drawn by one join: Django renders a template for each of hundreds, a fifth of a list's time.

    For choices without groups; the markup is Django's own.
    """

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        chosen = "" if value is None else str(value)
        drawn = {"name": name, **self.build_attrs(self.attrs, attrs)}
        options = format_html_join(
            "",
            '<option value="{}"{}>{}</option>',
            ((key, _SELECTED if str(key) == chosen else "", label) for key, label in self.choices),
        )
        return format_html("<select{}>{}</select>", flatatt(drawn), options)


class MomentField(forms.DateTimeField):
    """A minute of such a day, in the town's own time."""

    def __init__(self, **options: Any) -> None:
        shape = "%Y-%m-%dT%H:%M"
        options.setdefault("widget", forms.DateTimeInput({"type": "datetime-local"}, format=shape))
        options.setdefault("input_formats", [shape, "%Y-%m-%d %H:%M"])
        super().__init__(**options)

    def to_python(self, value: Any) -> datetime | None:
        try:
            return super().to_python(value)
        except forms.ValidationError:
            return _as_written(value)

    def clean(self, value: object) -> Any:
        moment = super().clean(value)
        if moment is not None and not _FIRST <= moment.date() <= _LAST:
            raise forms.ValidationError(_("请写 2000 年到 2199 年之间的日期。"))
        return moment


class ClockField(forms.TimeField):
    """A time of day, as a browser sends it or as people write it: 8:30, 8点半, 下午3点."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("widget", forms.TimeInput({"type": "time"}, format="%H:%M"))
        super().__init__(**options)

    def to_python(self, value: Any) -> time | None:
        try:
            return super().to_python(value)
        except forms.ValidationError:
            if (written := time_of(str(value))) is None:
                raise
            return written


def _as_written(value: object) -> datetime:
    """A day or moment in words; the year that is not written is the one that brings it nearest to now."""
    try:
        return read_moment(str(value), near=clock.now())
    except MomentError as error:
        raise forms.ValidationError(say(error)) from error
