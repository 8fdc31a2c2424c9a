"""Whether somebody's power reaches a report: where it was said to lie, and into the restricted circle."""

from __future__ import annotations

from doudi.engine.people.vocabulary import Power
from doudi.web.people.actor import Actor
from doudi.web.people.errors import NotAllowedError
from doudi.web.reports.models import Report


def may_reach(actor: Actor, power: Power, report: Report) -> bool:
    """One seat gives the power and serves the place; a restricted report is reached by its answerer or the circle alone."""
    if actor.is_system:
        return True
    known = report.answerer_id in actor.posts or actor.may_in(Power.SEE_RESTRICTED, report.area_id)
    closed = report.secrecy == Report.Secrecy.RESTRICTED and not known
    return not closed and actor.may_in(power, report.area_id)


def require_reach(actor: Actor, report: Report, power: Power, *, answerer_may: bool = False) -> None:
    """Raises NotAllowedError. ``answerer_may``: anyone who sits on the post that owes the answer may do it anyway."""
    if actor.is_system or (answerer_may and report.answerer_id in actor.posts):
        return
    actor.require(power)
    if not may_reach(actor, power, report):
        raise NotAllowedError("这张诉求单不在您的权限范围内。如确需办理，请联系值班长。")
