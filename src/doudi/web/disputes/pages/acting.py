"""What the pages share: forms that keep what was typed when something is refused."""

from __future__ import annotations

from django import forms

from doudi.engine.errors import DoudiError
from doudi.web.design.wording import say
from doudi.web.people.guard import refusal


def refused(form: forms.Form, error: DoudiError) -> int:
    """The refusal stands above the form; the status is what ``refusal`` says."""
    form.add_error(None, say(error))
    return refusal(error)
