"""The desk says what a matter is, whose it is, and what became of it when it was no matter of its own."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime

from doudi.engine.duties.bonds import Bond
from doudi.engine.duties.book import Answer
from doudi.engine.errors import DoudiError
from doudi.engine.kinds.catalogue import Lane
from doudi.engine.matters.ambiguity import Ambiguous
from doudi.engine.matters.clocks import handling_clocks, take_clock
from doudi.engine.matters.lanes import danger_of_lane, is_above
from doudi.engine.matters.life import OPEN_REPORT, matter_step
from doudi.engine.matters.vocabulary import MatterEventKind, MatterNotice, MatterStep
from doudi.engine.messages import msg as sentence
from doudi.engine.people.vocabulary import Power
from doudi.web import clock
from doudi.web.areas.models import Area
from doudi.web.areas.queries import areas
from doudi.web.duties.queries import book_under
from doudi.web.journal.services import keep_text, unit_of_work
from doudi.web.matters.errors import MatterStepError
from doudi.web.matters.models import Danger, Demand, Matter, MatterClock
from doudi.web.matters.queries import danger_of, lane_under, last_danger
from doudi.web.matters.reach import may_on, require_on
from doudi.web.matters.services import (
    assigning,
    ending,
    lanes,
    lawful,
    limits,
    locking,
    notifying,
    receipts,
    requirements,
    secrecy,
    transitions,
    undoing,
    urging,
)
from doudi.web.matters.services.intake import NewMatter, accept, ambiguity_seen, question_for
from doudi.web.people.actor import Actor
from doudi.web.people.models import Post
from doudi.web.records.services import snapshot
from doudi.web.reports import services as reports
from doudi.web.reports.models import Report
from doudi.web.rulebook.queries import rulebook_of, rulebook_on
from doudi.web.terms import services as terms
from doudi.web.units.models import Unit


@locking.step
def dispatch(
    actor: Actor,
    matter: Matter,
    *,
    kind: str,
    holder: Post | None = None,
    unit: Unit | None = None,
    area: Area | None = None,
    wrong: Collection[str] = (),
    supports: Iterable[Post] = (),
    bond: str = Bond.BEFORE_HANDLED,
    text: str = "",
) -> Answer:
    """The desk says what the matter is; the rules, or the desk against them with its reason, say whose.

    Without ``holder`` the duties are asked and their answer holds. With one, the desk decides: the receipt keeps
    what the rules would have said, and words are needed when the two differ. ``wrong`` names what of the place (unit,
    area) was a mistake: it is taken off where nothing is named instead. ``bond``: what waits for the
    ``supports`` that are named; of all others the rules say it.
    """
    return _dispatched(
        actor,
        matter,
        kind=kind,
        holder=holder,
        unit=unit,
        area=area,
        wrong=wrong,
        supports=supports,
        bond=bond,
        text=text,
    )


def dispatch_many(
    actor: Actor, rows: Iterable[tuple[Matter, str]], text: str = ""
) -> dict[Matter, Answer | DoudiError]:
    """Many matters, each with its kind, in one transaction with one append to the journal.

    What is refused for one matter is undone and told for that one alone.
    """
    kinds = dict(rows)
    return locking.in_turn(kinds, lambda one: dispatch(actor, one, kind=kinds[one], text=text))


def _dispatched(
    actor: Actor,
    matter: Matter,
    *,
    kind: str,
    holder: Post | None = None,
    unit: Unit | None = None,
    area: Area | None = None,
    wrong: Collection[str] = (),
    supports: Iterable[Post] = (),
    bond: str = Bond.BEFORE_HANDLED,
    text: str = "",
) -> Answer:
    """Dispatch in the caller's unit of work. Returns what the duties said."""
    desk = require_on(actor, Power.DISPATCH, matter)
    status = matter_step(MatterStep.DISPATCH, matter.status)
    rulebook = rulebook_of(matter.rulebook_id)
    if kind not in rulebook.catalogue:
        # A kind that only the edition in force brings: the matter goes on under that edition.
        rulebook = rulebook_on()
    catalogued = rulebook.catalogue.kind(kind)
    unit, place = _where(matter, unit, area, frozenset(wrong))
    question = question_for(rulebook, kind, unit, place, matter.facts, at=matter.accepted_at)
    answer = book_under(rulebook).answer(question)
    chosen = holder.code if holder else answer.post
    by_desk = chosen != answer.post
    supports = tuple(supports)
    requirements.require_active(supports)
    if holder is not None:
        requirements.require_may_hold(holder)
        if by_desk and not text.strip():
            raise MatterStepError(
                "规则建议由{post}承办；改派其他岗位请写明理由。", post=Post.objects.get(code=answer.post).name
            )
        if by_desk and not may_on(actor, Power.SUPERVISE, matter):
            lawful.require_dispatch(rulebook, answer, holder)
    if chosen != matter.holder_id:
        requirements.require_no_transfer(matter)
    now = clock.now()
    before = matter.kind, matter.holder_id
    stood = undoing.standing(actor, matter)
    kept = keep_text(text)
    decision = receipts.receipt(matter, answer, receipts.inputs_of(question), rulebook, now, by=actor, text=kept)
    if by_desk:
        decision.status, decision.layer = "desk", "desk"
        decision.reason = receipts.as_stored(sentence("值班岗人工派遣（规则建议：{advice}）", advice=answer.reason))
    decision.save(force_insert=True)
    changes: dict[str, object] = {
        "status": status,
        "kind": kind,
        "unit_id": unit.code if unit else None,
        "area_id": place,
        "holder_id": chosen,
        "layer": decision.layer,
        "unclear": "" if by_desk or answer.status == "rule" else str(answer.status),
        "competent_body": answer.competent.body if answer.competent else "",
        "competent_basis": answer.competent.basis if answer.competent else "",
    }
    if rulebook.version.number != matter.rulebook_id:
        changes["rulebook_id"] = matter.rulebook_id = rulebook.version.number
    seen = ambiguity_seen(rulebook, str(changes["unclear"]), unit, matter.facts) | Ambiguous(
        tuple(matter.ambiguity), tuple(matter.doubts)
    )
    changes |= {"ambiguity": list(seen.codes), "doubts": list(seen.doubts)}
    # A post that is asked to help is given the time that the danger leaves, as it is known now.
    danger = danger_of(matter)
    raised, told = lanes.move_to_lane(matter, lane_under(rulebook, kind, danger), rulebook, now, take=False)
    changes = {**raised, **changes}
    assigning.end_support(matter, chosen, now)
    if chosen != matter.holder_id or matter.status == Matter.Status.TAKEN:
        why = "desk" if by_desk else "rule" if answer.status == "rule" else "backstop"
        assigning.change_lead(matter, chosen, why, decision, now)
    for column, value in changes.items():
        setattr(matter, column, value)
    # What was late stays late, whoever holds it now and whatever it turned out to be.
    terms.end(MatterClock, now, cancelled=True, matter=matter, which=MatterClock.Which.TAKE)
    plans = [take_clock(Lane(matter.lane), now, rulebook.calendar, limits.take_terms(rulebook))]
    if before[0] != kind:
        terms.end(MatterClock, now, cancelled=True, matter=matter, which=MatterClock.Which.HANDLE)
        plans += handling_clocks(catalogued, now, rulebook.calendar, rulebook.term("unclear_by"))
    MatterClock.objects.bulk_create(terms.clock_rows(MatterClock, plans, matter=matter))
    named = {post.code: bond for post in supports}
    # Those who are let into the restricted circle are named one by one.
    helpers = named or ({} if matter.restricted else answer.supports)
    asked = {post: said for post, said in helpers.items() if post != chosen}
    added = assigning.add_supports(matter, decision, asked, now, "desk" if named else "rule")
    # Whom a timer urged to take it need not any more; the post that is to take it now has not been reminded yet.
    payload = {
        "decision": str(decision.pk),
        "supports": sorted(added),
        **assigning.bonds_told(added),
        **told,
        **urging.lapse_reminders(matter, "take"),
        **stood,
    }
    # The desk decides anew, and at once: whoever was named to take over need not any more.
    payload |= assigning.end_next(matter, now)
    led = locking.led_reports(matter)
    payload |= undoing.answering(led, chosen)
    transitions.transition(actor, matter, MatterEventKind.DISPATCHED, changes, payload, kept, post=desk)
    reports.hand_over(led, chosen, actor)
    notifying.notify(matter, MatterNotice.ASSIGNED, after=undoing.WITHIN)
    notifying.notify_supports(matter, added, after=undoing.WITHIN)
    return answer


