"""The lane of a matter is the one that its kind and its danger give, and each judgement is what its event told."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from uuid import UUID

from doudi.engine.danger.assessment import Severity
from doudi.engine.kinds.catalogue import Lane
from doudi.engine.matters.lanes import is_above
from doudi.web.journal.services import plain
from doudi.web.matters.models import Danger, Matter, MatterEvent
from doudi.web.matters.queries import lane_under
from doudi.web.registry.proof import Fault, Walk, fault, grouped
from doudi.web.rulebook.queries import Rulebook, rulebook_of


def dangers(walk: Walk) -> Iterator[Fault]:
    """Each matter against its judgements of danger, and these against their events."""
    rulebook = lru_cache(maxsize=None)(rulebook_of)
    for rows in walk.over(Matter.objects.only("number", "kind", "lane", "status", "rulebook_id")):
        judged = grouped(Danger.objects.filter(matter__in=rows).order_by("matter_id", "seq"), "matter_id")
        telling = MatterEvent.objects.filter(matter__in=rows, payload__has_key="danger_judged")
        told = {(event.matter_id, event.seq): event.payload["danger_judged"] for event in telling}
        heard = MatterEvent.objects.filter(matter__in=rows, kind="danger_heard", payload__has_key="danger_lane")
        before = grouped(heard.order_by("matter_id", "seq"), "matter_id")
        for matter in rows:
            yield from _told(matter, judged[matter.pk], told)
            if matter.status in Matter.OPEN:
                yield from _in_lane(matter, judged[matter.pk], before[matter.pk], rulebook(matter.rulebook_id))


def _told(matter: Matter, judged: Sequence[Danger], told: Mapping[tuple[UUID, int], object]) -> Iterator[Fault]:
    for row in judged:
        if told.get((matter.pk, row.seq)) != {column: plain(getattr(row, column)) for column in Danger.TOLD}:
            yield fault(
                "danger.unlike_events", f"matter/{matter.number}", "第 {seq} 条事件说的危险与记录不同。", seq=row.seq
            )


def _in_lane(
    matter: Matter, judged: Sequence[Danger], heard: Sequence[MatterEvent], rulebook: Rulebook
) -> Iterator[Fault]:
    lane = Lane(matter.lane)
    danger = Severity(judged[-1].answer) if judged else Severity.NONE
    right = lane_under(rulebook, matter.kind, danger)
    # Of a matter from before dangers were records only this is known: its lane is not below what was heard.
    early = [] if judged else [Lane(str(event.payload["danger_lane"])) for event in heard]
    if (judged and lane is not right) or any(is_above(one, lane) for one in (right, *early)):
        yield fault(
            "matter.lane_unlike_danger",
            f"matter/{matter.number}",
            "通道是“{lane}”，按事项类型和在判的危险应是“{right}”。",
            lane=str(lane),
            right=str(right),
        )
