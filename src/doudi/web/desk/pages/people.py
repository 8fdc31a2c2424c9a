"""Who sits where and who is on: posts with their people, accounts, appointments and the roster."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from doudi.engine.errors import DoudiError
from doudi.web import clock
from doudi.web.design.wording import say
from doudi.web.desk.pages.acting import acting, for_staff, show
from doudi.web.people import services
from doudi.web.people.models import Appointment, Person, Post
from doudi.web.people.queries import seats_by_office, standing_posts
from doudi.web.resources.models import Roster
from doudi.web.resources.queries import coming, on_now
from doudi.web.resources.services import add_roster, remove_roster


class PersonForm(forms.Form):
    username = forms.RegexField(
        r"^[a-z][a-z0-9_.-]{1,58}$", label=gettext_lazy("登录名"),
        error_messages={"invalid": gettext_lazy("登录名用小写字母开头，可含数字、点、横线，至少两位。")},
    )  # fmt: skip
    name = forms.CharField(label=gettext_lazy("姓名"), max_length=60)
    phone = forms.CharField(label=gettext_lazy("电话"), max_length=30, required=False)


class AppointForm(forms.Form):
    person = forms.ModelChoiceField(Person.objects.filter(is_active=True).order_by("username"), label=gettext_lazy("谁"))
    post = forms.ModelChoiceField(Post.objects.none(), label=gettext_lazy("到哪个岗位"))
    acting = forms.BooleanField(label=gettext_lazy("临时代理"), required=False)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["post"].queryset = standing_posts().order_by("office__name", "name")  # type: ignore[attr-defined]


class RosterForm(forms.Form):
    post = forms.ModelChoiceField(Post.objects.none(), label=gettext_lazy("岗位"))
    name = forms.CharField(label=gettext_lazy("值班人"), max_length=60)
    phone = forms.CharField(label=gettext_lazy("值班电话"), max_length=30)
    starts = forms.DateTimeField(label=gettext_lazy("从"), widget=forms.DateTimeInput({"type": "datetime-local"}))
    hours = forms.IntegerField(label=gettext_lazy("几小时"), min_value=1, max_value=72, initial=8)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["post"].queryset = standing_posts().order_by("office__name", "name")  # type: ignore[attr-defined]


@require_safe
@for_staff
def people(request: HttpRequest) -> HttpResponseBase:
    return _people(request, PersonForm(), AppointForm())


def _people(request: HttpRequest, person: PersonForm, seat: AppointForm, status: int = 200) -> HttpResponseBase:
    if not acting(request).may("manage_people"):
        raise Http404
    asked = request.GET.get("q", "").strip()
    facts = {"offices": seats_by_office(asked), "asked": asked, "person_form": person, "seat_form": seat}
    return show(request, "desk/people.html", facts, status)


@require_POST
@for_staff
def people_add(request: HttpRequest) -> HttpResponseBase:
    """Open an account; its first password is made by chance and shown this once."""
    form = PersonForm(request.POST)
    password = secrets.token_urlsafe(12)
    if form.is_valid():
        try:
            services.add_person(
                form.cleaned_data["username"], form.cleaned_data["name"], phone=form.cleaned_data["phone"], password=password,
                by=acting(request),
            )  # fmt: skip
        except DoudiError as error:
            form.add_error(None, say(error))
        else:
            told = _("已为{name}开户，初始密码 {password} 只显示这一次，请当面转交并提醒修改。")
            messages.success(request, told.format(name=form.cleaned_data["name"], password=password))
            return redirect("/people")
    return _people(request, form, AppointForm(), 409)


@require_POST
@for_staff
def people_appoint(request: HttpRequest) -> HttpResponseBase:
    form = AppointForm(request.POST)
    if form.is_valid():
        person, post = form.cleaned_data["person"], form.cleaned_data["post"]
        row = Appointment(person=person, post=post, acting=form.cleaned_data["acting"], since=clock.today())
        try:
            services.appoint([row], by=acting(request))
        except DoudiError as error:
            form.add_error(None, say(error))
        else:
            messages.success(request, _("{name}今天起在{post}。").format(name=person.name, post=post.name))
            return redirect("/people")
    return _people(request, PersonForm(), form, 409)


@require_POST
@for_staff
def people_end(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The person leaves the post today; its matters stay with the post."""
    appointment = get_object_or_404(Appointment.objects.select_related("person", "post"), pk=pk)
    try:
        services.end_appointment(acting(request), appointment)
    except DoudiError as error:
        messages.error(request, say(error))
    else:
        told = _("{name}已离开{post}；这个岗位的事项仍在岗位上，不随人走。")
        messages.success(request, told.format(name=appointment.person.name, post=appointment.post.name))
    return redirect("/people")


@require_POST
@for_staff
def people_password(request: HttpRequest, username: str) -> HttpResponseBase:
    """Give somebody who forgot theirs a new password, shown this once."""
    person = get_object_or_404(Person, username=username)
    password = secrets.token_urlsafe(12)
    services.set_password(person, password, by=acting(request))
    messages.success(request, _("{name}的新密码 {password} 只显示这一次。").format(name=person.name, password=password))
    return redirect("/people")


@require_safe
@for_staff
def roster(request: HttpRequest) -> HttpResponseBase:
    return _roster(request, RosterForm())


def _roster(request: HttpRequest, form: RosterForm, status: int = 200) -> HttpResponseBase:
    actor = acting(request)
    if not (actor.may("see_desk") or actor.may("manage_people")):
        raise Http404
    now = clock.now()
    facts = {"now": on_now(now), "coming": coming(now, now + timedelta(days=7)), "form": form if actor.may("manage_people") else None}
    return show(request, "desk/roster.html", facts, status)


@require_POST
@for_staff
def roster_add(request: HttpRequest) -> HttpResponseBase:
    form = RosterForm(request.POST)
    if form.is_valid():
        said = form.cleaned_data
        starts: datetime = said["starts"]
        row = Roster(
            post=said["post"], name=said["name"], phone=said["phone"], starts_at=starts, ends_at=starts + timedelta(hours=said["hours"])
        )
        add_roster([row], by=acting(request))
        messages.success(request, _("已排{name}在{post}值班。").format(name=row.name, post=row.post.name))
        return redirect("/roster")
    return _roster(request, form, 409)


@require_POST
@for_staff
def roster_remove(request: HttpRequest, pk: int) -> HttpResponseBase:
    remove_roster(acting(request), get_object_or_404(Roster, pk=pk))
    messages.success(request, _("已取消这一班。"))
    return redirect("/roster")