@unit_of_work()
def merge(actor: Actor, matter: Matter, into: Matter, text: str, *, covered: bool = False) -> None:
    """Join the work of two matters. Each report keeps its own contact, reply and call-back; the greater danger stays.

    Both holders and all who answer a report of either are told. ``covered``: whoever decides says that the work done in
    ``into`` did away with this, too, though it was reported afterwards; unsaid, it is asked about.
    """
    locking.lock(actor, matter, into)
    desk = require_on(actor, Power.MERGE, matter)
    require_on(actor, Power.MERGE, into)
    status = matter_step(MatterStep.MERGE, matter.status, text=text)
    if into.pk == matter.pk or into.status not in Matter.OPEN:
        raise MatterStepError("只能并入另一件还没有办结的事项。")
    afterwards = into.status == Matter.Status.HANDLED and into.handled_at and matter.accepted_at > into.handled_at
    if afterwards and not covered:
        raise MatterStepError(
            "{number} 已经填了处置完毕，这一件是后来才反映的：没有解决的，请先核查退回再并案；处置已经包括这一件的，请勾选说明。",
            number=into.number,
        )
    if matter.restricted and not into.restricted:
        raise MatterStepError("限制知悉的事项不能并入普通事项，以免更多人看到。")
    lawful.require_merge(actor, matter, into)
    now = clock.now()
    stood = undoing.standing(actor, matter)
    limits.cancel_clocks(matter, now)
    besides = {into.holder_id, desk.code if desk else ""}
    left, beside = (_answering(one) - besides for one in (matter, into))
    moved = [str(pk) for pk in Demand.objects.filter(matter=matter).order_by("pk").values_list("pk", flat=True)]
    Demand.objects.filter(matter=matter).update(matter=into)
    changes = {"status": status, "merged_into_id": into.pk, "closed_at": now}
    raised, told = _joined_danger(actor, matter, into, now)
    payload = {"into": into.number, "told": sorted(left), **stood, **ending.close_open_requests(matter, now)}
    transitions.transition(actor, matter, MatterEventKind.MERGED, changes, payload, keep_text(text), post=desk)
    led = locking.led_reports(into)
    told |= {"from": matter.number, "demands": moved, "told": sorted(beside - left)}
    told |= undoing.answering(led, into.holder_id)
    # Whoever checks the work reads why what was said later counts as done with it.
    why = keep_text(text) if afterwards else None
    transitions.transition(actor, into, MatterEventKind.JOINED, raised, told, why, post=desk)
    secrecy.follow_reports([into])
    reports.hand_over(led, into.holder_id, actor)
    notifying.notify(into, MatterNotice.JOINED, after=undoing.WITHIN)
    notifying.notify_posts(matter, left, MatterNotice.MERGED, after=undoing.WITHIN)
    notifying.notify_posts(into, beside - left, MatterNotice.JOINED_BESIDE, after=undoing.WITHIN)
    assigning.end_assignments(matter, now)


