"""The first page of those who go round, and the page on which a code is read. Where the phone is is asked at the press alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from doudi.engine.areas.coordinates import LonLat
from doudi.engine.errors import DoudiError
from doudi.engine.people.vocabulary import Power
from doudi.web.areas.queries import areas
from doudi.web.design.wording import say
from doudi.web.files.services import keep_photos
from doudi.web.journal.services import unit_of_work
from doudi.web.people.guard import ActorRequest, only_for
from doudi.web.rulebook.queries import rulebook_on
from doudi.web.street import queries
from doudi.web.street.forms import FixedForm
from doudi.web.triage import marks
from doudi.web.triage.services import Incoming, fix_on_spot, fixing_post, receive
from doudi.web.units.models import Unit
from doudi.web.units.pages import degrees
from doudi.web.units.queries import unit_by_code
from doudi.web.units.services import Here, see_place

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


@require_http_methods(["GET", "HEAD", "POST"])
@only_for(Power.WALK)
def my_grid(request: ActorRequest) -> HttpResponse:
    """A POST brings the position for this one answer: in an address it would stand in logs, and be a track."""
    here = _position(request)
    facts = {
        "grid": queries.my_grid(request.actor, rulebook_on(), areas(), here),
        "nearest": here is not None,
        "unseen_days": queries.UNSEEN_DAYS,
    }
    return render(request, "street/my_grid.html", facts)


@require_safe
@only_for(Power.WALK)
def read_code(request: ActorRequest) -> HttpResponse:
    return render(request, "street/read_code.html")


@require_POST
@only_for(Power.WALK)
def place_seen(request: ActorRequest, code: str) -> HttpResponse:
    """Somebody who goes round stands here and has looked. Far from where the sign hangs it becomes a matter of its own."""
    unit = unit_by_code(code)
    if unit is None or not request.actor.may_in(Power.WALK, unit.area_id):
        raise Http404
    point = _position(request)
    accuracy = degrees(request.POST.get("accuracy", ""), 100_000) or 0.0
    with unit_of_work():
        metres = see_place(request.actor, unit, Here(point, abs(accuracy)) if point else None)
        if metres is not None:
            words = _("码牌位置不符：扫码的地方离登记的位置 {n} 米，牌可能被移走或被复印。").format(n=metres)
            receive([Incoming(channel="grid", words=words, unit=unit)], actor=request.actor)
    return redirect("place", code=unit.code)


@require_http_methods(["GET", "HEAD", "POST"])
@only_for(Power.WALK)
def fixed(request: ActorRequest) -> HttpResponse:
    """Seen, done and shown in one go."""
    unit = _place(request)
    kinds = queries.trifles()
    own = None if unit else queries.own_grids(request.actor, areas())
    names = [(kind.code, kind.name) for kind in kinds]
    form = FixedForm(names, own, request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid() and (done := _fix(request, form, unit)):
        messages.success(request, done)
        return redirect("my_grid")
    facts = {
        "form": form,
        "kinds": kinds,
        "unit": unit,
        "mark": marks.new_mark(),
        "picked": form.data.get("kind", ""),
        "may_hold": any(fixing_post(request.actor, area) for area in ([unit.area_id] if unit else dict(own or []))),
    }
    response = render(request, "street/fixed.html", facts, status=400 if form.is_bound else 200)
    response.headers["Referrer-Policy"] = "same-origin"
    return response


def _place(request: ActorRequest) -> Unit | None:
    """The place that was scanned; None where none was. One that is not this person's to go round is not there."""
    code = request.POST.get("code") or request.GET.get("code", "")
    if not code:
        return None
    unit = unit_by_code(code)
    if unit is None or not request.actor.may_in(Power.WALK, unit.area_id):
        raise Http404
    return unit


def _fix(request: ActorRequest, form: FixedForm, unit: Unit | None) -> StrOrPromise:
    """What is told when it is done; empty where the form is to be mended."""
    said = form.cleaned_data
    photos = {name: keep_photos(said[name], _any_number) for name in ("before", "after")}
    for name, found in photos.items():
        for error in found.refused:
            form.add_error(name, say(error))
    if form.errors:
        return ""
    incoming = Incoming(
        channel="grid",
        words=said["words"],
        picked_kind=said["kind"],
        unit=unit,
        area_code=said.get("area", ""),
        address=said.get("address", ""),
        uploads=photos["before"].kept,
        key=marks.key_of(request, (said["kind"], said["words"]), photos["before"].kept),
    )
    try:
        done = fix_on_spot(request.actor, incoming, said["words"], photos["after"].kept)
    except DoudiError as error:
        form.add_error(None, say(error))
        return ""
    number = done.matter.number
    if done.stays_open:
        return _("已按上报受理，编号 {number}：说到了危险或要别的岗位配合，没有当场办结，承办岗会接着办。").format(
            number=number
        )
    if done.to_check:
        return _("已处理，编号 {number}：这件抽中核查，由另一位同事去看。").format(number=number)
    return _("已当场办结，编号 {number}。").format(number=number)


def _any_number() -> None:
    """Colleagues have no quota of photographs."""


def _position(request: ActorRequest) -> LonLat | None:
    longitude = degrees(request.POST.get("longitude", ""), 180)
    latitude = degrees(request.POST.get("latitude", ""), 90)
    return (longitude, latitude) if longitude is not None and latitude is not None else None
