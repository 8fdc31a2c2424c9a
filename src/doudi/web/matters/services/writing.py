"""The few ways in which a matter's rows are written, shared by the steps; no one outside ``services`` calls them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from functools import wraps
from hashlib import sha256
from typing import Any, Concatenate, ParamSpec, TypeVar

from django.db import transaction
from django.db.models import Q

from doudi.engine.duties.book import Answer, Question
from doudi.engine.kinds.catalogue import Lane
from doudi.engine.matters.clocks import nearest_due
from doudi.engine.matters.life import OPEN_MATTER
from doudi.engine.words import Words as Sentence
from doudi.web import clock
from doudi.web.files.models import Upload
from doudi.web.jobs.services import plan_all as plan_all_jobs
from doudi.web.journal.models import Words
from doudi.web.journal.services import Fact, happened, plain, words_payload
from doudi.web.matters.errors import MatterStepError, StaleMatterError
from doudi.web.matters.events import TOLD
from doudi.web.matters.models import Assignment, Decision, Demand, Evidence, Matter, MatterClock, MatterEvent
from doudi.web.people.actor import SYSTEM, Actor
from doudi.web.people.models import Post
from doudi.web.reports.models import Report, ReportClock
from doudi.web.rulebook.queries import Rulebook
from doudi.web.terms import services as terms


Outcome = TypeVar("Outcome")
Arguments = ParamSpec("Arguments")


def step(
    service: Callable[Concatenate[Actor, Matter, Arguments], Outcome],
) -> Callable[Concatenate[Actor, Matter, Arguments], Outcome]:
    """One step is one transaction that first takes the matter's row, so that two steps never interleave."""

    @wraps(service)
    def taken_alone(actor: Actor, matter: Matter, *args: Arguments.args, **kwargs: Arguments.kwargs) -> Outcome:
        with transaction.atomic():
            lock(matter)
            return service(actor, matter, *args, **kwargs)

    return taken_alone


def lock(matter: Matter) -> None:
    """Take the row for this transaction. Raises StaleMatterError when it has moved on since it was read."""
    if not Matter.objects.select_for_update().filter(pk=matter.pk, version=matter.version).exists():
        raise StaleMatterError("事项 {number} 刚刚被别人更新过，请刷新后再试；您写的内容还在。", number=matter.number)


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
) -> Fact:
    """Change the row by compare-and-swap on its version and append the event that tells it."""
    version = matter.version
    due = {"due_at": _due_of(matter)}
    if not Matter.objects.filter(pk=matter.pk, version=version).update(version=version + 1, **changes, **due):
        raise StaleMatterError("事项 {number} 刚刚被别人更新过，请刷新后再试；您写的内容还在。", number=matter.number)
    matter.version = version + 1
    for column, value in {**changes, **due}.items():
        setattr(matter, column, value)
    set_to = {"set": {column: plain(value) for column, value in changes.items()}} if changes else {}
    photos = {"photos": [str(one.pk) for one in uploads]} if uploads else {}
    event = MatterEvent.objects.create(
        matter=matter, seq=matter.version, kind=kind, at=clock.now(), post=actor.post, person=actor.person, words=words,
        payload={**set_to, **photos, **payload, **words_payload(words)},
    )
    Evidence.objects.bulk_create([Evidence(matter=matter, upload=one, stage=stage, event=event) for one in uploads])
    return happened(event, f"matter/{matter.number}")


def _due_of(matter: Matter) -> datetime | None:
    """The nearest running due moment; while the work is being checked, only the check's own."""
    running = MatterClock.objects.filter(matter=matter, ended_at__isnull=True)
    moments = list(running.filter(which="verify").values_list("due_at", flat=True))
    if not moments:
        moments = list(running.values_list("due_at", flat=True))
    given = ReportClock.objects.filter(report__in=Demand.objects.filter(matter=matter).values("report"), which="upstream", ended_at__isnull=True)
    return nearest_due([*moments, *given.values_list("due_at", flat=True)])


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
    """A sentence as a receipt keeps it: the template and plain facts, so that it can be said in either language."""
    return {"template": reason.template, "facts": {name: str(fact) for name, fact in reason.facts.items()}}


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


def add_supports(matter: Matter, decision: Decision, posts: Iterable[str], now: datetime) -> set[str]:
    """Start supports at the posts that do not help already, each with its clock; returns those added."""
    helping = Assignment.objects.filter(matter=matter, role=Assignment.Role.SUPPORT, until__isnull=True).values_list("post_id", flat=True)
    added = set(posts) - set(helping)
    Assignment.objects.bulk_create(
        [
            Assignment(matter=matter, post_id=post, role=Assignment.Role.SUPPORT, why="desk", decision=decision, since=now)
            for post in sorted(added)
        ]
    )
    return added


def change_lead(matter: Matter, post: str, why: str, decision: Decision, now: datetime) -> None:
    """The lead passes on: one assignment ends at the moment the next begins."""
    Assignment.objects.filter(matter=matter, role=Assignment.Role.LEAD, until__isnull=True).update(until=now)
    Assignment.objects.create(matter=matter, post_id=post, role=Assignment.Role.LEAD, why=why, decision=decision, since=now)


def end_assignments(matter: Matter, now: datetime) -> None:
    """The matter ends, and with it whoever led or supported it. ``holder`` stays: who held it last."""
    Assignment.objects.filter(matter=matter, until__isnull=True).update(until=now)


def mark_taken(actor: Actor, matter: Matter, now: datetime) -> None:
    """The open lead has taken the matter, if it had not yet; its take clock ends."""
    Assignment.objects.filter(matter=matter, role=Assignment.Role.LEAD, until__isnull=True, taken_at__isnull=True).update(
        taken_at=now, taken_by=actor.person
    )
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


def open_supports(matter: Matter) -> list[str]:
    """Names of the posts whose help is still open."""
    helping = Assignment.objects.filter(matter=matter, role=Assignment.Role.SUPPORT, until__isnull=True)
    return list(helping.values_list("post__name", flat=True))


def led_reports(matter: Matter) -> list[Report]:
    """Reports whose first demand lies in this matter: their answer goes with the work."""
    led = Demand.objects.filter(matter=matter, position=1).select_related("report")
    return [one.report for one in led if one.report.status == Report.Status.RECEIVED]


def unanswered() -> Q:
    """Matters that keep a report from its final reply."""
    return Q(status__in=OPEN_MATTER)


def drawn_for_check(matter: Matter, rulebook: Rulebook) -> bool:
    """Whether a matter checked by sample is in the sample: fixed by its id, so that nobody can try again."""
    share = int(rulebook.parameters["verify_sample_percent"])
    return int(sha256(matter.pk.bytes).hexdigest()[:8], 16) % 100 < share


def take_terms(rulebook: Rulebook) -> dict[Lane, Any]:
    return {lane: rulebook.term("take_by", str(lane)) for lane in Lane}


def notify(matter: Matter, kind: str, *, urgent: bool) -> None:
    """Plan the notice to the holder; a timer sends it."""
    plan_all_jobs([notice_job(matter, kind, urgent=urgent)])


def notice_job(matter: Matter, kind: str, *, urgent: bool) -> tuple[str, str, datetime, dict[str, object]]:
    payload = {"matter": str(matter.pk), "post": matter.holder_id, "kind": kind, "urgent": urgent}
    return "notify_holder", f"{kind}:{matter.pk}:{matter.version}", clock.now(), payload