def _answering(matter: Matter) -> set[str]:
    """Who holds the matter, and who owes the answers to what is asked in it."""
    asked = Demand.objects.filter(matter=matter).values("report")
    return {
        matter.holder_id,
        *Report.objects.filter(pk__in=asked, status__in=OPEN_REPORT).values_list("answerer_id", flat=True),
    }


@locking.step
def part(actor: Actor, matter: Matter, new: Sequence[NewMatter], text: str) -> None:
    """Take demands out of a matter into matters of their own, each judged by itself: they were never the same thing.

    ``new`` names them with their demands, those that stand in ``matter`` or further ones of its reports. At least one
    demand stays. Each report keeps its own contact, reply and call-back.
    """
    _parted(actor, matter, new, text)


@locking.step
def split(actor: Actor, matter: Matter, demand: Demand, keeps: str, new: Sequence[NewMatter], text: str) -> None:
    """One demand asks several things: it ``keeps`` the first, and each other one is a matter of its own.

    The report stays one, with one contact, one reply and one call-back; its own words stay as they were said.
    """
    _parted(actor, matter, new, text)
    Demand.objects.filter(pk=demand.pk, matter=matter).update(asks=keeps)
    report = Report.objects.select_for_update().get(pk=demand.report_id)
    further = {one.position: one.asks for each in new for one in each.demands}
    reports.split(actor, report, {demand.position: keeps, **further})


