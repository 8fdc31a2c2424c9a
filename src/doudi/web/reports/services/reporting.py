"""What happens to a report from its first word to its close: each step changes the row and appends the one event that tells it."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from uuid import UUID

from django.db.models import Model
from django.utils.crypto import salted_hmac

from doudi.engine.errors import DoudiError
from doudi.engine.journal import Claim, ClaimSource
from doudi.engine.matters.clocks import ClockPlan
from doudi.engine.matters.life import report_step
from doudi.engine.matters.vocabulary import ContactOutcome, ReportEventKind, ReportStep
from doudi.engine.messages import msg
from doudi.engine.numbers import DRAWS, number
from doudi.engine.people.vocabulary import Power
from doudi.web import clock
from doudi.web.files.models import Upload
from doudi.web.files.services import photos_payload
from doudi.web.journal.services import (
    Fact,
    append,
    keep_text,
    plain,
    unit_of_work,
)
from doudi.web.looks.models import Look
from doudi.web.looks.services import keep_reveal
from doudi.web.outbox import services as outbox
from doudi.web.people.actor import PARTY, SYSTEM, Actor
from doudi.web.records.services import change, snapshot
from doudi.web.reports.commitments import commit, kept_salts, salts_of, sealed_salts, texts_of
from doudi.web.reports.contacts import is_true, set_by_replies
from doudi.web.reports.models import Contact, Report, ReportClock, ReportEvent, ReportPhoto
from doudi.web.reports.reach import require_reach
from doudi.web.reports.waiting import AFTER_ANSWER, calls_back
from doudi.web.sql.insert import bulk_insert
from doudi.web.terms import services as terms

REOPEN_WITHIN = timedelta(days=15)


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
    asks: tuple[str, ...]
    claim: Claim | None
    payload: Mapping[str, object]


def new_token(key: str = "") -> str:
    """136 bits for a secret link; only its SHA-256 is stored.

    A report with an idempotency key gets the token that follows from the key and the town's own secret, so that
    anyone who sends the same form again after a lost answer is given the same link.
    """
    return salted_hmac("doudi.reports.link", key, algorithm="sha256").hexdigest()[:34] if key else secrets.token_hex(17)


def slip_key(number: str) -> str:
    """From what the token follows of a report that was written on one of our slips: its stub bears the link before."""
    return f"slip\x1f{number}"


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


def store(batch: Sequence[NewReport], actor: Actor = SYSTEM) -> None:
    """Store reports with contact, photographs, clocks and first event, which commits to all that was taken in."""
    now = clock.now()
    taken: list[dict[str, str]] = []
    for new in batch:
        commitments, salts = commit(texts_of(new.row, new.asks, new.name, new.phone))
        new.row.salts = kept_salts(salts)
        taken.append(commitments)
    contacts = [Contact(report=new.row, name=new.name, phone=new.phone) for new in batch if new.name or new.phone]
    clocks = [row for new in batch for row in terms.clock_rows(ReportClock, new.clocks, report=new.row)]
    events = [
        ReportEvent.by(
            actor,
            new.row,
            ReportEventKind.RECEIVED,
            {"set": snapshot(new.row), "taken": commitments, **photos_payload(new.uploads), **new.payload},
            at=now,
            claim=new.claim,
        )
        for new, commitments in zip(batch, taken, strict=True)
    ]
    photos = [ReportPhoto(report=new.row, upload=one) for new in batch for one in new.uploads]
    bulk_insert([new.row for new in batch], contacts, photos, clocks, events)
    append(*(Fact.of_event(event, event.report.journal_name) for event in events))


@unit_of_work()
def log_contact(
    actor: Actor, report: Report, *, reached: bool, text: str = "", outcome: ContactOutcome | None = None
) -> None:
    """Note one try to reach the reporter (先行联系). The first that reaches stops the contact clock; tries are all kept.

    ``outcome`` says how a try ended; words are needed only where it does not say so.
    """
    require_reach(actor, report, Power.CONTACT_REPORTER, answerer_may=True)
    now = clock.now()
    changes: dict[str, object] = {}
    if reached and report.contacted_at is None:
        changes["contacted_at"] = now
        terms.end(ReportClock, now, report=report, which=ReportClock.Which.CONTACT)
    if outcome is not None and (outcome is ContactOutcome.REACHED) is not reached:
        raise ValueError(f"{outcome} and reached={reached} contradict each other")
    if not reached and outcome is None and not text.strip():
        raise ReplyError("没有联系上，请写明情况（如：无人接听、号码有误）。")
    transition(
        actor,
        report,
        ReportEventKind.CONTACTED if reached else ReportEventKind.CONTACT_TRIED,
        changes,
        {"reached": reached, **({"outcome": str(outcome)} if outcome else {})},
        text,
    )


def mend_contacts() -> int:
    """Take back each first contact that was only a reply of an earlier version, one event each; returns how many."""
    suspects = list(set_by_replies().order_by("pk").values_list("pk", flat=True))
    return sum(_mend_contact(pk) for pk in suspects)


@unit_of_work()
def _mend_contact(pk: UUID) -> int:
    report = Report.objects.select_for_update().get(pk=pk)
    events = list(ReportEvent.objects.filter(report=report).order_by("seq"))
    if is_true(report, events):
        return 0
    ended = ReportClock.objects.filter(
        report=report, which=ReportClock.Which.CONTACT, ended_at=report.contacted_at, cancelled=False
    )
    in_time = [str(one.pk) for one in ended if one.met is not False]
    told = {"from": plain(report.contacted_at), "clocks": in_time}
    # As a reply ends it today: what was answered in time is not asked for any more, what was late stays late.
    ended.filter(pk__in=in_time).update(cancelled=True)
    right = next((event.at for event in events if event.kind == ReportEventKind.CONTACTED), None)
    transition(SYSTEM, report, ReportEventKind.CONTACT_CORRECTED, {"contacted_at": right}, told, "")
    return 1


@unit_of_work()
def reply(
    actor: Actor,
    report: Report,
    text: str,
    *,
    final: bool = True,
    shown: Sequence[Upload] = (),
    doubts: Sequence[str] = (),
    anyway: str = "",
) -> None:
    """Answer the reporter. The final reply meets the reply clock; an interim one only tells how things stand.

    It is no first contact: who was never tried stays so, and that promise counts as broken once its time has passed.
    ``shown``: photographs of the work that go with it. ``doubts``: what its writer was warned of, and ``anyway`` why it goes
    all the same.
    """
    require_reach(actor, report, Power.REPLY, answerer_may=True)
    if not final:
        if report.status not in (Report.Status.RECEIVED, Report.Status.REPLIED):
            raise ReplyError("这张诉求单正在甄别或已经办结，不能再告知进展。")
        if not text.strip():
            raise ReplyError("请写下要告诉群众的话。")
        transition(actor, report, ReportEventKind.TOLD, {}, {}, text)
        return
    now = clock.now()
    status = report_step(ReportStep.REPLY, report.status, text=text)
    terms.end(ReportClock, now, report=report, which=["reply", "upstream"])
    terms.end(ReportClock, now, cancelled=True, report=report, which=ReportClock.Which.CONTACT)
    if doubts:
        if not anyway.strip():
            raise ReplyError("有提示的答复要写明为什么照样发出。")
        transition(actor, report, ReportEventKind.DOUBTED, {}, {"doubts": list(doubts)}, anyway)
    told = photos_payload(shown) if shown else {}
    transition(actor, report, ReportEventKind.REPLIED, {"status": status, "replied_at": now}, told, text)


@unit_of_work()
def close(actor: Actor, report: Report, text: str = "") -> None:
    """Close a report that has its reply (办结)."""
    require_reach(actor, report, Power.REPLY, answerer_may=True)
    status = report_step(ReportStep.CLOSE, report.status, text=text)
    if waits := ReportClock.objects.filter(report=report, ended_at=None, which__in=AFTER_ANSWER).order_by("pk").first():
        raise ReplyError("还有“{which}”没有完成，完成之后才能办结。", which=msg(str(waits.get_which_display())))
    terms.end(ReportClock, clock.now(), report=report)
    transition(actor, report, ReportEventKind.CLOSED, {"status": status, "closed_at": clock.now()}, {}, text)


def settle(report: Report) -> None:
    """Close a report for which nobody waits: the town's own patrol saw it, and the work is done."""
    now = clock.now()
    status = report_step(ReportStep.SETTLE, report.status)
    terms.end(ReportClock, now, report=report)
    transition(SYSTEM, report, ReportEventKind.SETTLED, {"status": status, "closed_at": now}, {}, "")


