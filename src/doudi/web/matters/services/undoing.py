"""The last step is taken back while its notices wait: by whoever took it, as an event of its own against its version.

What is urgent left at once and has no undo. Nothing that was written down is taken away: posts that led or helped lead and
help again from now on, and the clocks that ran before run on as if they had never been ended.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import connection

from doudi.engine.matters.vocabulary import MatterEventKind, MatterNotice
from doudi.web import clock
from doudi.web.jobs import services as jobs
from doudi.web.journal.services import plain, unit_of_work
from doudi.web.matters.errors import UndoError
from doudi.web.matters.models import (
    Application,
    Assignment,
    Decision,
    Demand,
    Evidence,
    Matter,
    MatterClock,
    MatterEvent,
    Task,
    Urge,
)
from doudi.web.matters.services import assigning, locking, receipts, secrecy, transitions
from doudi.web.people.actor import Actor
from doudi.web.records.errors import StaleError
from doudi.web.registry.proof import told_by
from doudi.web.reports import services as reports
from doudi.web.reports.models import Report
from doudi.web.sql.select import filter_by, first_where, prepared
from doudi.web.terms import services as terms

#: how long a step's notices wait for its undo
WITHIN = timedelta(seconds=30)
#: the steps that can be taken back
STEPS = frozenset(
    {
        MatterEventKind.DISPATCHED,
        MatterEventKind.CHECK_PASSED,
        MatterEventKind.CHECK_FAILED,
        MatterEventKind.MERGED,
        MatterEventKind.NOTED,
        MatterEventKind.VOIDED,
    }
)
_LATE = "这一步已经超过 {seconds} 秒，或通知已经发出，不能再撤销；请按现在的情况另办。"
_LATER = "这一步之后又有了新的一步，不能再撤销；请按现在的情况另办。"
_TO_POSTS = (MatterNotice.SUPPORT_ASKED, MatterNotice.INFORMED)


def standing(actor: Actor, matter: Matter) -> dict[str, object]:
    """What stands before a step that may be taken back, for its event: the clocks that run, the posts that lead and help."""
    if actor.person is None or matter.lane != Matter.Lane.NORMAL:
        return {}
    running = filter_by(MatterClock, matter=matter, ended_at=None)
    posts = filter_by(Assignment, matter=matter, until=None)
    return {"stood": {"clocks": sorted(str(one.pk) for one in running), "posts": sorted(str(one.pk) for one in posts)}}


def answering(led: Iterable[Report], answerer: str) -> dict[str, object]:
    """Who answered before the answer goes to ``answerer``, for the event of a step that may be taken back."""
    former = {str(one.pk): one.answerer_id for one in led if one.answerer_id != answerer}
    return {"answered": former} if former else {}


def undo_until(actor: Actor, matter: Matter) -> datetime | None:
    """Until when this person may take back the step that made the matter what it is; None: not, or not any more."""
    event = _last(matter)
    if event is None or _refusal(actor, matter, event):
        return None
    return event.at + WITHIN


@unit_of_work()
def undo(actor: Actor, matter: Matter) -> None:
    """Take the step back that made ``matter.version``: the row, its clocks, its posts and the answer are as before it.

    Only by whoever took it, and only while no later step stands and none of its notices has left. Raises UndoError.
    """
    event = _last(matter)
    if event is None:
        raise UndoError(_LATER)
    if said := _refusal(actor, matter, event):
        raise UndoError(said, seconds=int(WITHIN.total_seconds()))
    into, joined = _merged_into(matter, event)
    try:
        locking.lock(actor, *([matter] if into is None else [matter, into]))
    except StaleError:
        raise UndoError(_LATER) from None
    now = clock.now()
    if now >= event.at + WITHIN or not jobs.recall(_keys(matter, event, into, joined)):
        raise UndoError(_LATE, seconds=int(WITHIN.total_seconds()))
    told: dict[str, object] = {"undone": event.seq}
    decision = _decided_again(matter, event, now)
    told |= {"decision": str(decision.pk)} if decision else {}
    _clocks_again(matter, event, now)
    told |= _posts_again(matter, event, decision, now)
    told |= _requests_again(event)
    Evidence.objects.filter(event=event).update(stage=Evidence.Stage.UNDONE)
    if into is not None and joined is not None:
        Demand.objects.filter(pk__in=joined.payload["demands"], matter=into).update(matter=matter)
    transitions.transition(actor, matter, MatterEventKind.UNDONE, _as_before(matter, event), told, post=event.post)
    answered = dict((joined or event).payload.get("answered", {}))
    if into is not None and joined is not None:
        transitions.transition(actor, into, MatterEventKind.UNDONE, {}, {"undone": joined.seq}, post=joined.post)
        secrecy.follow_reports([matter, into])
    rows = Report.objects.filter(pk__in=answered).order_by("pk").select_for_update()
    for report in rows:
        reports.hand_over([report], answered[str(report.pk)], actor)


def _last(matter: Matter) -> MatterEvent | None:
    """The event that made the version in hand."""
    bound = [prepared(MatterEvent, "matter", matter, connection), matter.version]
    return first_where(MatterEvent, "t.matter_id = %s AND t.seq = %s", bound)


def _refusal(actor: Actor, matter: Matter, event: MatterEvent) -> str:
    """Why this person cannot take the step back; empty: they can, as far as the event says."""
    if event.kind not in STEPS:
        return "这一步不能撤销；要更正请另办一步，经过里会写明。"
    if actor.person is None or event.person_id != actor.person.pk:
        return "只有办这一步的人能在 {seconds} 秒内撤销。"
    urgent = matter.lane != Matter.Lane.NORMAL or "lane" in (event.payload.get("set") or {})
    if urgent or "stood" not in event.payload:
        return "有险情的事项，通知当即发出，不能撤销；请按现在的情况另办。"
    if clock.now() >= event.at + WITHIN:
        return _LATE
    settled = Demand.objects.filter(matter=matter, report__status=Report.Status.CLOSED, report__closed_at__gte=event.at)
    if event.kind in (MatterEventKind.CHECK_PASSED, MatterEventKind.VOIDED) and settled.exists():
        return "巡查上报的诉求单已随这一步销单，不能撤销；确有必要请重新打开。"
    return ""


def _merged_into(matter: Matter, event: MatterEvent) -> tuple[Matter | None, MatterEvent | None]:
    """Where the matter went by this step, and what was told there; both or none. Raises UndoError where more came since."""
    if event.kind != MatterEventKind.MERGED:
        return None, None
    into = Matter.objects.get(number=event.payload["into"])
    joined = _joined(into, matter)
    if joined is None:
        raise UndoError("并入的那一件之后又有了新的一步，不能再撤销；请按现在的情况另办。")
    if "danger_judged" in joined.payload or into.lane != Matter.Lane.NORMAL:
        raise UndoError("有险情的事项，通知当即发出，不能撤销；请按现在的情况另办。")
    return into, joined


def _joined(into: Matter, matter: Matter) -> MatterEvent | None:
    """The event by which the matter joined the other; None where more has happened there since than other joins and their undoing."""
    for event in MatterEvent.objects.filter(matter=into).order_by("-seq"):
        if event.kind == MatterEventKind.JOINED and event.payload.get("from") == matter.number:
            return event
        if event.kind not in (MatterEventKind.JOINED, MatterEventKind.UNDONE):
            break
    return None


def _keys(matter: Matter, event: MatterEvent, into: Matter | None, joined: MatterEvent | None) -> list[str]:
    """Under which keys the notices of the step were planned."""
    if into is not None and joined is not None:
        return [
            f"{MatterNotice.JOINED}:{into.pk}:{joined.seq}",
            *(f"{MatterNotice.MERGED}:{matter.pk}:{post}:{event.seq}" for post in event.payload.get("told", ())),
            *(f"{MatterNotice.JOINED_BESIDE}:{into.pk}:{post}:{joined.seq}" for post in joined.payload.get("told", ())),
        ]
    helpers = event.payload.get("supports") or ()
    return [
        *(f"{kind}:{matter.pk}:{event.seq}" for kind in (MatterNotice.ASSIGNED, MatterNotice.CHECK_FAILED)),
        *(f"{kind}:{matter.pk}:{post}:{event.seq}" for kind in _TO_POSTS for post in helpers),
    ]


def _as_before(matter: Matter, event: MatterEvent) -> dict[str, Any]:
    """The columns that the step set, as the events before it tell them."""
    earlier = MatterEvent.objects.filter(matter=matter, seq__lt=event.seq).order_by("seq")
    before = told_by(earlier, Matter.UNTOLD)
    columns = {field.attname: field for field in Matter._meta.concrete_fields}
    return {column: columns[column].to_python(before.get(column)) for column in event.payload.get("set") or {}}


def _decided_again(matter: Matter, event: MatterEvent, now: datetime) -> Decision | None:
    """Where the step brought a decision of its own, the one before it holds again, as a receipt of its own."""
    if "decision" not in event.payload:
        return None
    standing = Decision.objects.filter(matter=matter).exclude(status=Decision.NEXT).order_by("at", "id")
    earlier = [one for one in standing if str(one.pk) != event.payload["decision"]]
    return receipts.again(earlier[-1], earlier[-1].status, now)


def _clocks_again(matter: Matter, event: MatterEvent, now: datetime) -> None:
    """What ran before runs on; what began with the step is not asked for any more. What is set above is not ours to move."""
    stood = set(event.payload["stood"]["clocks"])
    ends = "closed_at" in (event.payload.get("set") or {})
    for one in MatterClock.objects.filter(matter=matter):
        if one.which == MatterClock.Which.UPSTREAM and not ends:
            continue
        if str(one.pk) in stood and one.ended_at is not None:
            MatterClock.objects.filter(pk=one.pk).update(ended_at=None, cancelled=False)
        elif str(one.pk) not in stood and one.ended_at is None:
            terms.end(MatterClock, now, cancelled=True, id=one.pk)


def _posts_again(matter: Matter, event: MatterEvent, decision: Decision | None, now: datetime) -> dict[str, object]:
    """Who came with the step goes, and who went with it is there again; returns what the event tells of them."""
    stood = set(event.payload["stood"]["posts"])
    rows = list(Assignment.objects.filter(matter=matter).order_by("since", "id"))
    came = [one.pk for one in rows if one.until is None and str(one.pk) not in stood]
    went = [one for one in rows if one.until is not None and str(one.pk) in stood]
    Assignment.objects.filter(pk__in=came).update(until=now)
    Assignment.objects.bulk_create(assigning.again(one, decision, now) for one in went)
    helpers = {one.post_id: one.bond for one in went if one.role == Assignment.Role.SUPPORT}
    named = [one for one in went if one.role == Assignment.Role.NEXT]
    told: dict[str, object] = {"supports": sorted(helpers), **assigning.bonds_told(helpers)} if helpers else {}
    if named:
        told["next"] = {"post": named[0].post_id, "take_by": plain(named[0].take_by)}
    return told


def _requests_again(event: MatterEvent) -> dict[str, object]:
    """What the step had settled waits again."""
    payload: Mapping[str, Any] = event.payload
    urges, asked, tasks = (payload.get(name) or [] for name in ("urges_lapsed", "lapsed", "tasks_excused"))
    Urge.objects.filter(pk__in=urges).update(state=Urge.State.OPEN, answered_at=None)
    for one in Application.objects.filter(pk__in=asked):
        disputed = _last_state(one) == Application.State.DISPUTED
        one.state = Application.State.DISPUTED if disputed else Application.State.OPEN
        one.answered_at = None
        one.save(update_fields=["state", "answered_at"])
    Task.objects.filter(pk__in=tasks).update(state=Task.State.OPEN, done_at=None)
    revived: Sequence[str] = [*urges, *asked]
    return {"revived": list(revived)} if revived else {}


def _last_state(application: Application) -> str:
    """The state that the events told last of an application, before it lapsed."""
    told = MatterEvent.objects.filter(matter=application.matter_id, payload__has_key="application").order_by("-seq")
    states = (one.payload["application"] for one in told)
    return next((str(one["state"]) for one in states if one.get("id") == str(application.pk)), "")
