"""The few ways in which a matter's rows are written, shared by the steps; no one outside ``services`` calls them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from functools import wraps
from hashlib import sha256
from typing import Any, Concatenate, ParamSpec, TypeVar
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Exists, OuterRef, QuerySet

from doudi.engine.duties.book import Answer, Question
from doudi.engine.kinds.catalogue import Lane
from doudi.engine.matters.clocks import ClockPlan, nearest_due, plan
from doudi.engine.matters.life import OPEN_MATTER, OPEN_REPORT
from doudi.engine.words import Listed
from doudi.engine.words import Words as Sentence
from doudi.web import clock
from doudi.web.files.models import Upload
from doudi.web.inserting import insert_rows
from doudi.web.jobs.services import plan_all as plan_all_jobs
from doudi.web.journal.models import Words
from doudi.web.journal.services import Fact, happened, plain, words_payload
from doudi.web.matters.errors import MatterStepError, StaleMatterError
from doudi.web.matters.events import TOLD
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
from doudi.web.matters.queries import visible
from doudi.web.people.actor import SYSTEM, Actor
from doudi.web.people.errors import NotAllowedError
from doudi.web.people.models import Post
from doudi.web.reports import services as reports
from doudi.web.reports.models import Report, ReportClock
from doudi.web.rulebook.queries import Rulebook, rulebook_of
from doudi.web.selecting import prepared, rows_by, rows_where
from doudi.web.terms import services as terms
from doudi.web.updating import update_rows

Outcome = TypeVar("Outcome")
Arguments = ParamSpec("Arguments")


def step(
    service: Callable[Concatenate[Actor, Matter, Arguments], Outcome],
) -> Callable[Concatenate[Actor, Matter, Arguments], Outcome]:
    """One step is one transaction that first takes the matter's row, so that two steps never interleave."""

    @wraps(service)
    def taken_alone(actor: Actor, matter: Matter, *args: Arguments.args, **kwargs: Arguments.kwargs) -> Outcome:
        with transaction.atomic():
            lock(actor, matter)
            return service(actor, matter, *args, **kwargs)

    return taken_alone


def lock(actor: Actor, *matters: Matter) -> None:
    """Take the rows for this transaction, always in the same order, so that two who take the same never wait in a ring.

    Raises NotAllowedError when one of them does not exist for the actor, StaleMatterError when one has moved on since
    it was read.
    """
    versions = _versions(actor, matters)
    for one in matters:
        if one.pk not in versions:
            raise NotAllowedError("这件事项不在您的权限范围内。如确需办理，请联系值班长。")
        if versions[one.pk] != one.version:
            raise StaleMatterError("事项 {number} 刚刚被别人更新过，请刷新后再试；您写的内容还在。", number=one.number)


def _versions(actor: Actor, matters: Sequence[Matter]) -> dict[UUID, int]:
    # Who holds a matter sees it; an unchanged version says that the holder is still the one we read.
    if all(one.holder_id in actor.posts for one in matters):
        if len(matters) == 1:
            return {row.pk: row.version for row in rows_by(Matter, id=matters[0].pk, lock=True)}
        seen = Matter.objects.all()
    else:
        seen = visible(actor)
    rows = seen.filter(pk__in={one.pk for one in matters}).order_by("pk").select_for_update()
    return dict(rows.values_list("pk", "version"))


def matters_of(report: Report) -> list[Matter]:
    """The matters in which a report is handled, first demand first, taken for this transaction.

    Whoever needs matters and reports takes the matters first, or two would wait for each other. While we waited for a
    row it may have been merged into another, which is then taken too.
    """
    asked = Demand.objects.filter(report=report).order_by("position")
    wanted = list(asked.values_list("matter", flat=True))
    while True:
        rows = {one.pk: one for one in Matter.objects.filter(pk__in=set(wanted)).order_by("pk").select_for_update()}
        wanted = list(asked.values_list("matter", flat=True))
        if rows.keys() >= set(wanted):
            return [rows[pk] for pk in dict.fromkeys(wanted)]


def told(matter: Matter) -> dict[str, object]:
    return {column: plain(getattr(matter, column)) for column in TOLD}


def first_event(matter: Matter, kind: str, actor: Actor, payload: Mapping[str, object]) -> MatterEvent:
    return MatterEvent(matter=matter, seq=1, kind=kind, at=clock.now(), post=actor.post, person=actor.person, payload=dict(payload))


