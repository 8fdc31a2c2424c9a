"""Matters: one holder at every moment, nobody who checks their own work, and a row that its events can tell again."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import pairwise
from uuid import UUID

from django.db.models import Exists, OuterRef

from doudi.engine.duties.bonds import waited_for
from doudi.engine.kinds.catalogue import Verification
from doudi.engine.matters.vocabulary import MatterEventKind
from doudi.web.journal.services import plain
from doudi.web.matters.models import Assignment, Demand, Matter, MatterEvent
from doudi.web.registry.proof import Fault, Walk, fault, grouped, told_by
from doudi.web.reports.models import Report
from doudi.web.rulebook.queries import Rulebook, rulebook_of


def lives(walk: Walk) -> Iterator[Fault]:
    """Each matter against its assignments and its events."""
    rulebook = lru_cache(maxsize=None)(rulebook_of)
    for rows in walk.over(Matter.objects.select_related("holder")):
        events = grouped(MatterEvent.objects.filter(matter__in=rows).order_by("matter_id", "seq"), "matter_id")
        leading = Assignment.objects.filter(matter__in=rows, role=Assignment.Role.LEAD).order_by("since", "id")
        leads = grouped(leading, "matter_id")
        for matter in rows:
            yield from _held(matter, leads[matter.pk], events[matter.pk])
            yield from _told(matter, events[matter.pk])
            yield from _checked(matter, events[matter.pk], rulebook(matter.rulebook_id))


def _held(matter: Matter, leads: Sequence[Assignment], events: Sequence[MatterEvent]) -> Iterator[Fault]:
    about = f"matter/{matter.number}"
    is_open = matter.status in Matter.OPEN
    standing = [lead for lead in leads if lead.until is None]
    if is_open and len(standing) != 1:
        yield fault("matter.lead", about, "未结事项应恰有一个在任承办岗，现有 {count} 个。", count=len(standing))
    elif is_open and standing[0].post_id != matter.holder_id:
        yield fault(
            "matter.holder",
            about,
            "承办岗记为 {holder}，在任的却是 {post}。",
            holder=matter.holder_id,
            post=standing[0].post_id,
        )
    elif standing and not is_open:
        yield fault("matter.lead_after_end", about, "事项已经结束，承办记录却还开着。")
    if is_open and (not matter.holder.may_hold or matter.holder.until is not None):
        yield fault("matter.unfit_holder", about, "承办岗 {post} 不能承办或已撤销，请改派。", post=matter.holder_id)
    if not leads or leads[0].since != matter.accepted_at:
        yield fault("matter.lead_gap", about, "从受理那一刻起没有承办岗。")
    # Between its end and its reopening a matter has no lead; at every other moment one follows on the other.
    ends = {(event.payload.get("set") or {}).get("closed_at") for event in events}
    for before, after in pairwise(leads):
        closed_between = plain(before.until) in ends and before.until is not None and before.until <= after.since
        if before.until != after.since and not closed_between:
            yield fault("matter.lead_gap", about, "{since} 前后的承办岗没有首尾相接。", since=after.since)


def _told(matter: Matter, events: Sequence[MatterEvent]) -> Iterator[Fault]:
    about = f"matter/{matter.number}"
    if [event.seq for event in events] != list(range(1, matter.version + 1)):
        yield fault(
            "matter.event_missing",
            about,
            "版本是 {version}，事件却有 {count} 条或序号不连续。",
            version=matter.version,
            count=len(events),
        )
    state = told_by(events, Matter.UNTOLD)
    unlike = [column for column in Matter.TOLD if state.get(column) != plain(getattr(matter, column))]
    if unlike:
        yield fault("matter.unlike_events", about, "这些列与事件重放的结果不同：{columns}。", columns="、".join(unlike))


def _checked(matter: Matter, events: Sequence[MatterEvent], rulebook: Rulebook) -> Iterator[Fault]:
    about = f"matter/{matter.number}"
    kind, holder, handler = "", "", None
    for event in events:
        told = event.payload.get("set") or {}
        kind, holder = told.get("kind", kind), told.get("holder_id", holder)
        if event.kind == MatterEventKind.HANDLED:
            handler = event.person_id
        elif event.kind == MatterEventKind.CHECK_PASSED and (
            (event.person_id is not None and event.person_id == handler)
            or (event.post_id is not None and event.post_id == holder)
        ):
            yield fault(
                "matter.self_checked", about, "核查的人或岗位就是处置的人或岗位（第 {seq} 条事件）。", seq=event.seq
            )
        elif event.kind == MatterEventKind.CLOSED_ON_SPOT and _needs_check(kind, rulebook):
            yield fault(
                "matter.unchecked",
                about,
                "{kind} 要逐件核查，却当场办结了（第 {seq} 条事件）。",
                kind=kind,
                seq=event.seq,
            )


def _needs_check(kind: str, rulebook: Rulebook) -> bool:
    return kind in rulebook.catalogue and rulebook.catalogue.kind(kind).verification is not Verification.SAMPLED


def known_kinds(walk: Walk) -> Iterator[Fault]:
    """Each matter is of a kind that its own version of the rulebook knows."""
    used = Matter.objects.exclude(kind="").values_list("kind", "rulebook_id").distinct().order_by()
    for kind, version in used:
        if kind not in rulebook_of(version).catalogue:
            example = Matter.objects.filter(kind=kind, rulebook_id=version).values_list("number", flat=True)[0]
            yield fault(
                "matter.unknown_kind",
                f"matter/{example}",
                "第 {version} 版规则手册里没有事项 {kind}。",
                version=version,
                kind=kind,
            )


def supports(walk: Walk) -> Iterator[Fault]:
    """What is closed waits for nobody's help."""
    waiting = Assignment.objects.filter(role=Assignment.Role.SUPPORT, until__isnull=True).exclude(
        matter__status__in=Matter.OPEN
    )
    for number, post in waiting.values_list("matter__number", "post_id").iterator():
        yield fault("matter.open_support", f"matter/{number}", "事项已经结束，{post} 的协办却还开着。", post=post)


