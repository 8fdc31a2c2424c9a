"""What phrases and kept answers share at their pages: where their forms go, the way back, ending, an earlier version."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any, ClassVar, TypeVar

from django import forms
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from doudi.web import clock
from doudi.web.actions.action import ActionContext, Fields
from doudi.web.design.way_back import bear

#: how long the note of success bears the way back; the history has it for good
_WITHIN = timedelta(seconds=30)
TO: Fields = {"to": forms.IntegerField(label=_("第几版"), min_value=1, widget=forms.HiddenInput)}


@dataclass(frozen=True)
class KeptContext(ActionContext[Any]):
    """A person before one record, or before the list of all (``record`` None). ``NAMES``: of the list's page, of one's."""

    NAMES: ClassVar[tuple[str, str]]

    def address(self, name: str) -> str:
        many, one = self.NAMES
        return reverse(many) if self.record is None else reverse(f"{one}_{name}", args=[self.record.pk])

    @property
    def page(self) -> str:
        return reverse(self.NAMES[0]) if self.record is None else str(self.record.get_absolute_url())

    @property
    def keeps(self) -> bool:
        """Whether this person may change it; before the list, whether they may enter one."""
        raise NotImplementedError

    @property
    def stands(self) -> bool:
        """Whether it is offered, and this person may change it."""
        return self.record is not None and self.record.ended_at is None and self.keeps


C = TypeVar("C", bound=KeptContext)


def way_back(at: KeptContext) -> str:
    """What the record said before the step, while it is the last one."""
    version = at.record.version
    fields = [("to", str(version - 1)), ("version", str(version))]
    return bear(at.address("restore"), fields, clock.now() + _WITHIN) if version > 1 else ""
