"""The steps that lie ahead of a matter or a report, and for each whether this actor may take it."""

from __future__ import annotations

from dataclasses import dataclass

from doudi.engine.matters.life import By, Step, matter_steps_from, report_steps_from
from doudi.engine.matters.vocabulary import MatterStep, ReportStep
from doudi.engine.people.vocabulary import Power
from doudi.web.matters.models import Matter
from doudi.web.matters.reach import may_on
from doudi.web.people.actor import Actor
from doudi.web.reports.models import Report
from doudi.web.reports.reach import may_reach


@dataclass(frozen=True, slots=True)
class StepOffer:
    """A step that the life allows now. ``why_not`` is empty when this actor may take it."""

    step: Step
    why_not: str

    @property
    def allowed(self) -> bool:
        return not self.why_not


def next_steps(actor: Actor, matter: Matter) -> tuple[StepOffer, ...]:
    """The steps that lie ahead of the matter, and for each whether this actor may take it.

    What only the post that is to take over does, or nobody's hand, is left out.
    """
    ahead = (
        step
        for step in matter_steps_from(matter.status)
        if step.by in _OFFERED and step.name != MatterStep.CLOSE_ON_SPOT
    )
    return tuple(StepOffer(step, _why_not(actor, matter, step)) for step in ahead)


def may_step(actor: Actor, matter: Matter, *names: str) -> bool:
    """Whether the life and this actor's seats allow one of the steps now."""
    return any(one.step.name in names and one.allowed for one in next_steps(actor, matter))


_OFFERED = frozenset({By.HOLDER, By.ANOTHER, By.DESK})
_POWER: dict[str, Power] = {
    MatterStep.DISPATCH: Power.DISPATCH,
    MatterStep.MERGE: Power.MERGE,
    MatterStep.VOID: Power.VOID,
    MatterStep.REOPEN: Power.REOPEN,
}


def _why_not(actor: Actor, matter: Matter, step: Step) -> str:
    if step.by is By.HOLDER:
        return "" if matter.holder_id in actor.posts else "由承办岗操作"
    if step.by is By.ANOTHER:
        if not may_on(actor, Power.VERIFY, matter):
            return "由有核查权限的岗位操作"
        return (
            "承办岗不核查自己"
            if matter.holder_id in actor.posts or (actor.person and actor.person.pk == matter.handled_by_id)
            else ""
        )
    return "" if may_on(actor, _POWER[step.name], matter) else "由值班岗操作"


def report_steps(actor: Actor, report: Report) -> tuple[StepOffer, ...]:
    """The same for a report; what only its reporter does is left out."""
    powers: dict[str, Power] = {
        ReportStep.QUARANTINE: Power.QUARANTINE,
        ReportStep.RELEASE: Power.QUARANTINE,
        ReportStep.DISMISS: Power.QUARANTINE,
        ReportStep.REPLY: Power.REPLY,
        ReportStep.CLOSE: Power.REPLY,
    }

    def why_not(step: Step) -> str:
        own = step.by is By.ANSWERER and report.answerer_id in actor.posts
        return (
            ""
            if own or may_reach(actor, powers[step.name], report)
            else "由答复岗操作"
            if step.by is By.ANSWERER
            else "由值班岗操作"
        )

    return tuple(
        StepOffer(step, why_not(step))
        for step in report_steps_from(report.status)
        if step.by not in (By.REPORTER, By.SYSTEM)
    )
