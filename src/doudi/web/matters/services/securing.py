"""Danger is met first: the clock of making safe ends when the place is safe, or when somebody has seen that nothing is to be done."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from doudi.engine.matters.vocabulary import MatterEventKind, TracesKept
from doudi.engine.people.vocabulary import Power
from doudi.web import clock
from doudi.web.files.models import Upload
from doudi.web.journal.services import keep_text
from doudi.web.matters.errors import MatterStepError
from doudi.web.matters.models import Assignment, Evidence, Matter, MatterClock
from doudi.web.matters.reach import may_on
from doudi.web.matters.services import locking, requirements, transitions
from doudi.web.people.actor import Actor
from doudi.web.terms import services as terms


@locking.step
def make_safe(
    actor: Actor,
    matter: Matter,
    text: str,
    uploads: Sequence[Upload] = (),
    *,
    nothing: bool = False,
    traces: TracesKept | None = None,
    payload: Mapping[str, object] | None = None,
) -> None:
    """Somebody was there: the place is safe now, or (``nothing``) there was nothing to secure. Either is said in words.

    ``traces``: what became of what vanishes, before it was cleared. Left out, it is asked for until somebody says it:
    nobody waits with making safe for that.
    """
    require_hand(actor, matter)
    requirements.require_open(matter)
    if not text.strip():
        raise MatterStepError("请写明到场看到什么、做了什么。")
    ended = terms.end(MatterClock, clock.now(), matter=matter, which=MatterClock.Which.MAKE_SAFE)
    told = {"nothing": nothing, "clocks": ended, **_said(traces), **(payload or {})}
    transitions.transition(
        actor,
        matter,
        MatterEventKind.MADE_SAFE,
        {},
        told,
        keep_text(text),
        uploads=uploads,
        stage=Evidence.Stage.AFTER,
    )


@locking.step
def keep_traces(
    actor: Actor, matter: Matter, traces: TracesKept, text: str = "", uploads: Sequence[Upload] = ()
) -> None:
    """Say afterwards what became of what vanished; photographs show how it was before it was cleared."""
    require_hand(actor, matter)
    requirements.require_open(matter)
    if not text.strip() and not uploads:
        raise MatterStepError("请附上照片，或写明样品在哪里、为什么没有留。")
    stage = Evidence.Stage.BEFORE
    kept = keep_text(text)
    transitions.transition(
        actor, matter, MatterEventKind.TRACES_KEPT, {}, _said(traces), kept, uploads=uploads, stage=stage
    )


def _said(traces: TracesKept | None) -> dict[str, str]:
    return {"traces": str(traces)} if traces else {}


def require_hand(actor: Actor, matter: Matter) -> None:
    """The holder, who helps, and the desk may say what was done on site."""
    if matter.holder_id in actor.posts or may_on(actor, Power.DISPATCH, matter):
        return
    helping = Assignment.objects.filter(
        matter=matter, role=Assignment.Role.SUPPORT, until__isnull=True, post__in=actor.posts
    )
    if not helping.exists():
        raise MatterStepError("先期处置由承办岗、协办岗或值班岗记录。")
