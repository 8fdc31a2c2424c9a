"""The only writer of reports: what somebody said, the contact, the reply, the close.

Every step raises ``version`` by one and appends the one event that tells it; who comes second with an old
version is told so (StaleReportError) and nothing is lost.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from typing import Any

from django.db import transaction
from django.db.models import Model
from django.utils.crypto import salted_hmac

from doudi.engine.errors import DoudiError
from doudi.engine.matters.clocks import ClockPlan
from doudi.engine.matters.life import report_step
from doudi.engine.numbers import DRAWS, number
from doudi.web import clock
from doudi.web.files.models import Upload
from doudi.web.inserting import insert_rows
from doudi.web.journal.services import Fact, happened, keep_words, look, plain, record, words_payload
from doudi.web.outbox import services as outbox
from doudi.web.people.actor import SYSTEM, Actor
from doudi.web.people.errors import NotAllowedError
from doudi.web.reports.events import TOLD
from doudi.web.reports.models import Contact, Report, ReportClock, ReportEvent, ReportPhoto
from doudi.web.terms import services as terms

REOPEN_WITHIN = timedelta(days=15)


class StaleReportError(DoudiError):
    """Somebody else was faster."""


class ReplyError(DoudiError):
    """This report cannot be answered, rated or opened again in this way."""


@dataclass(frozen=True, slots=True)
class NewReport:
    """A report about to be stored; ``row`` holds unsaved columns, all else hangs on it."""

    row: Report
    name: str
    phone: str
    uploads: tuple[Upload, ...]
    clocks: tuple[ClockPlan, ...]
    payload: Mapping[str, object]


def new_token(key: str = "") -> str:
    """136 bits for a secret link; only its SHA-256 is stored.

    A report with an idempotency key gets the token that follows from the key and the town's own secret, so that
    whoever sends the same form again after a lost answer is given the same link.
    """
    return salted_hmac("doudi.reports.link", key, algorithm="sha256").hexdigest()[:34] if key else secrets.token_hex(17)


def digest_of(token: str) -> str:
    return sha256(token.encode()).hexdigest()


def draw_numbers(table: type[Model], count: int) -> list[str]:
    """Numbers that no row of ``table`` bears, each the day and seven digits by chance; drawn again until all are free.

    Of a day's ten million a busy import takes a few thousand: left to chance alone, two of them would meet. What remains
    is somebody else drawing the same one in the same instant; the unique column sees that, and a single number is left
    to it altogether.
    """
    if count == 1:
        return [number(clock.today(), secrets.randbelow(DRAWS))]
    free: list[str] = []
    while missing := count - len(free):
        drawn = dict.fromkeys(number(clock.today(), secrets.randbelow(DRAWS)) for _ in range(missing))
        taken = {*free, *table._default_manager.filter(number__in=list(drawn)).values_list("number", flat=True)}
        free += [one for one in drawn if one not in taken]
    return free


def store(batch: Sequence[NewReport], actor: Actor = SYSTEM) -> list[Fact]:
    """Store reports with contact, photographs, clocks and first event. Returns the facts for the caller to record."""
    now = clock.now()
    contacts = [Contact(report=new.row, name=new.name, phone=new.phone) for new in batch if new.name or new.phone]
    clocks = [row for new in batch for row in terms.clock_rows(ReportClock, new.clocks, report=new.row)]
    events = [
        ReportEvent(
            report=new.row, seq=1, kind="received", at=now, post=actor.post, person=actor.person,
            payload={"set": _told(new.row), "photos": [str(one.pk) for one in new.uploads], **new.payload},
        )
        for new in batch
    ]
    photos = [ReportPhoto(report=new.row, upload=one) for new in batch for one in new.uploads]
    insert_rows([new.row for new in batch], contacts, photos, clocks, events)
    return [happened(event, f"report/{event.report.number}") for event in events]


@transaction.atomic
def log_contact(actor: Actor, report: Report, *, reached: bool, words: str = "") -> None:
    """Note one try to reach the reporter (先行联系). The first that reaches stops the contact clock; tries are all kept."""
    _require_reach(actor, report, "contact_reporter", answerer_may=True)
    now = clock.now()
    changes: dict[str, Any] = {}
    if reached and report.contacted_at is None:
        changes["contacted_at"] = now
        terms.end(ReportClock, now, report=report, which="contact")
    if not reached and not words.strip():
        raise ReplyError("没有联系上，请写明情况（如：无人接听、号码有误）。")
    record([_tell(actor, report, "contacted" if reached else "contact_tried", changes, {"reached": reached}, words)])


@transaction.atomic
def reply(actor: Actor, report: Report, words: str, *, final: bool = True) -> None:
    """Answer the reporter. The final reply meets the reply clock; an interim one only tells how things stand."""
    _require_reach(actor, report, "reply", answerer_may=True)
    if not final:
        if report.status not in (Report.Status.RECEIVED, Report.Status.REPLIED):
            raise ReplyError("这张诉求单正在甄别或已经办结，不能再告知进展。")
        if not words.strip():
            raise ReplyError("请写下要告诉群众的话。")
        record([_tell(actor, report, "told", {}, {}, words)])
        return
    now = clock.now()
    status = report_step("reply", report.status, words=words)
    terms.end(ReportClock, now, report=report, which=["reply", "upstream", "contact"])
    changes = {"status": status, "replied_at": now} | ({} if report.contacted_at else {"contacted_at": now})
    record([_tell(actor, report, "replied", changes, {}, words)])


@transaction.atomic
def close(actor: Actor, report: Report, words: str = "") -> None:
    """Close a report that has its reply (办结)."""
    _require_reach(actor, report, "reply", answerer_may=True)
    status = report_step("close", report.status, words=words)
    terms.end(ReportClock, clock.now(), report=report)
    record([_tell(actor, report, "closed", {"status": status, "closed_at": clock.now()}, {}, words)])


def settle(report: Report) -> Fact:
    """Close a report for which nobody waits: the town's own patrol saw it, and the work is done. Returns the fact."""
    now = clock.now()
    status = report_step("settle", report.status)
    terms.end(ReportClock, now, report=report)
    return _tell(SYSTEM, report, "settled", {"status": status, "closed_at": now}, {}, "")