def bonds(walk: Walk) -> Iterator[Fault]:
    """No step was taken over the head of a support that it had to wait for, and events tell what each waits for."""
    helped = Matter.objects.filter(
        Exists(Assignment.objects.filter(matter=OuterRef("pk"), role=Assignment.Role.SUPPORT))
    )
    for rows in walk.over(helped):
        events = grouped(MatterEvent.objects.filter(matter__in=rows).order_by("matter_id", "seq"), "matter_id")
        stays = grouped(Assignment.objects.filter(matter__in=rows).order_by("since", "id"), "matter_id")
        for matter in rows:
            supports = [one for one in stays[matter.pk] if one.role == Assignment.Role.SUPPORT]
            leads = [one for one in stays[matter.pk] if one.role == Assignment.Role.LEAD]
            yield from _passed_over(matter, supports, leads, events[matter.pk])
            yield from _bonds_told(matter, supports, events[matter.pk])


def _passed_over(
    matter: Matter, supports: Sequence[Assignment], leads: Sequence[Assignment], events: Sequence[MatterEvent]
) -> Iterator[Fault]:
    about, kinds = f"matter/{matter.number}", {event.kind for event in events}
    for event in (event for event in events if event.kind == MatterEventKind.HANDLED):
        for one in supports:
            stood = one.since < event.at and (one.until is None or one.until > event.at)
            if stood and waited_for(one.bond, closing=False):
                template = "{post} 的协办还没有办完，就填了处置完毕（第 {seq} 条事件）。"
                yield fault("matter.help_passed_over", about, template, post=one.post_id, seq=event.seq)
    if not kinds & _CLOSING or kinds & _STRUCK:
        return
    # What ended with the matter was not done: its end is the lead's, and nobody came to lead in its place.
    ended = {
        one.until
        for one in leads
        if one.until is not None and not any(other.since == one.until for other in leads if other is not one)
    }
    for one in supports:
        if one.done_at is None and one.until in ended and waited_for(one.bond):
            yield fault("matter.help_passed_over", about, "{post} 的协办还没有办完，事项就结案了。", post=one.post_id)


