"""What the holder does, what another person checks, and how it begins again."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from django.db import transaction

from doudi.engine.matters.clocks import handling_clocks, plan
from doudi.engine.matters.life import finishing_step, matter_step
from doudi.web import clock
from doudi.web.duties.queries import book_under
from doudi.web.files.models import Upload
from doudi.web.journal.services import Fact, keep_words, record
from doudi.web.matters.errors import MatterStepError
from doudi.web.matters.models import Decision, Evidence, Matter, MatterClock
from doudi.web.matters.services import urging, writing
from doudi.web.matters.services.intake import question_for
from doudi.web.people.actor import SYSTEM, Actor
from doudi.web.reports import services as reports
from doudi.web.reports.models import Report
from doudi.web.rulebook.queries import rulebook_of
from doudi.web.terms import services as terms


@writing.step
def take(actor: Actor, matter: Matter) -> None:
    """The holder says: I have it (接单)."""
    status = matter_step("take", matter.status)
    writing.require_holder(actor, matter)
    writing.mark_taken(actor, matter, clock.now())
    record([writing.tell(actor, matter, "taken", {"status": status}, urging.answered_by_deed(matter, "take"))])


@writing.step
def handle(actor: Actor, matter: Matter, words: str, uploads: Sequence[Upload] = ()) -> None:
    """The holder has done the work, shows it, and hands it to whoever checks; a trifle is closed on the spot."""
    writing.require_holder(actor, matter)
    rulebook = rulebook_of(matter.rulebook_id)
    if not matter.kind:
        raise MatterStepError("事项类型还没有明确：请先派遣到具体事项，再填处置结果。")
    kind = rulebook.catalogue.kind(matter.kind)
    if not words.strip():
        raise MatterStepError("请写明怎么处置的、结果如何。")
    if "after_photo" in kind.evidence and not uploads and "无法拍照" not in words:
        raise MatterStepError("这类事项要有处置后的照片；确实拍不了的，请在说明里写“无法拍照”和原因。")
    writing.require_help_done(matter)
    step = finishing_step(kind.verification, drawn=writing.drawn_for_check(matter, rulebook))
    now = clock.now()
    changes: dict[str, Any] = {
        "status": matter_step(step, matter.status, words=words), "handled_by_id": actor.person.pk if actor.person else None,
        "handled_at": now,
    }
    writing.mark_taken(actor, matter, now)
    if step == "close_on_spot":
        changes |= {"closed_at": now}
        writing.end_handling(matter, now)
        writing.end_assignments(matter, now)
    else:
        check = plan("verify", rulebook.term("verify_by"), now, rulebook.calendar)
        MatterClock.objects.bulk_create(terms.clock_rows(MatterClock, [check], matter=matter))
    # What was handled is safe too; and whoever has done the work asks for nothing more.
    terms.end(MatterClock, now, matter=matter, which="make_safe")
    kind_of_event = "closed_on_spot" if step == "close_on_spot" else "handled"
    told = writing.tell(
        actor, matter, kind_of_event, changes, writing.ended(matter, now), keep_words(words), uploads=uploads, stage=Evidence.Stage.AFTER
    )
    record([told, *writing.settled(matter)])


@writing.step
def verify(actor: Actor, matter: Matter, passed: bool, words: str = "", uploads: Sequence[Upload] = ()) -> None:
    """Another person than the one who handled, at another post, confirms the work or sends it back."""
    status = matter_step("pass_check" if passed else "fail_check", matter.status, words=words)
    actor.require("verify")
    if matter.handled_by_id and actor.person and actor.person.pk == matter.handled_by_id:
        raise MatterStepError("处置的人不能核查自己：请由另一位同事核查。")
    if matter.holder_id in actor.posts:
        raise MatterStepError("承办岗不能核查自己的处置：请由其他岗位核查。")
    if passed:
        writing.require_help_done(matter)
    now = clock.now()
    terms.end(MatterClock, now, matter=matter, which="verify")
    changes: dict[str, Any] = {"status": status}
    if passed:
        changes |= {"closed_at": now}
        writing.end_handling(matter, matter.handled_at or now)
        writing.end_assignments(matter, now)
    kind_of_event = "check_passed" if passed else "check_failed"
    told = writing.tell(
        actor, matter, kind_of_event, changes, writing.ended(matter, now) if passed else {}, keep_words(words),
        uploads=uploads, stage=Evidence.Stage.CHECK, post=actor.post_for("verify"),
    )  # fmt: skip
    if not passed:
        writing.notify(matter, "check_failed", urgent=True)
    record([told, *writing.settled(matter)])


@writing.step
def note(actor: Actor, matter: Matter, words: str, uploads: Sequence[Upload] = ()) -> None:
    """Write something down beside the matter, with photographs if there are any."""
    actor.require("note")
    if not words.strip() and not uploads:
        raise MatterStepError("请写点什么，或选一张照片。")
    record([writing.tell(actor, matter, "noted", {}, {}, keep_words(words), uploads=uploads, stage=Evidence.Stage.BEFORE)])


@writing.step
def log_emergency_call(actor: Actor, matter: Matter, call: str, words: str = "") -> None:
    """Danger to life: the emergency call was made; who called and when is kept."""
    actor.require("note")
    writing.require_open(matter)
    if not re.fullmatch(r"[0-9]{3,12}", call):
        raise MatterStepError("请写明打的是哪个号码，如119、120。")
    record([writing.tell(actor, matter, "emergency_called", {}, {"call": call}, keep_words(words))])


@writing.step
def reopen(actor: Actor, matter: Matter, words: str) -> None:
    """A matter that was closed, or struck by mistake, begins again with the post that held it last."""
    actor.require("reopen")
    record(_reopened(actor, matter, words))


@transaction.atomic
def reopen_report(actor: Actor, report: Report, words: str, *, by_reporter: bool = False) -> None:
    """The reporter (or the desk) says that it is not solved: the report and its closed matters begin again.

    When all of them were struck they begin again too: an open report always has somebody at work for it.
    """
    handled = writing.matters_of(report)
    facts = [reports.reopen(actor, report, words, by_reporter=by_reporter)]
    again = [one for one in handled if one.status == Matter.Status.CLOSED]
    if not again and not any(one.status in Matter.OPEN for one in handled):
        again = handled
    for matter in again:
        facts += _reopened(actor, matter, words, besides=report)
    facts += reports.hand_over([report], handled[0].holder_id, actor)
    rulebook = rulebook_of(handled[0].rulebook_id)
    reports.start_clocks(report, [plan("reply", rulebook.reply_term("redo"), clock.now(), rulebook.calendar)])
    record(facts)


@transaction.atomic
def answer_report(actor: Actor, report: Report, words: str, *, final: bool = True) -> None:
    """Reply to a report; the final reply only once nothing asked in it is still open."""
    # Not by number: some of them may lie outside what the answerer sees.
    if final and (still := sum(one.status in Matter.OPEN for one in writing.matters_of(report))):
        raise MatterStepError("还有事项没有办结（{count} 件），暂不能作最终答复；可以先告知进展。", count=still)
    reports.reply(actor, report, words, final=final)


def _reopened(actor: Actor, matter: Matter, words: str, *, besides: Report | None = None) -> list[Fact]:
    """Lead, clocks and status begin anew with whoever held the matter last; the post still sits, or the duties are asked.

    ``besides`` is a report whose answerer the caller sees to.
    """
    now = clock.now()
    rulebook = rulebook_of(matter.rulebook_id)
    status = matter_step("reopen", matter.status, words=words)
    decision = Decision.objects.filter(matter=matter).order_by("at", "id").last()
    assert decision is not None
    anew: dict[str, Any] = {}
    why = "desk"
    if not matter.holder.may_hold or matter.holder.until is not None:
        question = question_for(rulebook, matter.kind, matter.unit, matter.area_id, matter.facts)
        answer = book_under(rulebook).answer(question)
        decision = writing.receipt(matter, answer, writing.inputs_of(question), rulebook, now, by=actor)
        decision.save(force_insert=True)
        by_rule = answer.status == "rule"
        why = "rule" if by_rule else "backstop"
        anew = {"holder_id": answer.post, "layer": str(answer.layer), "unclear": "" if by_rule else str(answer.status)}
        matter.holder_id = answer.post
    writing.change_lead(matter, matter.holder_id, why, decision, now)
    writing.mark_taken(SYSTEM, matter, now)
    kind = rulebook.catalogue.kind(matter.kind) if matter.kind else None
    plans = handling_clocks(kind, now, rulebook.calendar, rulebook.term("unclear_by"))
    MatterClock.objects.bulk_create(terms.clock_rows(MatterClock, plans, matter=matter))
    changes = {"status": status, "closed_at": None, "handled_by_id": None, "handled_at": None, **anew}
    name = actor.post_for("reopen")
    told = writing.tell(actor, matter, "reopened", changes, {"decision": str(decision.pk)}, keep_words(words), post=name)
    writing.notify(matter, "reopened", urgent=True)
    led = [one for one in writing.led_reports(matter) if one != besides]
    return [told, *reports.hand_over(led, matter.holder_id, actor)]
