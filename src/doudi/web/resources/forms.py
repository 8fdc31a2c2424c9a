"""A shift to be put on the roster, perhaps on several days."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from doudi.web import clock
from doudi.web.design.fields import DayField
from doudi.web.people.forms import PersonField, PostField
from doudi.web.people.models import Person
from doudi.web.resources.models import Roster

#: as many days as one entry may repeat itself
MOST_DAYS = 31


class ShiftForm(forms.Form):
    """Who stands at which post, from when until when; an end that is not after the beginning lies on the next day."""

    post = PostField(label=_("岗位"))
    person = PersonField(label=_("值班人"), required=False, help_text=_("没有账号的人不选，在下面写姓名和电话。"))
    name = forms.CharField(label=_("姓名"), max_length=60, required=False, widget=forms.TextInput({"autocomplete": "off"}))
    phone = forms.CharField(
        label=_("值班电话"), max_length=30, required=False, help_text=_("不写就用账号里的电话。"),
        widget=forms.TextInput({"inputmode": "tel", "autocomplete": "off"}),
    )  # fmt: skip
    on = DayField(label=_("日期"))
    starts = forms.TimeField(label=_("上班"), widget=forms.TimeInput({"type": "time"}, format="%H:%M"))
    ends = forms.TimeField(
        label=_("下班"), help_text=_("不晚于上班时间的，算第二天。"), widget=forms.TimeInput({"type": "time"}, format="%H:%M")
    )  # fmt: skip
    days = forms.IntegerField(label=_("连排几天"), min_value=1, max_value=MOST_DAYS, initial=1)
    note = forms.CharField(label=_("备注"), max_length=100, required=False)

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or {}
        person: Person | None = said.get("person")
        said["name"] = said.get("name") or (person.name if person else "")
        said["phone"] = said.get("phone") or (person.phone if person else "")
        if not said["name"] and "person" not in self.errors:
            self.add_error("name", _("请选一个值班人，或写上姓名。"))
        elif not said["phone"]:
            self.add_error("phone", _("这个人的账号里没有电话，请写上值班电话：有人要打。"))
        if not self.errors and self._span(0)[1] <= clock.now():
            self.add_error("on", _("这一班已经过去，不能补排。"))
        return said

    def rows(self) -> list[Roster]:
        """One row for each day, the first as written."""
        said = self.cleaned_data
        spans = (self._span(day) for day in range(said["days"]))
        return [
            Roster(
                post=said["post"], person=said["person"], name=said["name"], phone=said["phone"], note=said["note"],
                starts_at=starts_at, ends_at=ends_at,
            )
            for starts_at, ends_at in spans
        ]  # fmt: skip

    def _span(self, later: int) -> tuple[datetime, datetime]:
        said = self.cleaned_data
        on: date = said["on"] + timedelta(days=later)
        until = on if said["ends"] > said["starts"] else on + timedelta(days=1)
        return (
            datetime.combine(on, said["starts"], tzinfo=clock.TOWN_ZONE),
            datetime.combine(until, said["ends"], tzinfo=clock.TOWN_ZONE),
        )
