"""A button was pressed: the action is done, or comes back filled in with what to mend. What was typed is never lost."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core import signing
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from doudi.engine.errors import DoudiError
from doudi.web.actions.action import Action, ActionForm, C, Given, Offer, offer
from doudi.web.actions.errors import AskedAgainError
from doudi.web.design.wording import say
from doudi.web.files.errors import FileRefusedError
from doudi.web.files.models import Upload
from doudi.web.files.services import MOST_PHOTOS, keep_photo
from doudi.web.people.guard import ActorRequest, refusal

_ONE_DAY = 24 * 3600


@dataclass(frozen=True, slots=True)
class Outcome:
    """``offer`` is None when it was done, ``made`` what the service returned then; else ``offer`` is the filled-in form
    with what to mend, and ``status`` what to answer with.
    """

    offer: Offer | None
    status: int = 200
    made: Any = None


def take_action(request: ActorRequest, action: Action[C], context: C) -> Outcome:
    """Do it, or say why not: 400 filled in wrongly, 404 not for this person, 409 not now or not so.

    ``record.version`` becomes the one that the reader saw, so that nobody overwrites another.
    """
    form = action.form(context, request.POST, request.FILES)
    if not form.is_valid():
        kept = request.POST.get("kept", "")
        return Outcome(offer(action, context, form, opened=True, kept=kept, kept_photos=len(_unsigned(request))), 400)
    photos = _keep_photos(request, form)
    status = 400
    if not form.errors:
        current = context.version
        _set_version(context.record, _seen(request))
        try:
            made = action.run(context, Given(form.cleaned_data, photos))
        except DoudiError as error:
            form.add_error(None, say(error))
            if isinstance(error, AskedAgainError):
                form.data = {**{name: form.data.get(name) for name in form.fields}, **error.fills}
            status = refusal(error)
        else:
            if action.done:
                messages.success(request, action.done, action.way_back(context) if action.way_back else "")
            return Outcome(None, made=made)
        _set_version(context.record, current)
    kept = _signed(request, photos)
    return Outcome(offer(action, context, form, opened=True, kept=kept, kept_photos=len(photos)), status)


def _seen(request: ActorRequest) -> int | None:
    """The version that the form bears. ² is a digit and yet no number."""
    seen = request.POST.get("version", "")[:9]
    return int(seen) if seen.isdecimal() else None


def _set_version(record: Any, version: int | None) -> None:
    if version is not None and hasattr(record, "version"):
        record.version = version


def _keep_photos(request: ActorRequest, form: ActionForm) -> list[Upload]:
    """The photographs of this try and those kept at an earlier, refused one. What is no photograph stands at the field."""
    earlier = _unsigned(request)
    kept = list(Upload.objects.filter(pk__in=earlier)) if earlier else []
    for file in form.cleaned_data.get("photos") or ():
        if len(kept) == MOST_PHOTOS:
            said = _("一次最多 {most} 张照片，多出的没有保存；再按一次就用已存好的这些。")
            form.add_error("photos", said.format(most=MOST_PHOTOS))
            break
        try:
            kept.append(keep_photo(file))
        except FileRefusedError as error:
            form.add_error("photos", say(error))
    return kept


def _signed(request: ActorRequest, photos: Sequence[Upload]) -> str:
    """The kept photographs, for the form to bring along; only this person's form opens it, so that nobody names others'."""
    return signing.dumps([str(one.pk) for one in photos], salt=_salt(request)) if photos else ""


def _unsigned(request: ActorRequest) -> list[str]:
    try:
        return list(signing.loads(request.POST.get("kept", ""), salt=_salt(request), max_age=_ONE_DAY))
    except signing.BadSignature:
        return []


def _salt(request: ActorRequest) -> str:
    return f"desk.photos.{request.user.pk}"


def own_path(request: ActorRequest, otherwise: str) -> str:
    """Where the form wants to go next, if that is a page of ours."""
    path = request.POST.get("next", "")
    return path if path.startswith("/") and url_has_allowed_host_and_scheme(path, allowed_hosts=None) else otherwise
