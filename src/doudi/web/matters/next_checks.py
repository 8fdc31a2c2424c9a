"""Who is named to take over: at most one, only while the work goes on, and the lead stays where it is until then."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from doudi.engine.matters.vocabulary import MatterEventKind
from doudi.web.matters.models import Assignment, Matter, MatterEvent
from doudi.web.registry.proof import Fault, Walk, fault, grouped

_AT_WORK = (Matter.Status.ACCEPTED, Matter.Status.TAKEN)


def named(walk: Walk) -> Iterator[Fault]:
    """Each post that was ever named the next, against its matter, the events and the leads."""
    about = Matter.objects.filter(pk__in=Assignment.objects.filter(role=Assignment.Role.NEXT).values("matter"))
    for rows in walk.over(about):
        stays = Assignment.objects.filter(matter__in=rows).exclude(role=Assignment.Role.SUPPORT)
        posts = grouped(stays.order_by("since", "id"), "matter_id")
        events = grouped(MatterEvent.objects.filter(matter__in=rows).order_by("matter_id", "seq"), "matter_id")
        for matter in rows:
            nexts = [one for one in posts[matter.pk] if one.role == Assignment.Role.NEXT]
            leads = [one for one in posts[matter.pk] if one.role == Assignment.Role.LEAD]
            yield from _standing(matter, nexts, events[matter.pk])
            yield from _taken(matter, nexts, leads)
            yield from _stayed(matter, events[matter.pk])


def _standing(matter: Matter, nexts: Sequence[Assignment], events: Sequence[MatterEvent]) -> Iterator[Fault]:
    """That at most one is open says a constraint."""
    about = f"matter/{matter.number}"
    open_ = [one for one in nexts if one.until is None]
    if open_ and matter.status not in _AT_WORK:
        yield fault("matter.next_after_end", about, "事项已经处置完或结束，却还在等{post}接手。", post=open_[0].post_id)
    if any(one.post_id == matter.holder_id for one in open_):
        yield fault("matter.next_holds", about, "等着接手的 {post} 已经是承办岗。", post=matter.holder_id)
    if any(one.take_by is None for one in nexts):
        yield fault("matter.next_without_limit", about, "点名了接手的岗位，却没有接手时限。")
    said: list[str] = []
    for event in events:
        if event.payload.get("next_ended"):
            said = []
        if one := event.payload.get("next"):
            said = [str(one["post"])]
    if said != [one.post_id for one in open_]:
        yield fault("matter.next_unlike_events", about, "等谁接手与事件重放的结果不同。")


def _taken(matter: Matter, nexts: Sequence[Assignment], leads: Sequence[Assignment]) -> Iterator[Fault]:
    began = {(one.post_id, one.since) for one in leads}
    for one in nexts:
        if one.taken_at is not None and (one.post_id, one.taken_at) not in began:
            yield fault(
                "matter.taken_not_led", f"matter/{matter.number}", "{post} 接手了，却没有承办。", post=one.post_id
            )


def _stayed(matter: Matter, events: Sequence[MatterEvent]) -> Iterator[Fault]:
    for event in events:
        if event.kind == MatterEventKind.APPLICATION_GRANTED and event.payload.get("next") and event.payload.get("set"):
            yield fault(
                "matter.moved_at_grant",
                f"matter/{matter.number}",
                "同意改派时承办岗还不该变（第 {seq} 条事件）。",
                seq=event.seq,
            )