@unit_of_work()
def quarantine(actor: Actor, report: Report, text: str) -> None:
    """Set doubtful content apart under the duty desk; it is never refused and never lost."""
    require_reach(actor, report, Power.QUARANTINE)
    status = report_step(ReportStep.QUARANTINE, report.status, text=text)
    transition(actor, report, ReportEventKind.QUARANTINED, {"status": status, "quarantine_reason": "desk"}, {}, text)


@unit_of_work()
def release(actor: Actor, report: Report, *, asks: Sequence[str] = (), answerer: str = "") -> None:
    """``asks``: what a report that had no matters asks for now, and ``answerer`` who owes the answer; the caller accepts
    the matters.
    """
    require_reach(actor, report, Power.QUARANTINE)
    changes: dict[str, object] = {"status": report_step(ReportStep.RELEASE, report.status), "quarantine_reason": ""}
    payload: dict[str, object] = {}
    untold = {}
    if asks:
        changes["answerer_id"] = answerer
        payload["taken"], salts = commit({f"asks.{place}": text for place, text in enumerate(asks, start=1)})
        untold["salts"] = sealed_salts(report, {**salts_of(report), **salts})
    transition(actor, report, ReportEventKind.RELEASED, changes, payload, "", untold=untold)


def split(actor: Actor, report: Report, asks: Mapping[int, str]) -> None:
    """Several things were asked in one: the leaf commits to each, by its position; the caller sees to matters and demands."""
    payload: dict[str, object] = {}
    payload["taken"], salts = commit({f"asks.{place}": text for place, text in asks.items()})
    untold = {"salts": sealed_salts(report, {**salts_of(report), **salts})}
    transition(actor, report, ReportEventKind.SPLIT, {}, payload, "", untold=untold)