def tell(
    actor: Actor,
    matter: Matter,
    kind: str,
    changes: Mapping[str, Any],
    payload: Mapping[str, Any],
    words: Words | None = None,
    *,
    uploads: Sequence[Upload] = (),
    stage: str = "",
    post: Post | None = None,
) -> Fact:
    """Change the row by compare-and-swap on its version and append the event that tells it.

    ``post`` is the one in whose name the actor does it, where that is not the one that holds.
    """
    version = matter.version
    post = post or next((seat.post for seat in actor.seats if seat.post.code == matter.holder_id), actor.post)
    is_open = changes.get("status", matter.status) in OPEN_MATTER
    due = {"due_at": _due_of(matter) if is_open else None}
    if not update_rows(Matter, {"version": version + 1, **changes, **due}, id=matter.pk, version=version):
        raise StaleMatterError("事项 {number} 刚刚被别人更新过，请刷新后再试；您写的内容还在。", number=matter.number)
    matter.version = version + 1
    for column, value in {**changes, **due}.items():
        setattr(matter, column, value)
    set_to = {"set": {column: plain(value) for column, value in changes.items()}} if changes else {}
    photos = {"photos": [str(one.pk) for one in uploads]} if uploads else {}
    event = MatterEvent(
        matter=matter, seq=matter.version, kind=kind, at=clock.now(), post=post, person=actor.person, words=words,
        payload={**set_to, **photos, **payload, **words_payload(words)},
    )
    insert_rows([event])
    Evidence.objects.bulk_create([Evidence(matter=matter, upload=one, stage=stage, event=event) for one in uploads])
    return happened(event, f"matter/{matter.number}")


def _due_of(matter: Matter) -> datetime | None:
    """The nearest running due moment; while the work is being checked, only the check's own."""
    given = rows_where(ReportClock, _GIVEN_FROM_ABOVE, [prepared(Demand, "matter", matter, connection)])
    # What a support owes is the support's own moment.
    own = [clock for clock in rows_by(MatterClock, matter=matter, ended_at=None) if clock.which != "support"]
    checked = [clock for clock in own if clock.which == "verify"]
    return nearest_due([clock.due_at for clock in (*given, *(checked or own))])


_GIVEN_FROM_ABOVE = (
    "t.which = 'upstream' AND t.ended_at IS NULL AND t.report_id IN "
    "(SELECT report_id FROM doudi_matters_demand WHERE matter_id = %s)"
)


def receipt(
    matter: Matter, answer: Answer, inputs: Mapping[str, object], rulebook: Rulebook, now: datetime, *, by: Actor = SYSTEM,
    words: Words | None = None,
) -> Decision:
    """The unsaved receipt of what the duties said."""
    return Decision(
        matter=matter, by_person=by.person, rulebook_id=rulebook.version.number, rules=list(answer.rules), layer=str(answer.layer),
        status=str(answer.status), inputs=dict(inputs),
        runners_up=[{"rule": one.rule, "holder": one.holder, "outranked_by": one.outranked_by} for one in answer.runners_up],
        reason=stored(answer.reason), words=words, at=now,
    )


def stored(reason: Sentence) -> dict[str, object]:
    """A sentence as a receipt keeps it: the template and its facts, so that all of it can be said in either language."""
    return {"template": reason.template, "facts": {name: _stored_fact(fact) for name, fact in reason.facts.items()}}


def _stored_fact(fact: object) -> object:
    match fact:
        case Sentence():
            return stored(fact)
        case Listed():
            return [_stored_fact(one) for one in fact]
    return str(fact)


def inputs_of(question: Question) -> dict[str, object]:
    return {
        "kind": question.kind, "unit_type": question.unit_type, "area": question.area, "hours": str(question.hours),
        "facts": dict(question.facts), "day": question.day.isoformat(),
    }


def first_assignments(matter: Matter, decision: Decision, supports: Iterable[str], now: datetime) -> list[Assignment]:
    why = "desk" if matter.layer == "desk" else "rule" if decision.status == "rule" else "backstop"
    lead = Assignment(matter=matter, post_id=matter.holder_id, role=Assignment.Role.LEAD, why=why, decision=decision, since=now)
    helpers = [
        Assignment(matter=matter, post_id=post, role=Assignment.Role.SUPPORT, why=why, decision=decision, since=now)
        for post in supports
        if post != matter.holder_id
    ]
    return [lead, *helpers]


