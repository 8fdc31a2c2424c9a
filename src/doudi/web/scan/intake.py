"""From a filled-in form to a receipt: photographs first, then one call that receives the report."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import CsrfViewMiddleware

from doudi.engine.errors import DoudiError
from doudi.engine.kinds.catalogue import Emergency
from doudi.engine.people.vocabulary import Power
from doudi.engine.triage.danger import lane_of
from doudi.web.design.wording import say
from doudi.web.files.errors import FileRefusedError
from doudi.web.files.models import Upload
from doudi.web.files.services import Photos
from doudi.web.files.services import keep_photos as files_kept
from doudi.web.idempotency.services import Asked, digest_of, outcomes, remember
from doudi.web.journal.services import unit_of_work
from doudi.web.limits.address import address_of, network_of
from doudi.web.matters.services import add_to_report, rate_report, reopen_report
from doudi.web.people.actor import PARTY, Actor
from doudi.web.people.guard import ActorRequest
from doudi.web.reports.models import Report
from doudi.web.retention.queries import notice_now
from doudi.web.rulebook.queries import rulebook_on
from doudi.web.scan import flood
from doudi.web.scan.forms import ReportForm, WordsForm
from doudi.web.triage import marks
from doudi.web.triage.services import Incoming, Received, hear_apart, receive
from doudi.web.units.models import Unit


def keep_photos(files: Iterable[UploadedFile[bytes]], request: HttpRequest, unit: Unit | None) -> Photos:
    """Within the day's quota of photographs from this address and of this place."""

    def quota() -> FileRefusedError | None:
        if flood.may_keep_photo(request, unit):
            return None
        return FileRefusedError("今天这里收到的照片太多，照片没有保存；可明天在回执页再补。", reason="quota")

    return files_kept(files, quota)


def reporter(request: ActorRequest) -> Actor:
    """Who reports: a colleague who signed in and whose form bears the session's own mark, else the public.

    The public forms ask for no such mark, since nothing done with them needs anybody's rights; a colleague's
    name is only set under a report when the form surely came from our page.
    """
    if not request.actor.may(Power.REPORT):
        return PARTY
    forged = CsrfViewMiddleware(_nothing).process_view(request, _nothing, (), {})
    return PARTY if forged else request.actor


def _nothing(_request: HttpRequest) -> HttpResponse:
    return HttpResponse()


def emergency_for(kind: str, text: str) -> Emergency | None:
    """The call that comes before everything else, when the kind picked or the words tell of danger to life."""
    book = rulebook_on()
    return lane_of(text, kind or None, book.catalogue, book.phones).emergency


def send(request: ActorRequest, form: ReportForm, unit: Unit | None, photos: Photos) -> tuple[Received, str]:
    """Receive the report of a valid form. Returns what was received and the token of its link (empty: not known any more)."""
    said = form.cleaned_data
    actor = reporter(request)
    call = emergency_for(said["kind"], said["words"])
    key = marks.key_of(
        request,
        (unit.code if unit else "", said["kind"], said["words"], said["phone"], said.get("address", "")),
        photos.kept,
    )
    incoming = Incoming(
        channel=("scan" if unit else "web") if actor is PARTY else "grid",
        words=said["words"],
        picked_kind=said["kind"],
        unit=unit,
        address=said.get("address", ""),
        area_code=said.get("area", ""),
        name=said["name"],
        phone=said["phone"],
        secret=said["secret"],
        uploads=photos.kept,
        key=key,
        emergency_shown=call.call if call else "",
        doubt=flood.doubt(request, said["words"], unit),
        notice=notice_now().name if actor is PARTY else "",
        source=network_of(address_of(request)) if actor is PARTY else "",
    )
    [received] = receive([incoming], actor=actor)
    # The same words from behind one address may come from two people: the second is not shown the first one's link.
    return received, received.token if not received.known or marks.is_of_a_form(key) else ""


def answer(request: HttpRequest, report: Report, step: str, form: WordsForm, mark: str) -> tuple[dict[str, str], str]:
    """Take one of the reporter's own steps; sent again from the same form it was taken before.

    ``mark`` is the form's own. Returns what the next page shall tell, or why it was refused.
    """
    said = form.cleaned_data
    photos = keep_photos(said.get("photos", ()), request, report.unit)
    if photos.refused and not photos.kept and not said["words"]:
        return {}, say(photos.refused[0])
    key = marks.key_of_step(mark, f"{step}:{report.pk.hex}")
    content = {"words": said["words"], "satisfaction": said.get("satisfaction", "")}
    asked = key, digest_of(content | {"uploads": [upload.digest for upload in photos.kept]})
    try:
        _once(asked, partial(_STEPS[step], report, said, photos.kept), {"report": str(report.pk), "step": step})
    except DoudiError as error:
        return {}, say(error)
    told = {"photos": ",".join(dict.fromkeys(error.reason for error in photos.refused))}
    return (told if photos.refused else {}), ""


def _once(asked: Asked, do: Callable[[], None], outcome: Mapping[str, str]) -> None:
    """Do it and note it in one transaction, unless it was done before: by an earlier request, or by a faster twin."""
    if not asked[0]:
        do()
        return
    if outcomes([asked]):
        return
    try:
        with unit_of_work():
            do()
            remember([(asked, outcome)])
    except (IntegrityError, DoudiError):
        if not outcomes([asked]):
            raise


def _add(report: Report, said: Mapping[str, Any], kept: Sequence[Upload]) -> None:
    hear_apart(report, said["words"])
    add_to_report(report, said["words"], kept)


def _rate(report: Report, said: Mapping[str, Any], _kept: Sequence[Upload]) -> None:
    rate_report(report, said["satisfaction"], said["words"])


def _reopen(report: Report, said: Mapping[str, Any], _kept: Sequence[Upload]) -> None:
    reopen_report(PARTY, report, said["words"], by_reporter=True)


_STEPS = {"add": _add, "rate": _rate, "reopen": _reopen}