@unit_of_work()
def dismiss(actor: Actor, report: Report, text: str) -> None:
    """Close a quarantined report that turned out to be abuse, with the reason. What an upstream set runs on for it."""
    require_reach(actor, report, Power.QUARANTINE)
    status = report_step(ReportStep.DISMISS, report.status, text=text)
    terms.end(ReportClock, clock.now(), cancelled=True, report=report, given=False)
    transition(actor, report, ReportEventKind.DISMISSED, {"status": status, "closed_at": clock.now()}, {}, text)


@unit_of_work()
def add_by_reporter(report: Report, text: str, uploads: Iterable[Upload] = (), *, actor: Actor = PARTY) -> None:
    """The reporter adds words or photographs by the secret link, or ``actor`` does it for whom it came from."""
    uploads = list(uploads)
    if not text.strip() and not uploads:
        raise ReplyError("请写下要补充的话，或选一张照片。")
    ReportPhoto.objects.bulk_create([ReportPhoto(report=report, upload=one) for one in uploads])
    transition(actor, report, ReportEventKind.ADDED, {}, photos_payload(uploads), text)


@unit_of_work()
def take_over(
    report: Report,
    *,
    name: str = "",
    phone: str = "",
    upstream_due: str = "",
    dispatched_at: datetime | None = None,
    actor: Actor = SYSTEM,
) -> None:
    """What the system above now says of its order: whom to ring, until when, and when it sent the order down once more.

    What is empty stays as it was; the words of the first time stay for ever.
    """
    given = {"name": name[:60], "phone": phone[:30]}
    corrected = {column: text for column, text in given.items() if text}
    told, untold = _keep_contact(report, corrected) if corrected else ({}, {})
    changes = {"upstream_due": upstream_due[:60]} if upstream_due else {}
    payload = {"fields": sorted([*corrected, *changes]), **told}
    claim = Claim(dispatched_at, ClaimSource.UPSTREAM) if dispatched_at else None
    transition(actor, report, ReportEventKind.CORRECTED, changes, payload, "", untold=untold, claim=claim)