@transaction.atomic
def quarantine(actor: Actor, report: Report, words: str) -> None:
    """Set doubtful content apart under the duty desk; it is never refused and never lost."""
    _require_reach(actor, report, "quarantine")
    status = report_step("quarantine", report.status, words=words)
    record([_tell(actor, report, "quarantined", {"status": status, "quarantine_reason": "desk"}, {}, words)])


@transaction.atomic
def release(actor: Actor, report: Report) -> None:
    _require_reach(actor, report, "quarantine")
    status = report_step("release", report.status)
    record([_tell(actor, report, "released", {"status": status, "quarantine_reason": ""}, {}, "")])


@transaction.atomic
def dismiss(actor: Actor, report: Report, words: str) -> None:
    """Close a quarantined report that turned out to be abuse, with the reason. What an upstream set runs on for it."""
    _require_reach(actor, report, "quarantine")
    status = report_step("dismiss", report.status, words=words)
    terms.end(ReportClock, clock.now(), cancelled=True, report=report, given=False)
    record([_tell(actor, report, "dismissed", {"status": status, "closed_at": clock.now()}, {}, words)])


@transaction.atomic
def add_by_reporter(report: Report, words: str, uploads: Iterable[Upload] = ()) -> None:
    """The reporter adds words or photographs by the secret link."""
    uploads = list(uploads)
    if not words.strip() and not uploads:
        raise ReplyError("请写下要补充的话，或选一张照片。")
    ReportPhoto.objects.bulk_create([ReportPhoto(report=report, upload=one) for one in uploads])
    record([_tell(SYSTEM, report, "added", {}, {"photos": [str(one.pk) for one in uploads]}, words)])


@transaction.atomic
def rate(report: Report, satisfaction: str, words: str = "") -> None:
    """The reporter says how satisfied they are with the reply; it may be said anew until the report is closed for good."""
    if report.replied_at is None:
        raise ReplyError("还没有答复，暂时不能评价。")
    if satisfaction not in SATISFACTION:
        raise ReplyError("请在满意、基本满意、一般、不满意中选一个。")
    record([_tell(SYSTEM, report, "rated", {"satisfaction": satisfaction}, {"satisfaction": satisfaction}, words)])