_CLOSING = {MatterEventKind.CHECK_PASSED, MatterEventKind.CLOSED_ON_SPOT}
_STRUCK = {MatterEventKind.MERGED, MatterEventKind.VOIDED, MatterEventKind.APPLICATION_GRANTED}


def _bonds_told(matter: Matter, supports: Sequence[Assignment], events: Sequence[MatterEvent]) -> Iterator[Fault]:
    told: dict[str, str] = {}
    for event in events:
        said = event.payload.get("bonds") or {}
        told |= {post: said.get(post, "") for post in event.payload.get("supports") or ()} | said
        if event.kind == MatterEventKind.SUPPORT_ADDED:
            told[event.payload["post"]] = event.payload.get("bond", "")
    for post, one in {one.post_id: one for one in supports}.items():
        if one.bond != told.get(post, ""):
            yield fault(
                "matter.bond_untold",
                f"matter/{matter.number}",
                "{post} 的协办记作“{bond}”，事件里写的却是“{told}”。",
                post=post,
                bond=one.bond,
                told=told.get(post, ""),
            )


def merges(walk: Walk) -> Iterator[Fault]:
    """What was merged went somewhere, and took along all that was asked."""
    merged = Matter.objects.filter(status=Matter.Status.MERGED)
    for number in merged.filter(merged_into__isnull=True).values_list("number", flat=True).iterator():
        yield fault("matter.merged_nowhere", f"matter/{number}", "已并案，却没有写明并到哪一件。")
    left = Demand.objects.filter(matter__status=Matter.Status.MERGED).values_list("matter__number", "report__number")
    for number, report in left.iterator():
        yield fault(
            "matter.demand_left_behind", f"matter/{number}", "并案时落下了诉求单 {report} 的诉求。", report=report
        )
    again = merged.filter(merged_into__status=Matter.Status.MERGED).values_list("pk", "number")
    for start, number in again.iterator():
        if _runs_in_circle(start):
            yield fault("matter.merge_circle", f"matter/{number}", "并案绕成了圈，找不到真正在办的那一件。")
    elsewhere = Matter.objects.filter(merged_into__isnull=False).exclude(status=Matter.Status.MERGED)
    for number in elsewhere.values_list("number", flat=True).iterator():
        yield fault("matter.merged_nowhere", f"matter/{number}", "没有并案，却写着并入了另一件。")


def _runs_in_circle(start: UUID) -> bool:
    seen: set[UUID] = set()
    here: UUID | None = start
    while here is not None:
        if here in seen:
            return True
        seen.add(here)
        here = Matter.objects.filter(pk=here).values_list("merged_into_id", flat=True).first()
    return False


def demands(walk: Walk) -> Iterator[Fault]:
    """What was said in a report is handled in matters, and nothing of it is lost."""
    for rows in walk.over(Report.objects.only("number", "status", "quarantine_reason")):
        asked = grouped(Demand.objects.filter(report__in=rows).order_by("report_id", "position"), "report_id")
        for report in rows:
            yield from _asked(report, asked[report.pk])


def _asked(report: Report, asked: Sequence[Demand]) -> Iterator[Fault]:
    about = f"report/{report.number}"
    # Set apart before it had any matter, and put away as such.
    apart = report.quarantine_reason and report.status in (Report.Status.QUARANTINED, Report.Status.CLOSED)
    if not asked and not apart:
        yield fault("report.no_demand", about, "没有进入任何事项，无人承办。")
    if [demand.position for demand in asked] != list(range(1, len(asked) + 1)):
        yield fault("report.demand_missing", about, "诉求项的序号不连续，可能丢了一项。")