@unit_of_work()
def correct_reporter(actor: Actor, report: Report, *, name: str = "", phone: str = "") -> None:
    """Whoever reported says how their name or phone really is; what is empty stays as it was."""
    corrected = {column: text for column, text in (("name", name[:60]), ("phone", phone[:30])) if text}
    told, untold = _keep_contact(report, corrected)
    payload = {"fields": sorted(corrected), **told}
    transition(actor, report, ReportEventKind.REPORTER_CORRECTED, {}, payload, "", untold=untold)


def _keep_contact(report: Report, corrected: Mapping[str, str]) -> tuple[dict[str, object], dict[str, object]]:
    """Keep what was corrected; returns what its event commits to, and the salts that no event tells."""
    contact = Contact.objects.filter(report=report).first() or Contact(report=report)
    for column, text in corrected.items():
        setattr(contact, column, text)
    contact.save()
    commitments, salts = commit(corrected)
    if report.salts is None:
        return {}, {}
    return {"taken": commitments}, {"salts": sealed_salts(report, {**salts_of(report), **salts})}


def last_dispatch(report: Report) -> datetime:
    """When the system above sent the order down last, as far as we were told."""
    told = ReportEvent.objects.filter(report=report, kind=ReportEventKind.CORRECTED).values_list(
        "happened_at", "payload"
    )
    # Events from before claims had a column of their own hold it in their payload.
    before = [one["dispatched_at"] for _, one in told if one.get("dispatched_at")]
    return max([report.received_at, *(at for at, _ in told if at), *map(datetime.fromisoformat, before)])


@unit_of_work()
def rate(report: Report, satisfaction: str, text: str = "") -> None:
    """The reporter says how satisfied they are with the reply; it may be said again until the report is closed for good."""
    if report.replied_at is None:
        raise ReplyError("还没有答复，暂时不能评价。")
    if satisfaction not in SATISFACTION:
        raise ReplyError("请在满意、基本满意、一般、不满意中选一个。")
    # Whoever has said it is not rung up to be asked.
    terms.end(ReportClock, clock.now(), report=report, which=ReportClock.Which.CALL_BACK)
    transition(
        PARTY, report, ReportEventKind.RATED, {"satisfaction": satisfaction}, {"satisfaction": satisfaction}, text
    )


SATISFACTION = ("satisfied", "fairly", "neutral", "dissatisfied")


def reopen(actor: Actor, report: Report, text: str, *, by_reporter: bool = False) -> ReportClock | None:
    """The reporter (within 15 days of the reply) or the desk asks for the matter again.

    An answer that still waits for the system above does not go there any more. Where nothing of this round has gone,
    the order is unanswered: its clock runs on, and is returned.
    """
    now = clock.now()
    if by_reporter and (report.replied_at is None or now - report.replied_at > REOPEN_WITHIN):
        raise ReplyError("答复超过15天，不能再重新打开；请重新反映，我们会把两次诉求放在一起看。")
    if not by_reporter:
        require_reach(actor, report, Power.REOPEN)
    if report.blocked is not None:
        raise ReplyError("这张诉求单已经封存。要重新办理，请先写明理由解除封存。")
    status = report_step(ReportStep.REOPEN, report.status, text=text)
    changes = {"status": status, "closed_at": None, "replied_at": None, "satisfaction": ""}
    outbox.recall(report.pk)
    terms.end(ReportClock, now, cancelled=True, report=report, which=ReportClock.Which.CALL_BACK)
    transition(actor, report, ReportEventKind.REOPENED, changes, {"by_reporter": by_reporter}, text)
    return run_on_above(report)