def add_supports(
    matter: Matter, decision: Decision, posts: Iterable[str], now: datetime, why: str, due_at: datetime | None = None
) -> set[str]:
    """Start supports at the posts that do not help already, each with its own limit; returns those added."""
    helping = Assignment.objects.filter(matter=matter, role=Assignment.Role.SUPPORT, until__isnull=True).values_list("post_id", flat=True)
    added = set(posts) - set(helping)
    Assignment.objects.bulk_create(
        [
            Assignment(matter=matter, post_id=post, role=Assignment.Role.SUPPORT, why=why, decision=decision, since=now)
            for post in sorted(added)
        ]
    )
    MatterClock.objects.bulk_create(support_clocks(matter, sorted(added), rulebook_of(matter.rulebook_id), now, due_at))
    return added


def support_clocks(
    matter: Matter, posts: Iterable[str], rulebook: Rulebook, now: datetime, due_at: datetime | None = None
) -> list[MatterClock]:
    """Unsaved clocks, one for each supporting post: until the moment asked for, else as long as the town gives."""
    term = rulebook.term_if_set("support_by", matter.lane)
    if due_at is not None:
        plans = [ClockPlan("support", post, None, now, due_at, False) for post in posts]
    else:
        plans = [plan("support", term, now, rulebook.calendar, stage=post) for post in posts] if term else []
    return terms.clock_rows(MatterClock, plans, matter=matter)


def change_lead(matter: Matter, post: str, why: str, decision: Decision, now: datetime) -> None:
    """The lead passes on: one assignment ends at the moment the next begins."""
    Assignment.objects.filter(matter=matter, role=Assignment.Role.LEAD, until__isnull=True).update(until=now)
    Assignment.objects.create(matter=matter, post_id=post, role=Assignment.Role.LEAD, why=why, decision=decision, since=now)


def end_support(matter: Matter, post: str, now: datetime) -> None:
    """Who comes to lead no longer helps: nobody waits for themselves."""
    Assignment.objects.filter(matter=matter, role=Assignment.Role.SUPPORT, until__isnull=True, post=post).update(until=now)
    terms.end(MatterClock, now, cancelled=True, matter=matter, which="support", stage=post)


def end_assignments(matter: Matter, now: datetime) -> None:
    """The matter ends, and with it whoever led or supported it. ``holder`` stays: who held it last."""
    Assignment.objects.filter(matter=matter, until__isnull=True).update(until=now)


def mark_taken(actor: Actor, matter: Matter, now: datetime) -> None:
    """The open lead has taken the matter, if it had not yet; its take clock ends."""
    changes = {"taken_at": now, "taken_by": actor.person}
    update_rows(Assignment, changes, matter=matter, role=Assignment.Role.LEAD, until=None, taken_at=None)
    terms.end(MatterClock, now, matter=matter, which="take")


def end_handling(matter: Matter, handled_at: datetime) -> None:
    """Handling clocks end at the moment the work was done, whenever it was checked."""
    terms.end(MatterClock, handled_at, matter=matter)


def cancel_clocks(matter: Matter, now: datetime) -> None:
    terms.end(MatterClock, now, cancelled=True, matter=matter)


def require_open(matter: Matter) -> None:
    if matter.status not in OPEN_MATTER:
        raise MatterStepError("事项 {number} 已经结束；要继续办理请先重新打开。", number=matter.number)


def require_holder(actor: Actor, matter: Matter) -> None:
    if not actor.is_system and matter.holder_id not in actor.posts:
        raise MatterStepError("这件事由{holder}承办，请由承办岗的人来操作。", holder=matter.holder.name)


def require_may_hold(post: Post) -> None:
    if not post.may_hold or post.until is not None:
        raise MatterStepError("“{post}”不能承办事项：请选镇属或派驻的承办岗位。", post=post.name)


def require_standing(posts: Iterable[Post]) -> None:
    for post in posts:
        if post.until is not None:
            raise MatterStepError("“{post}”已经撤销，不能协办：请另选岗位。", post=post.name)


def require_no_transfer(matter: Matter) -> None:
    """While somebody asks to be relieved the holder stays: the answer changes it, and nothing beside the answer."""
    if Application.objects.filter(matter=matter, kind="transfer", state__in=Application.UNDECIDED).exists():
        raise MatterStepError("这件事有一份改派申请还没有答复：请先答复申请，答复时可以另选承办岗。")


