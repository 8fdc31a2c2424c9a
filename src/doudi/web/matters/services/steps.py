"""What the holder does, what another person checks, and how it begins again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from doudi.engine.kinds.evidence import Lack
from doudi.engine.matters.clocks import handling_clocks, plan, upstream_clock
from doudi.engine.matters.life import matter_step
from doudi.engine.matters.vocabulary import MatterEventKind, MatterNotice, MatterStep
from doudi.engine.people.vocabulary import Power
from doudi.web import clock
from doudi.web.duties.queries import book_under
from doudi.web.files.models import Upload
from doudi.web.journal.services import keep_text, unit_of_work
from doudi.web.matters.errors import MatterStepError
from doudi.web.matters.models import Decision, Evidence, Matter, MatterClock
from doudi.web.matters.queries import answerable_photos, step_when_handled
from doudi.web.matters.reach import post_on, require_on
from doudi.web.matters.services import (
    assigning,
    calling_back,
    checking,
    ending,
    evidencing,
    limits,
    locking,
    notifying,
    receipts,
    requirements,
    transitions,
    undoing,
    urging,
)
from doudi.web.matters.services.intake import question_for
from doudi.web.people.actor import SYSTEM, Actor
from doudi.web.people.models import Post
from doudi.web.reports import services as reports
from doudi.web.reports.models import Report, ReportClock
from doudi.web.rulebook.queries import rulebook_of
from doudi.web.terms import services as terms


@locking.step
def take(actor: Actor, matter: Matter) -> None:
    """The holder says: I have it (接单)."""
    status = matter_step(MatterStep.TAKE, matter.status)
    requirements.require_holder(actor, matter)
    assigning.mark_taken(actor, matter, clock.now())
    transitions.transition(
        actor, matter, MatterEventKind.TAKEN, {"status": status}, urging.lapse_reminders(matter, "take")
    )


@locking.step
def handle(
    actor: Actor,
    matter: Matter,
    text: str,
    uploads: Sequence[Upload] = (),
    *,
    texts: Mapping[str, str] | None = None,
    lacking: Mapping[str, Lack] | None = None,
) -> None:
    """The holder has done the work, shows it, and hands it to the post that checks; a trifle is closed on the spot.

    ``texts`` and ``lacking``: by its name, what else the kind wants written, and why some of its evidence is not there.
    """
    requirements.require_holder(actor, matter)
    rulebook = rulebook_of(matter.rulebook_id)
    if not matter.kind:
        raise MatterStepError("事项类型还没有明确：请先派遣到具体事项，再填处置结果。")
    if not text.strip():
        raise MatterStepError("请写明怎么处置的、结果如何。")
    missing = evidencing.require_evidence(matter, rulebook, bool(uploads), texts or {}, lacking or {})
    same = checking.shown_before(uploads)
    step = MatterStep.HANDLE if same else step_when_handled(matter, rulebook)
    requirements.require_help_done(matter, closing=step == MatterStep.CLOSE_ON_SPOT)
    now, checker = clock.now(), ""
    changes: dict[str, object] = {
        "status": matter_step(step, matter.status, text=text),
        "handled_by_id": actor.person.pk if actor.person else None,
        "handled_at": now,
    }
    assigning.mark_taken(actor, matter, now)
    if step == MatterStep.CLOSE_ON_SPOT:
        changes |= {"closed_at": now}
        limits.end_handling(matter, now, now)
        assigning.end_assignments(matter, now)
    else:
        checker = checking.checker_of(matter, actor)
        check = plan(MatterClock.Which.VERIFY, rulebook.term("verify_by"), now, rulebook.calendar, stage=checker)
        MatterClock.objects.bulk_create(terms.clock_rows(MatterClock, [check], matter=matter))
    # What was handled is safe too; and the post that has done the work asks for nothing more.
    terms.end(MatterClock, now, matter=matter, which=MatterClock.Which.MAKE_SAFE)
    kind_of_event = MatterEventKind.CLOSED_ON_SPOT if step == MatterStep.CLOSE_ON_SPOT else MatterEventKind.HANDLED
    transitions.transition(
        actor,
        matter,
        kind_of_event,
        changes,
        ending.close_open_requests(matter, now)
        | ({"lacking": missing} if missing else {})
        | ({"same_photos": checking.told(same)} if same else {}),
        keep_text(evidencing.with_texts(text, texts or {})),
        uploads=uploads,
        stage=Evidence.Stage.AFTER,
    )
    checking.mark(matter, same)
    if step == MatterStep.HANDLE and checker:
        notifying.notify_post(matter, checker, MatterNotice.CHECK_ASKED)
    ending.close_patrol_reports(matter)


@locking.step
def verify(actor: Actor, matter: Matter, passed: bool, text: str = "", uploads: Sequence[Upload] = ()) -> None:
    """Another person than the one who handled, at another post, confirms the work or sends it back."""
    status = matter_step(MatterStep.PASS_CHECK if passed else MatterStep.FAIL_CHECK, matter.status, text=text)
    checker = require_on(actor, Power.VERIFY, matter)
    if matter.handled_by_id and actor.person and actor.person.pk == matter.handled_by_id:
        raise MatterStepError("处置的人不能核查自己：请由另一位同事核查。")
    if matter.holder_id in actor.posts:
        raise MatterStepError("承办岗不能核查自己的处置：请由其他岗位核查。")
    if passed:
        requirements.require_help_done(matter, closing=True)
    now = clock.now()
    stood = undoing.standing(actor, matter)
    terms.end(MatterClock, now, matter=matter, which=MatterClock.Which.VERIFY)
    changes: dict[str, object] = {"status": status}
    if passed:
        changes |= {"closed_at": now}
        limits.end_handling(matter, now, matter.handled_at or now)
        assigning.end_assignments(matter, now)
    kind_of_event = MatterEventKind.CHECK_PASSED if passed else MatterEventKind.CHECK_FAILED
    transitions.transition(
        actor,
        matter,
        kind_of_event,
        changes,
        {**stood, **(ending.close_open_requests(matter, now) if passed else {})},
        keep_text(text),
        uploads=uploads,
        stage=Evidence.Stage.CHECK,
        post=checker,
    )
    if not passed:
        notifying.notify(matter, MatterNotice.CHECK_FAILED, after=undoing.WITHIN)
    ending.close_patrol_reports(matter)


@locking.step
def reopen(actor: Actor, matter: Matter, text: str) -> None:
    """A matter that was closed, or struck by mistake, begins again with the post that held it last."""
    require_on(actor, Power.REOPEN, matter)
    begin_again(actor, matter, text)


@unit_of_work()
def reopen_report(actor: Actor, report: Report, text: str, *, by_reporter: bool = False) -> None:
    """The reporter (or the desk) says that it is not solved: the report and its closed matters begin again.

    When all of them were struck they begin again too: an open report always has somebody at work for it.
    """
    handled = locking.matters_of(report)
    given = reports.reopen(actor, report, text, by_reporter=by_reporter)
    again = [one for one in handled if one.status == Matter.Status.CLOSED]
    if not again and not any(one.status in Matter.OPEN for one in handled):
        again = handled
    for matter in again:
        if given is not None:
            terms.run_on(MatterClock, matter=matter, which=MatterClock.Which.UPSTREAM, due_at=given.due_at)
        begin_again(actor, matter, text, besides=report)
    for matter in handled:
        if given is not None and matter.status in Matter.OPEN:
            transitions.renew_due(matter)
    reports.hand_over([report], handled[0].holder_id, actor)
    rulebook = rulebook_of(handled[0].rulebook_id)
    reports.start_clocks(report, [plan("reply", rulebook.reply_term("redo"), clock.now(), rulebook.calendar)])


@unit_of_work()
def change_upstream_due(report: Report, due_at: datetime) -> None:
    """The system above set another limit: its clock runs to that moment now, for the report and for its open matters."""
    now, plans = clock.now(), [upstream_clock(clock.now(), due_at)]
    terms.end(ReportClock, now, cancelled=True, report=report, which=MatterClock.Which.UPSTREAM)
    reports.start_clocks(report, plans)
    for matter in locking.matters_of(report):
        if matter.status not in Matter.OPEN:
            continue
        terms.end(MatterClock, now, cancelled=True, matter=matter, which=MatterClock.Which.UPSTREAM)
        MatterClock.objects.bulk_create(terms.clock_rows(MatterClock, plans, matter=matter))
        transitions.renew_due(matter)


@unit_of_work()
def order_unanswered(report: Report) -> None:
    """What was said of an order before it was opened again did not arrive above after all: its clock runs on."""
    handled = locking.matters_of(report)
    if reports.run_on_above(report) is not None:
        for matter in handled:
            if matter.status in Matter.OPEN:
                transitions.renew_due(matter)


@unit_of_work()
def tell_of_correction(report: Report) -> None:
    """Anyone who works on the report is told that its order was corrected above."""
    for matter in locking.matters_of(report):
        if matter.status in Matter.OPEN:
            notifying.notify_news(matter, matter.holder_id, MatterNotice.CORRECTED, report)


@unit_of_work()
def answer_report(
    actor: Actor,
    report: Report,
    text: str,
    *,
    final: bool = True,
    shown: Sequence[Upload] = (),
    doubts: Sequence[str] = (),
    anyway: str = "",
) -> None:
    """Reply to a report; the final reply only once nothing asked in it is still open.

    ``shown``: photographs of the work that its reporter may see from now on. ``doubts`` and ``anyway``: `reports.reply`.
    """
    # Not by number: some of them may lie outside what the answerer sees.
    handled = locking.matters_of(report)
    if final and (still := sum(one.status in Matter.OPEN for one in handled)):
        raise MatterStepError("还有事项没有办结（{count} 件），暂不能作最终答复；可以先告知进展。", count=still)
    if {one.pk for one in shown} - set(answerable_photos(report).values_list("upload", flat=True)):
        raise MatterStepError("有一张照片不能再给诉求人看了，请重新勾选。")
    first = final and report.replied_at is None
    reports.reply(actor, report, text, final=final, shown=shown, doubts=doubts, anyway=anyway)
    if first:
        calling_back.begin(report, handled)


def begin_again(actor: Actor, matter: Matter, text: str, *, besides: Report | None = None) -> None:
    """Lead, clocks and status begin again with the last holder; the post still sits, or the duties are asked.

    ``besides`` is a report whose answerer the caller sees to.
    """
    now = clock.now()
    rulebook = rulebook_of(matter.rulebook_id)
    status = matter_step(MatterStep.REOPEN, matter.status, text=text)
    decision = Decision.objects.filter(matter=matter).exclude(status=Decision.NEXT).order_by("at", "id").last()
    assert decision is not None
    reopened: dict[str, object] = {}
    why = "desk"
    # As the post stands now, and not as it stood when the row in hand was read.
    if not Post.objects.filter(pk=matter.holder_id, may_hold=True, until=None).exists():
        question = question_for(rulebook, matter.kind, matter.unit, matter.area_id, matter.facts, at=matter.accepted_at)
        answer = book_under(rulebook).answer(question)
        decision = receipts.receipt(matter, answer, receipts.inputs_of(question), rulebook, now, by=actor)
        decision.save(force_insert=True)
        by_rule = answer.status == "rule"
        why = "rule" if by_rule else "backstop"
        reopened = {
            "holder_id": answer.post,
            "layer": str(answer.layer),
            "unclear": "" if by_rule else str(answer.status),
        }
        matter.holder_id = answer.post
    assigning.change_lead(matter, matter.holder_id, why, decision, now)
    assigning.mark_taken(SYSTEM, matter, now)
    kind = rulebook.catalogue.kind(matter.kind) if matter.kind else None
    plans = handling_clocks(kind, now, rulebook.calendar, rulebook.term("unclear_by"))
    MatterClock.objects.bulk_create(terms.clock_rows(MatterClock, plans, matter=matter))
    changes = {"status": status, "closed_at": None, "handled_by_id": None, "handled_at": None, **reopened}
    name = post_on(actor, Power.REOPEN, matter)
    transitions.transition(
        actor, matter, MatterEventKind.REOPENED, changes, {"decision": str(decision.pk)}, keep_text(text), post=name
    )
    notifying.notify(matter, MatterNotice.REOPENED)
    led = [one for one in locking.led_reports(matter) if one != besides]
    reports.hand_over(led, matter.holder_id, actor)
