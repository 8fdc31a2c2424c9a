"""What people ask about what is kept of them: taken in with its day, told to who answers, answered once."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from doudi.engine.errors import DoudiError
from doudi.engine.messages import msg
from doudi.engine.people.vocabulary import Power
from doudi.engine.retention.vocabulary import RetentionNotice
from doudi.engine.workdays import Term, TimeUnit
from doudi.web import clock
from doudi.web.journal.services import Fact, append, keep_text, text_payload, unit_of_work
from doudi.web.looks.models import Look
from doudi.web.looks.services import keep_reveal
from doudi.web.notices.services import send
from doudi.web.people.access import Access
from doudi.web.people.actor import Actor
from doudi.web.people.queries import posts_with
from doudi.web.reports import services as reports
from doudi.web.reports.models import Report
from doudi.web.reports.reach import require_reach
from doudi.web.retention.copying import copy_of
from doudi.web.retention.models import PersonalRequest
from doudi.web.retention.services import erasing
from doudi.web.rulebook.queries import rulebook_on

#: where the rulebook in force was published before a town could set the figure (PIPL leaves it to be prompt)
_TERM = Term(15, TimeUnit.WORKING_DAY)
Kind, State, Outcome = PersonalRequest.Kind, PersonalRequest.State, PersonalRequest.Outcome


class RequestError(DoudiError):
    """The request cannot be taken in or answered in this way."""


@unit_of_work()
def ask(actor: Actor, report: Report, kind: str, text: str) -> PersonalRequest:
    """Take a request in, by the secret link or written down by a colleague. A second of one kind waits for the first."""
    if actor.person is not None:
        require_reach(actor, report, Power.PRIVACY)
    if PersonalRequest.objects.filter(report=report, kind=kind, state=State.OPEN).exists():
        raise RequestError("同样的请求已经收到，正在办理；有新的情况请在原诉求里补充。")
    if kind == Kind.CORRECT and not text.strip():
        raise RequestError("请写明哪里要更正，应该是什么。")
    kept = keep_text(text)
    now = clock.now()
    asked = PersonalRequest.objects.create(
        report=report, kind=kind, words=kept, by_person=actor.person, asked_at=now, due_at=_due(now)
    )
    told = {"report": report.number, "kind": str(kind), **text_payload(kept)}
    append(Fact.new("personal_request_asked", asked.journal_name, told, by=actor))
    sentence = msg(
        "有人就诉求单 {number} 提出个人信息请求，请在 {due} 前答复。", number=report.number, due=asked.due_at
    )
    path = asked.get_absolute_url()
    send(
        (post, RetentionNotice.ASKED, f"request:{asked.pk}:{post}", sentence, path, False)
        for post in posts_with(Access.SHIFT_LEADER)
    )
    return asked


@unit_of_work()
def answer(actor: Actor, asked: PersonalRequest, outcome: str, text: str, *, name: str = "", phone: str = "") -> None:
    """Answer a request and do what the answer says, in one. Raises RequestError, KeptError, StaleError."""
    report = Report.objects.select_for_update().get(pk=asked.report_id)
    require_reach(actor, report, Power.PRIVACY)
    if not text.strip():
        raise RequestError("请写下给本人的答复；不能办的，写明依据。")
    if outcome not in OUTCOMES[asked.kind]:
        raise RequestError("这种请求不能这样答复，请从列表里选。")
    kept = keep_text(text)
    changes = {
        "state": State.ANSWERED,
        "outcome": outcome,
        "answer": kept,
        "answered_at": clock.now(),
        "answered_by": actor.person,
    }
    if not PersonalRequest.objects.filter(pk=asked.pk, state=State.OPEN).update(**changes):
        raise asked.stale()
    append(
        Fact.new(
            "personal_request_answered",
            asked.journal_name,
            {"report": report.number, "outcome": str(outcome), **text_payload(kept)},
            by=actor,
        )
    )
    match outcome:
        case Outcome.ERASED:
            _require_no_file(report)
            erasing.erase_report(actor, report)
        case Outcome.BLOCKED:
            erasing.block_report(actor, report)
        case Outcome.CONTACT_ERASED:
            erasing.erase_contact(actor, report)
        case Outcome.CORRECTED if name.strip() or phone.strip():
            reports.correct_reporter(actor, report, name=name.strip(), phone=phone.strip())


@unit_of_work()
def hand_copy(actor: Actor, asked: PersonalRequest) -> bytes:
    """A copy of all that is kept, for whoever asked to have it; that somebody read it is kept as a look."""
    require_reach(actor, asked.report, Power.PRIVACY)
    purpose = _("给本人的副本（查阅、复制请求）")
    keep_reveal(actor, asked.report.journal_name, Look.What.REPORTER, "personal_request_copy", purpose)
    return copy_of(asked.report, masked=False)


#: how each kind may be answered
OUTCOMES: dict[str, tuple[PersonalRequest.Outcome, ...]] = {
    Kind.SEE: (Outcome.SHOWN, Outcome.REFUSED),
    Kind.CORRECT: (Outcome.CORRECTED, Outcome.REFUSED),
    Kind.ERASE: (Outcome.BLOCKED, Outcome.ERASED, Outcome.CONTACT_ERASED, Outcome.REFUSED),
}


def _require_no_file(report: Report) -> None:
    """What became a matter is a case file; archives law keeps it for the rulebook's time, and it is blocked instead."""
    if erasing.is_file(report) and rulebook_on().kept_days("case_files") is not None:
        raise erasing.KeptError(
            "诉求单 {number} 已立为事项，案卷要按档案规定保管：请选“按档案规定保留，已封存”。", number=report.number
        )


def _due(now: datetime) -> datetime:
    book = rulebook_on()
    return book.calendar.due(now, book.term_if_set("answer_by", "personal_request") or _TERM).at
