"""What all pages share: who acts, the town on every page, and steps whose words survive a refusal."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import wraps
from typing import Any

from django import forms
from django.contrib.auth.decorators import login_required
from django.core import signing
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.http import url_has_allowed_host_and_scheme

from doudi.engine.errors import DoudiError
from doudi.web.areas.queries import AreaDirectory, areas, directory
from doudi.web.design.wording import say
from doudi.web.files.errors import FileRefusedError
from doudi.web.files.models import Upload
from doudi.web.files.services import MOST_PHOTOS, keep_photo
from doudi.web.people.actor import Actor
from doudi.web.people.errors import NotAllowedError

Page = Callable[..., HttpResponseBase]
_ONE_DAY = 24 * 3600


@dataclass
class Town:
    """The town as one request sees it: the row with its name, and the areas of the same edition."""

    row: Any
    places: AreaDirectory


def for_staff(page: Page) -> Page:
    """Only for whoever signed in; the page gets the actor and the town."""

    @login_required
    @wraps(page)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        row = directory()
        request.town = Town(row, areas(row.edition))  # type: ignore[attr-defined]
        return page(request, *args, **kwargs)

    return guarded


def acting(request: HttpRequest) -> Actor:
    return request.actor  # type: ignore[attr-defined, no-any-return]


def places_of(request: HttpRequest) -> AreaDirectory:
    return request.town.places  # type: ignore[attr-defined, no-any-return]


def show(request: HttpRequest, template: str, facts: Mapping[str, Any], status: int = 200) -> HttpResponse:
    town: Town = request.town  # type: ignore[attr-defined]
    response = render(request, template, {"town": town.row, "places": town.places, **facts}, status=status)
    # Without an origin browsers send "null", and every form of ours would be refused as a stranger's.
    response.headers["Referrer-Policy"] = "same-origin"
    return response


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that may be done on a page: its name in the address, its words, its form, and who does it.

    ``may`` says whether this actor is offered it now; ``run`` calls the service. Steps of tone ``danger`` undo something.
    A form that is ``asked_for`` (it offers hundreds of choices) is only there when the address asks for it.
    """

    name: str
    label: str | Promise
    icon: str
    form: Callable[..., forms.Form]
    may: Callable[[Actor, Any], bool]
    run: Callable[[Actor, Any, forms.Form, Sequence[Upload]], object]
    done: str | Promise
    hint: str | Promise = ""
    tone: str = ""
    main: bool = False
    asked_for: bool = False


@dataclass(frozen=True, slots=True)
class Offer:
    """A step as the page shows it. ``opened``: its form stands open; after a refusal filled in, with its words."""

    step: Step
    form: forms.Form | None
    opened: bool = False
    kept: str = ""
    kept_photos: int = 0
    about: str = ""


def keep_photos(request: HttpRequest, form: forms.Form) -> list[Upload]:
    """The photographs of this try and those kept at an earlier, refused one. What is no photograph stands at the field."""
    earlier = _unsigned(request)
    kept = list(Upload.objects.filter(pk__in=earlier)) if earlier else []
    for file in form.cleaned_data.get("photos") or ():
        if len(kept) == MOST_PHOTOS:
            break
        try:
            kept.append(keep_photo(file))
        except FileRefusedError as error:
            form.add_error("photos", say(error))
    return kept


def signed(request: HttpRequest, uploads: Sequence[Upload]) -> str:
    """The kept photographs, for the form to bring along; only this person's form opens it, so that nobody names others'."""
    return signing.dumps([str(one.pk) for one in uploads], salt=_salt(request)) if uploads else ""


def _unsigned(request: HttpRequest) -> list[str]:
    try:
        return list(signing.loads(request.POST.get("kept", ""), salt=_salt(request), max_age=_ONE_DAY))
    except signing.BadSignature:
        return []


def _salt(request: HttpRequest) -> str:
    return f"desk.photos.{request.user.pk}"


@dataclass(frozen=True, slots=True)
class Outcome:
    """``offer`` is None when the step was done; else the filled-in form with what to mend, and the status to answer with."""

    offer: Offer | None
    status: int = 200


def take_step(request: HttpRequest, step: Step, form: forms.Form, thing: Any) -> Outcome:
    """Do the step, or say why not. ``thing.version`` becomes the one that the reader saw, so that nobody overwrites another."""
    if not form.is_valid():
        return Outcome(Offer(step, form, opened=True, kept=request.POST.get("kept", ""), kept_photos=len(_unsigned(request))), 400)
    uploads = keep_photos(request, form)
    current = thing.version
    # ² is a digit and yet no number.
    if (seen := request.POST.get("version", "")[:9]).isdecimal():
        thing.version = int(seen)
    status = 400
    if not form.errors:
        try:
            step.run(acting(request), thing, form, uploads)
        except DoudiError as error:
            form.add_error(None, say(error))
            status = refusal(error)
        else:
            return Outcome(None)
    thing.version = current
    return Outcome(Offer(step, form, opened=True, kept=signed(request, uploads), kept_photos=len(uploads)), status)


def refusal(error: DoudiError) -> int:
    """Not by this person is 403, not now or not so is 409."""
    return 403 if isinstance(error, NotAllowedError) else 409


def own_path(request: HttpRequest, otherwise: str) -> str:
    """Where the form wants to go next, if that is a page of ours."""
    path = request.POST.get("next", "")
    return path if path.startswith("/") and url_has_allowed_host_and_scheme(path, allowed_hosts=None) else otherwise
