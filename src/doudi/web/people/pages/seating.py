"""The town's offices and posts with who sits there today; accounts, appointments, and passwords given again."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from doudi.engine.errors import DoudiError
from doudi.engine.people.vocabulary import Power
from doudi.web import clock
from doudi.web.design.wording import day_words, say
from doudi.web.people import queries, services
from doudi.web.people.access import VITAL
from doudi.web.people.forms import NewAccountForm, PersonSeatForm, PostSeatForm
from doudi.web.people.guard import ActorRequest, only_for, refusal
from doudi.web.people.models import Appointment, Person, Post

_PLACES_SHOWN, _ACCOUNTS_SHOWN = 4, 60


@require_safe
@only_for(Power.MANAGE_PEOPLE)
def people(request: ActorRequest) -> HttpResponse:
    """Who sits where today: all posts by office; or those that nobody holds; or all accounts."""
    asked = request.GET.get("q", "").strip()
    tab = request.GET.get("tab", "posts")
    tab = tab if tab in ("posts", "empty", "accounts") else "posts"
    seats = queries.seats_by_office()
    empty = sum(not people for office in seats for _post, people in office.posts)
    facts: dict[str, Any] = {
        "asked": asked,
        "tab": tab,
        "tabs": [
            {
                "href": reverse("people"),
                "label": _("岗位"),
                "here": tab == "posts",
                "count": sum(len(one.posts) for one in seats),
            },
            {"href": f"{reverse('people')}?tab=empty", "label": _("空岗"), "here": tab == "empty", "count": empty},
            {
                "href": f"{reverse('people')}?tab=accounts",
                "label": _("账号"),
                "here": tab == "accounts",
                "count": queries.count_accounts(),
            },
        ],
    }
    if tab == "accounts":
        found = queries.accounts(asked)
        facts["accounts"] = found if "all" in request.GET else found[:_ACCOUNTS_SHOWN]
        facts["left_out"] = len(found) - len(facts["accounts"])
    else:
        facts["offices"] = [
            (one.office, [(post, _places(post), people) for post, people in one.posts])
            for one in queries.narrowed(seats, asked, only_empty=tab == "empty")
        ]
    return render(request, "people/people.html", facts)


def _places(post: Post) -> str:
    """The areas of a post in one line; the whole town when it names none."""
    names = [area.name for area in post.areas.all()]
    if not names:
        return _("全镇")
    shown = "、".join(names[:_PLACES_SHOWN])
    return shown if len(names) <= _PLACES_SHOWN else _("{names}等 {n} 处").format(names=shown, n=len(names))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@only_for(Power.MANAGE_PEOPLE)
def new_account(request: ActorRequest) -> HttpResponse:
    """Open an account and, if wanted, seat its person at once. The first password is shown on the answer and kept nowhere."""
    form = NewAccountForm(request.POST or None, initial={"post": request.GET.get("post")})
    status = 400 if form.errors else 200
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            person, password = services.open_account(
                request.actor,
                said["username"],
                said["name"],
                phone=said["phone"],
                post=said["post"],
                seat_acting=said["acting"],
            )
        except DoudiError as error:
            form.add_error(None, say(error))
            status = refusal(error)
        else:
            return render(request, "people/password.html", {"person": person, "password": password, "first": True})
    return render(request, "people/new_account.html", {"form": form}, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@only_for(Power.MANAGE_PEOPLE)
def account(request: ActorRequest, person_id: UUID) -> HttpResponse:
    """One account: the posts held, those of days gone, and a post to sit down at."""
    person = get_object_or_404(Person, pk=person_id)
    form = PersonSeatForm(request.POST or None, initial={"since": clock.today()})
    status = 400 if form.errors else 200
    if request.method == "POST" and form.is_valid():
        status = _seat(request, form, person, form.cleaned_data["post"])
        if status == 302:
            return redirect("account", person.pk)
    facts = {
        "person": person,
        "form": form,
        "seats": _with_heirs(queries.seats_of(person)),
        "today": clock.today(),
        "closing": _said_of_last(queries.last_if_closed(person)),
        "heirs": queries.heirs_of(person),
    }
    return render(request, "people/account.html", facts, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@only_for(Power.MANAGE_PEOPLE)
def post(request: ActorRequest, code: str) -> HttpResponse:
    """One post: what it may do and where, who sits there, who sat there before."""
    found = get_object_or_404(Post.objects.select_related("office").prefetch_related("areas"), pk=code)
    form = PostSeatForm(request.POST or None, initial={"since": clock.today()})
    status = 400 if form.errors else 200
    if request.method == "POST" and form.is_valid():
        status = _seat(request, form, form.cleaned_data["person"], found)
        if status == 302:
            return redirect("post", found.pk)
    facts = {
        "post": found,
        "places": _places(found),
        "form": form,
        "seats": _with_heirs(queries.seats_at(found)),
        "heirs": queries.heirs_of(None),
        "today": clock.today(),
    }
    return render(request, "people/post.html", facts, status=status)


def _with_heirs(seats: list[Appointment]) -> list[tuple[Appointment, str]]:
    """Each seat with what stands still when it falls empty; nothing where somebody else is left."""
    today = clock.today()
    running = [one for one in seats if one.since <= today and (one.until is None or one.until > today)]
    last = queries.last_seats(running)
    return [(one, _said_of_last([one]) if one.pk in last else "") for one in seats]


def _said_of_last(seats: list[Appointment]) -> str:
    told = _("{access}只剩这一位，走了{breaks}。")
    return "".join(told.format(access=one.post.get_access_display(), breaks=VITAL[one.post.access]) for one in seats)


def _seat(request: ActorRequest, form: Any, person: Person, post: Post) -> int:
    """Seat the person, or write at the form why not. Returns the status to answer with; 302 when it is done."""
    said = form.cleaned_data
    row = Appointment(person=person, post=post, acting=said["acting"], since=said["since"], until=said["until"])
    try:
        services.appoint([row], by=request.actor)
    except DoudiError as error:
        form.add_error(None, say(error))
        return refusal(error)
    told = _("{name}{day}起在{post}。") if not row.acting else _("{name}{day}起代理{post}。")
    messages.success(request, told.format(name=person.name, day=day_words(row.since), post=post.name))
    return 302


@require_POST
@only_for(Power.MANAGE_PEOPLE)
def end_seat(request: ActorRequest, seat_id: int) -> HttpResponse:
    """The person leaves the post today; an appointment that has not run a whole day is taken back. Matters stay with the post."""
    seat = get_object_or_404(Appointment.objects.select_related("person", "post"), pk=seat_id)
    heir = queries.person_named(request.POST.get("successor", ""))
    if seat.since < clock.today():
        services.end_appointment(request.actor, seat, successor=heir)
    else:
        services.withdraw_appointment(request.actor, seat, successor=heir)
    told = _("{name}已离开{post}；这个岗位的事项仍在岗位上，不随人走。")
    messages.success(request, told.format(name=seat.person.name, post=seat.post.name))
    return redirect("post", seat.post_id) if request.POST.get("from") == "post" else redirect("account", seat.person_id)


@never_cache
@require_POST
@only_for(Power.MANAGE_PEOPLE)
def new_password(request: ActorRequest, person_id: UUID) -> HttpResponse:
    """A new password for somebody who forgot theirs, shown on the answer and kept nowhere."""
    person = get_object_or_404(Person, pk=person_id)
    password = services.give_password(request.actor, person)
    return render(request, "people/password.html", {"person": person, "password": password, "first": False})


@require_POST
@only_for(Power.MANAGE_PEOPLE)
def switch_account(request: ActorRequest, person_id: UUID) -> HttpResponse:
    """Close an account, or open it again."""
    person = get_object_or_404(Person, pk=person_id)
    is_open = request.POST.get("open") == "1"
    heir = queries.person_named(request.POST.get("successor", ""))
    services.switch_account(request.actor, person, is_open=is_open, successor=heir)
    told = (
        _("{name}的账号已重新启用。")
        if is_open
        else _("{name}的账号已停用，马上不能登录；任岗没有改动，需要时请一并离岗。")
    )
    messages.success(request, told.format(name=person.name))
    return redirect("account", person.pk)