def ended(matter: Matter, now: datetime) -> dict[str, object]:
    """What still waited for an answer at the desk is settled with the work; the event's payload names it."""
    asked = Application.objects.filter(matter=matter, asked_of="desk", state__in=Application.UNDECIDED)
    urged = Urge.objects.filter(matter=matter, state=Urge.State.OPEN)
    tasks = Task.objects.filter(matter=matter, state=Task.State.OPEN)
    settles: tuple[tuple[str, QuerySet[Any], dict[str, Any]], ...] = (
        ("lapsed", asked, {"state": Application.State.WITHDRAWN, "answered_at": now}),
        ("urges_lapsed", urged, {"state": Urge.State.LAPSED, "answered_at": now}),
        ("tasks_excused", tasks, {"state": Task.State.EXCUSED, "done_at": now}),
    )
    found: dict[str, object] = {}
    for name, waiting, becomes in settles:
        if ids := [str(pk) for pk in waiting.values_list("pk", flat=True)]:
            waiting.update(**becomes)
            found[name] = ids
    return {**found, "at": plain(now)} if found else {}


def require_help_done(matter: Matter) -> None:
    """A support that is still open keeps its matter open."""
    helping = Assignment.objects.filter(matter=matter, role=Assignment.Role.SUPPORT, until__isnull=True)
    if waiting := list(helping.values_list("post__name", flat=True)):
        raise MatterStepError("还有协办没有完成：{posts}。请等协办办完，或请值班岗免除。", posts="、".join(waiting))
    if tasks := Task.objects.filter(matter=matter, state=Task.State.OPEN).count():
        raise MatterStepError("还有 {count} 项任务没有办完：请先填结果，或写明理由免办。", count=tasks)


def led_reports(matter: Matter) -> list[Report]:
    """Open reports whose first demand lies in this matter: their answer goes with the work."""
    led = Demand.objects.filter(matter=matter, position=1).values("report")
    return list(Report.objects.filter(pk__in=led, status__in=OPEN_REPORT).order_by("pk").select_for_update())


def settled(matter: Matter) -> list[Fact]:
    """Once the work has ended, the patrol's own reports are closed with it: nobody left a number, nobody waits."""
    if matter.status in Matter.OPEN:
        return []
    told = Report.objects.filter(
        Exists(Demand.objects.filter(report=OuterRef("pk"), matter=matter)),
        channel=Report.Channel.GRID, status=Report.Status.RECEIVED, contact__isnull=True,
    )  # fmt: skip
    still_open = Demand.objects.filter(report=OuterRef("pk"), matter__status__in=Matter.OPEN)
    waiting = told.exclude(Exists(still_open)).order_by("pk").select_for_update(of=("self",))
    return [reports.settle(report) for report in waiting]


def drawn_for_check(matter: Matter, rulebook: Rulebook) -> bool:
    """Whether a matter checked by sample is in the sample: fixed by its id, so that nobody can try again."""
    share = int(rulebook.parameters["verify_sample_percent"])
    return int(sha256(matter.pk.bytes).hexdigest()[:8], 16) % 100 < share


def take_terms(rulebook: Rulebook) -> dict[Lane, Any]:
    return {lane: rulebook.term("take_by", str(lane)) for lane in Lane}


def notify(matter: Matter, kind: str, *, urgent: bool) -> None:
    """Plan the notice to the holder; a timer sends it."""
    plan_all_jobs([notice_job(matter, kind, urgent=urgent)])


def notify_post(matter: Matter, post: str, kind: str, *, urgent: bool = False) -> None:
    """Plan a notice about the matter to another post than its holder."""
    payload = {"matter": str(matter.pk), "post": post, "kind": kind, "urgent": urgent}
    plan_all_jobs([("notify_post", f"{kind}:{matter.pk}:{post}:{matter.version}", clock.now(), payload)])


def notice_job(matter: Matter, kind: str, *, urgent: bool) -> tuple[str, str, datetime, dict[str, object]]:
    payload = {"matter": str(matter.pk), "post": matter.holder_id, "kind": kind, "urgent": urgent}
    return "notify_holder", f"{kind}:{matter.pk}:{matter.version}", clock.now(), payload
