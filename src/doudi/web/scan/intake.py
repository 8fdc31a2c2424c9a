"""From a filled-in form to a receipt: photographs first, then one call that receives the report."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest
from django.middleware.csrf import CsrfViewMiddleware

from doudi.engine.errors import DoudiError
from doudi.engine.kinds.catalogue import Emergency
from doudi.engine.triage.danger import lane_of
from doudi.web.design.wording import say
from doudi.web.files.errors import FileRefusedError
from doudi.web.files.models import Upload
from doudi.web.files.services import MOST_PHOTOS, keep_photo
from doudi.web.matters.services import reopen_report
from doudi.web.people.actor import SYSTEM, Actor
from doudi.web.reports.models import Report
from doudi.web.reports.services import add_by_reporter, rate
from doudi.web.rulebook.queries import rulebook_on
from doudi.web.scan import marks
from doudi.web.scan.forms import AddForm, RateForm, ReopenForm, ReportForm
from doudi.web.triage.services import Incoming, Received, receive
from doudi.web.units.models import Unit


@dataclass(frozen=True, slots=True)
class Photos:
    """What was kept, and what was not and why: ``refused`` holds one sentence per file."""

    kept: tuple[Upload, ...]
    refused: tuple[FileRefusedError, ...]


def keep_photos(files: Iterable[UploadedFile]) -> Photos:
    """Keep what can be kept. A file that is refused costs neither the words nor the other photographs."""
    kept: list[Upload] = []
    refused: list[FileRefusedError] = []
    for file in files:
        if len(kept) >= MOST_PHOTOS:
            refused.append(FileRefusedError("一次最多 {most} 张照片，其余没有保存，可在回执页再补。", reason="too_many", most=MOST_PHOTOS))
            break
        try:
            kept.append(keep_photo(file))
        except FileRefusedError as error:
            refused.append(error)
    return Photos(tuple(kept), tuple(refused))


def reporter(request: HttpRequest) -> Actor:
    """Who reports: a colleague who signed in and whose form bears the session's own mark, else the public.

    The public forms ask for no such mark, since nothing done with them needs anybody's rights; a colleague's
    name is only set under a report when the form surely came from our page.
    """
    if not request.user.is_authenticated or not request.actor.may("report"):  # type: ignore[attr-defined]
        return SYSTEM
    forged = CsrfViewMiddleware(lambda _: None).process_view(request, lambda _: None, (), {})  # type: ignore[arg-type, return-value]
    return SYSTEM if forged else request.actor  # type: ignore[attr-defined]


def emergency_for(kind: str, words: str) -> Emergency | None:
    """The call that comes before everything else, when the kind picked or the words tell of danger to life."""
    return lane_of(words, kind or None, rulebook_on().catalogue).emergency


def send(request: HttpRequest, form: ReportForm, unit: Unit | None, photos: Photos) -> tuple[Received, str]:
    """Receive the report of a valid form. Returns what was received and the token of its link (empty: not known any more)."""
    said = form.cleaned_data
    actor = reporter(request)
    call = emergency_for(said["kind"], said["words"])
    key = marks.key_of(
        request, (unit.code if unit else "", said["kind"], said["words"], said["phone"], said.get("address", "")), photos.kept
    )
    incoming = Incoming(
        channel=("scan" if unit else "web") if actor.is_system else "grid",
        words=said["words"], picked_kind=said["kind"], unit=unit,
        address=said.get("address", ""), area_code=said.get("area", ""), name=said["name"], phone=said["phone"],
        secret=said["secret"], uploads=photos.kept, key=key, emergency_shown=call.call if call else "",
    )  # fmt: skip
    [received] = receive([incoming], actor=actor)
    # The same words from behind one address may come from two people: the second is not shown the first one's link.
    return received, received.token if not received.known or marks.is_of_a_form(key) else ""


def answer(report: Report, step: str, form: AddForm | RateForm | ReopenForm) -> tuple[dict[str, str], str]:
    """Take one of the reporter's own steps. Returns what the next page shall tell, or why it was refused."""
    said = form.cleaned_data
    try:
        match step:
            case "add":
                photos = keep_photos(said["photos"])
                if photos.refused and not photos.kept and not said["words"]:
                    return {}, say(photos.refused[0])
                add_by_reporter(report, said["words"], photos.kept)
                return {"photos": ",".join(dict.fromkeys(error.reason for error in photos.refused))} if photos.refused else {}, ""
            case "rate":
                rate(report, said["satisfaction"], said["words"])
            case "reopen":
                reopen_report(SYSTEM, report, said["words"], by_reporter=True)
    except DoudiError as error:
        return {}, say(error)
    return {}, ""
