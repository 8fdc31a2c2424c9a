"""A shift to be put on the roster, perhaps on several days."""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django import forms
from django.urls import reverse
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from doudi.web import clock
from doudi.web.actions.action import Action, ActionContext, Fields, Given
from doudi.web.design.fields import ClockField, DayField
from doudi.web.people.forms import PersonField, PostField
from doudi.web.people.models import Person, Post
from doudi.web.resources.models import Roster
from doudi.web.resources.services import add_roster, may_roster

#: as many days as one entry may repeat itself
MOST_DAYS = 31


@dataclass(frozen=True)
class RosterContext(ActionContext[Post | None]):
    """A person before the roster; ``record`` is the post whose shifts they look at, if it is one alone."""

    def address(self, name: str) -> str:
        return reverse("roster")

    @property
    def page(self) -> str:
        return reverse("roster")


def _fields(at: RosterContext) -> Fields:
    """Who stands at which post, from when until when; an end that is not after the beginning lies on the next day."""
    fields = {
        "post": PostField(label=_("岗位"), initial=at.record.pk if at.record else None),
        "person": PersonField(label=_("值班人"), required=False, help_text=_("没有账号的人不选，在下面写姓名和电话。")),
        "name": forms.CharField(
            label=_("姓名"), max_length=60, required=False, widget=forms.TextInput({"autocomplete": "off"})
        ),
        "phone": forms.CharField(
            label=_("值班电话"),
            max_length=30,
            required=False,
            help_text=_("不写就用账号里的电话。"),
            widget=forms.TextInput({"inputmode": "tel", "autocomplete": "off"}),
        ),
        "on": DayField(label=_("日期"), initial=clock.today()),
        "starts": ClockField(label=_("上班")),
        "ends": ClockField(label=_("下班"), help_text=_("不晚于上班时间的，算第二天。")),
        "days": forms.IntegerField(label=_("连排几天"), min_value=1, max_value=MOST_DAYS, initial=1),
        "note": forms.CharField(label=_("备注"), max_length=100, required=False),
    }
    # A field of posts asks which stand today when it is copied.
    return deepcopy(fields)


def _check(form: forms.Form) -> None:
    said = form.cleaned_data
    person: Person | None = said.get("person")
    said["name"] = said.get("name") or (person.name if person else "")
    said["phone"] = said.get("phone") or (person.phone if person else "")
    if not said["name"] and "person" not in form.errors:
        form.add_error("name", _now("请选一个值班人，或写上姓名。"))
    elif not said["phone"]:
        form.add_error("phone", _now("这个人的账号里没有电话，请写上值班电话：有人要打。"))
    if not form.errors and _span(said, 0)[1] <= clock.now():
        form.add_error("on", _now("这一班已经过去，不能补排。"))


def _enter(at: RosterContext, given: Given) -> list[Roster]:
    """One row for each day, the first as written."""
    spans = (_span(given.answers, day) for day in range(given["days"]))
    rows = [
        Roster(
            post=given["post"],
            person=given["person"],
            name=given["name"],
            phone=given["phone"],
            note=given["note"],
            starts_at=starts_at,
            ends_at=ends_at,
        )
        for starts_at, ends_at in spans
    ]
    add_roster(rows, by=at.actor)
    return rows


def _span(said: Mapping[str, Any], later: int) -> tuple[datetime, datetime]:
    on: date = said["on"] + timedelta(days=later)
    until = on if said["ends"] > said["starts"] else on + timedelta(days=1)
    return (
        datetime.combine(on, said["starts"], tzinfo=clock.TOWN_ZONE),
        datetime.combine(until, said["ends"], tzinfo=clock.TOWN_ZONE),
    )


SHIFT: Action[RosterContext] = Action(
    "shift",
    _("排一班"),
    "plus",
    lambda at: may_roster(at.actor),
    _enter,
    "",
    _fields,
    check=_check,
    main=True,
    asks=True,
)