SATISFACTION = ("satisfied", "fairly", "neutral", "dissatisfied")


def reopen(actor: Actor, report: Report, words: str, *, by_reporter: bool = False) -> Fact:
    """The reporter (within 15 days of the reply) or the desk asks for the matter again. Returns the fact to record."""
    now = clock.now()
    if by_reporter and (report.replied_at is None or now - report.replied_at > REOPEN_WITHIN):
        raise ReplyError("答复超过15天，不能再重新打开；请重新反映，我们会把两次诉求放在一起看。")
    if not by_reporter:
        _require_reach(actor, report, "reopen")
    status = report_step("reopen", report.status, words=words)
    changes = {"status": status, "closed_at": None, "replied_at": None, "satisfaction": ""}
    return _tell(actor, report, "reopened", changes, {"by_reporter": by_reporter}, words)


def start_clocks(report: Report, plans: Iterable[ClockPlan]) -> None:
    """Start further clocks of a report inside the caller's transaction."""
    ReportClock.objects.bulk_create(terms.clock_rows(ReportClock, plans, report=report))


def hand_over(reports: Iterable[Report], answerer: str, actor: Actor = SYSTEM) -> list[Fact]:
    """The answerer changes with the holder of the work. Returns the facts to record."""
    return [
        _tell(actor, report, "answerer_changed", {"answerer_id": answerer}, {}, "")
        for report in reports
        if report.answerer_id != answerer
    ]


@transaction.atomic
def reveal_reporter(actor: Actor, report: Report, why: str) -> Contact | None:
    """Name and phone of the reporter, for a purpose; every look at a secret one is journalled.

    Whoever owes the answer must be able to ring; the contact of somebody secret goes through the shift leader.
    """
    secret = report.secrecy != Report.Secrecy.OPEN
    _require_reach(actor, report, "see_secret_reporter" if secret else "see_reporter", answerer_may=not secret)
    if secret:
        if not why.strip():
            raise ReplyError("此人要求保密：请写明查看联系方式的用途，查看会留痕。")
        look(actor, "reporter", f"report/{report.number}", why)
    return Contact.objects.filter(report=report).first()


def _require_reach(actor: Actor, report: Report, power: str, *, answerer_may: bool = False) -> None:
    """The power must reach the place of the report, and the restricted circle where it lies in it.

    ``answerer_may``: whoever sits on the post that owes the answer may do it anyway.
    """
    if actor.is_system or (answerer_may and report.answerer_id in actor.posts):
        return
    actor.require(power)
    closed_circle = report.secrecy == Report.Secrecy.RESTRICTED and report.answerer_id not in actor.posts
    if not actor.may_in(power, report.area_id) or (closed_circle and not actor.may("see_restricted")):
        raise NotAllowedError("这张诉求单不在您的权限范围内。如确需办理，请联系值班长。")


def _tell(
    actor: Actor, report: Report, kind: str, changes: Mapping[str, Any], payload: Mapping[str, Any], words: str
) -> Fact:
    """Change the row by compare-and-swap and append the event that tells it."""
    kept = keep_words(words)
    version = report.version
    if not Report.objects.filter(pk=report.pk, version=version).update(version=version + 1, **changes):
        raise StaleReportError("诉求单 {number} 刚刚被别人更新过，请刷新后再试；您写的内容还在。", number=report.number)
    report.version = version + 1
    for column, value in changes.items():
        setattr(report, column, value)
    told = {"set": {column: plain(value) for column, value in changes.items()}} if changes else {}
    event = ReportEvent(
        report=report, seq=report.version, kind=kind, at=clock.now(), post=actor.post, person=actor.person, words=kept,
        payload={**told, **payload, **words_payload(kept)},
    )
    insert_rows([event])
    if report.external_id and kind in _TOLD_ABOVE:
        outbox.put(report.system, report.external_id, kind, report.pk, report.version)
    return happened(event, f"report/{report.number}")


#: what a system above is to be told of its own orders
_TOLD_ABOVE = frozenset({"replied", "closed", "dismissed", "settled"})


def _told(report: Report) -> dict[str, object]:
    return {column: plain(getattr(report, column)) for column in TOLD}