def run_on_above(report: Report) -> ReportClock | None:
    """An open order of which nothing has gone up since it was sent down last is unanswered: its clock runs on."""
    unsaid = report.status in (Report.Status.RECEIVED, Report.Status.QUARANTINED) and not answered_above(report)
    return terms.run_on(ReportClock, report=report, which=ReportClock.Which.UPSTREAM) if unsaid else None


def answered_above(report: Report) -> bool:
    """Has an answer gone to the system above since it sent the order down last?"""
    told = ReportEvent.objects.filter(report=report, kind=ReportEventKind.CORRECTED).values_list("seq", "payload")
    sent = max((seq for seq, payload in told if payload.get("dispatched_at")), default=0)
    return outbox.has_left(report.pk, after=sent)


def start_clocks(report: Report, plans: Iterable[ClockPlan]) -> None:
    """Start further clocks of a report inside the caller's transaction."""
    ReportClock.objects.bulk_create(terms.clock_rows(ReportClock, plans, report=report))


def tell_recount(report: Report, clocks: list[dict[str, object]]) -> None:
    """The event of what was counted again; the caller moved the clocks in this transaction."""
    transition(SYSTEM, report, ReportEventKind.RECOUNTED, {}, {"clocks": clocks}, "")


def hand_over(reports: Iterable[Report], answerer: str, actor: Actor = SYSTEM) -> None:
    """The answerer changes with the holder of the work."""
    for report in reports:
        if report.answerer_id != answerer:
            transition(actor, report, ReportEventKind.ANSWERER_CHANGED, {"answerer_id": answerer}, {}, "")


@unit_of_work()
def reveal_reporter(actor: Actor, report: Report, why: str) -> Contact | None:
    """Name and phone of the reporter and the numbers in the words, for a purpose; each time is journalled.

    Anyone who owes the answer must be able to ring; the contact of somebody secret goes through the shift leader.
    """
    secret = report.secrecy != Report.Secrecy.OPEN
    if not calls_back(actor, report):
        power = Power.SEE_SECRET_REPORTER if secret else Power.SEE_REPORTER
        require_reach(actor, report, power, answerer_may=not secret)
    keep_reveal(actor, report.journal_name, Look.What.REPORTER, "report_reveal", why)
    return Contact.objects.filter(report=report).first()


def set_secrecy(actor: Actor, report: Report, secrecy: Report.Secrecy) -> None:
    """Who may know of the report changes with its matter, inside the caller's transaction."""
    if report.secrecy != secrecy:
        transition(actor, report, ReportEventKind.SECRECY_CHANGED, {"secrecy": str(secrecy)}, {}, "")


def transition(
    actor: Actor,
    report: Report,
    kind: ReportEventKind,
    changes: Mapping[str, object],
    payload: Mapping[str, object],
    text: str,
    *,
    untold: Mapping[str, object] | None = None,
    claim: Claim | None = None,
) -> None:
    """Change the row by compare-and-swap and append the event that tells it."""
    event = ReportEvent.by(actor, report, kind, payload, keep_text(text), claim=claim)
    change(report, changes, event, untold=untold)
    if report.external_id and kind in _TOLD_ABOVE:
        outbox.put(report.system, report.external_id, kind, report.pk, report.version)


#: what a system above is to be told of its own orders
_TOLD_ABOVE = frozenset(
    {ReportEventKind.REPLIED, ReportEventKind.CLOSED, ReportEventKind.DISMISSED, ReportEventKind.SETTLED}
)