def _parted(actor: Actor, matter: Matter, new: Sequence[NewMatter], text: str) -> None:
    desk = require_on(actor, Power.MERGE, matter)
    requirements.require_open(matter)
    if not text.strip():
        raise MatterStepError("请写明为什么分开办。")
    leaving = {one.pk for each in new for one in each.demands if not one._state.adding}
    standing = set(Demand.objects.filter(matter=matter).values_list("pk", flat=True))
    if not leaving <= standing:
        raise matter.stale()
    if leaving == standing:
        raise MatterStepError("只有一项诉求，没有可以分开的。")
    if matter.restricted and not all(one.row.restricted for one in new):
        raise MatterStepError("限制知悉的事项不能分出普通事项，以免更多人看到。")
    accept(new, rulebook_on(), actor)
    for each in new:
        Demand.objects.filter(pk__in=[one.pk for one in each.demands]).update(matter=each.row)
        payload = {"into": each.row.number, "demands": [str(one.pk) for one in each.demands]}
        transitions.transition(actor, matter, MatterEventKind.PARTED, {}, payload, keep_text(text), post=desk)
    secrecy.follow_reports([matter])
    for each in new:
        reports.hand_over(locking.led_reports(each.row), each.row.holder_id, actor)
        transitions.renew_due(each.row)


@locking.step
def void(actor: Actor, matter: Matter, text: str) -> None:
    """Strike a matter that never was one (double entry, mistake), with the reason. "Not ours" is no reason."""
    desk = require_on(actor, Power.VOID, matter)
    status = matter_step(MatterStep.VOID, matter.status, text=text)
    now = clock.now()
    stood = undoing.standing(actor, matter)
    limits.cancel_clocks(matter, now)
    changes = {"status": status, "closed_at": now}
    payload = {**stood, **ending.close_open_requests(matter, now)}
    transitions.transition(actor, matter, MatterEventKind.VOIDED, changes, payload, keep_text(text), post=desk)
    assigning.end_assignments(matter, now)
    ending.close_patrol_reports(matter)


def _where(
    matter: Matter, unit: Unit | None, area: Area | None, wrong: Collection[str]
) -> tuple[Unit | None, str | None]:
    """The unit that is named, else the matter's own, unless it or the area that is named says that it was the wrong one."""
    kept = matter.unit if not wrong else None
    if unit is None and kept is not None and (area is None or kept.area_id in areas().below([area.code])):
        unit = kept
    return unit, unit.area_id if unit else area.code if area else None if "area" in wrong else matter.area_id


def _joined_danger(
    actor: Actor, matter: Matter, into: Matter, now: datetime
) -> tuple[dict[str, object], dict[str, object]]:
    """The greater danger stays: it is judged of the matter that goes on, whose lane then follows."""
    lane = Lane(matter.lane)
    if not is_above(lane, Lane(into.lane)):
        return {}, {}
    rulebook, last = rulebook_of(into.rulebook_id), last_danger(matter)
    heard = {name: getattr(last, name) for name in ("sort", "call", "kind")} if last else {}
    row = lanes.new_judgement(into, danger_of_lane(lane), Danger.Source.MERGED, now, by=actor, **heard)
    row.save(force_insert=True)
    changes, told = lanes.move_to_lane(into, lane_under(rulebook, into.kind, danger_of_lane(lane)), rulebook, now)
    return changes, {**told, "danger_judged": snapshot(row)}
