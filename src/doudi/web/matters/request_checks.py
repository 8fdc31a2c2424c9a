"""Applications and urges: told by their matter's events, decided once, and nobody relieved before the answer."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from django.db.models import Exists, OuterRef

from doudi.web.journal.services import plain
from doudi.web.matters.models import Application, Assignment, Matter, MatterEvent, Task, Urge
from doudi.web.registry.proof import Fault, Walk, fault, grouped


def told(walk: Walk) -> Iterator[Fault]:
    """Each application and each urge is what the events of its matter say."""
    for rows in walk.over(Application.objects.select_related("matter")):
        events = _events_of(rows)
        for one in rows:
            said = _replayed(events[one.matter_id], "application", one.pk, "lapsed", "withdrawn")
            yield from _unlike(one, said, Application.TOLD, "application.unlike_events")
    for urges in walk.over(Urge.objects.select_related("matter")):
        events = _events_of(urges)
        for urge in urges:
            said = _replayed(events[urge.matter_id], "urge", urge.pk, "urges_lapsed", "lapsed")
            yield from _unlike(urge, said, Urge.TOLD, "urge.unlike_events")


def _events_of(rows: Sequence[Application] | Sequence[Urge]) -> dict[object, list[MatterEvent]]:
    found = MatterEvent.objects.filter(matter__in={one.matter_id for one in rows}).order_by("matter_id", "seq")
    return grouped(found, "matter_id")


def _replayed(events: Sequence[MatterEvent], name: str, pk: object, lapsing: str, becomes: str) -> dict[str, object]:
    state: dict[str, object] = {}
    before: dict[str, object] = {}
    for event in events:
        one = event.payload.get(name) or {}
        if one.get("id") == str(pk):
            state.update(one)
        if str(pk) in event.payload.get(lapsing, ()):
            before = dict(state)
            state.update(state=becomes, answered_at=event.payload["at"])
        if str(pk) in event.payload.get("revived", ()):
            state = before
    return state


def _unlike(row: Application | Urge, said: dict[str, object], columns: Sequence[str], code: str) -> Iterator[Fault]:
    unlike = [column for column in columns if said.get(column) != plain(getattr(row, column))]
    if unlike:
        yield fault(
            code, f"matter/{row.matter.number}", "这些列与事件重放的结果不同：{columns}。", columns="、".join(unlike)
        )


def holder_stays(walk: Walk) -> Iterator[Fault]:
    """The post that asked to be relieved holds the matter until the answer. That one asks at a time says a constraint."""
    waiting = Application.objects.filter(state__in=Application.UNDECIDED)
    at_desk = waiting.filter(asked_of=Application.AskedOf.DESK).select_related("matter")
    for one in at_desk.exclude(matter__status__in=Matter.OPEN).iterator():
        yield fault("application.after_end", f"matter/{one.matter.number}", "事项已经结束，申请却还在等答复。")
    # The desk may send the matter to the same post again, as another kind or elsewhere.
    led = Assignment.objects.filter(matter=OuterRef("matter"), role="lead", since__gt=OuterRef("applied_at"))
    for one in at_desk.filter(Exists(led.exclude(post=OuterRef("by_post"))), kind=Application.Kind.TRANSFER).iterator():
        yield fault("application.holder_moved", f"matter/{one.matter.number}", "改派申请还没有答复，承办岗已经换了。")


def waits(walk: Walk) -> Iterator[Fault]:
    """What has ended waits for no task and for no answer to an urge."""
    for number in (
        Urge.objects.filter(state=Urge.State.OPEN)
        .exclude(matter__status__in=Matter.OPEN)
        .values_list("matter__number", flat=True)
    ):
        yield fault("urge.after_end", f"matter/{number}", "事项已经结束，催办却还在等答复。")
    ended = Task.objects.filter(
        state=Task.State.OPEN, matter__status__in=[Matter.Status.CLOSED, Matter.Status.MERGED, Matter.Status.VOIDED]
    )
    for number, module in ended.values_list("matter__number", "module"):
        yield fault("task.after_end", f"matter/{number}", "事项已经结束，任务“{module}”却还开着。", module=module)
