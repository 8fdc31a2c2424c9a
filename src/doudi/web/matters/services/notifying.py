"""Notices about a matter are planned as jobs; a timer sends them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from doudi.engine.duties.bonds import waited_for
from doudi.engine.matters.vocabulary import MatterJob, MatterNotice
from doudi.web import clock
from doudi.web.jobs.services import plan_all as plan_all_jobs
from doudi.web.matters.models import (
    Matter,
)
from doudi.web.reports.models import Report

#: kind, key, when, payload
Job = tuple[str, str, datetime, dict[str, object]]

_AT_ONCE = timedelta()


def notify(matter: Matter, kind: MatterNotice, *, urgent: bool | None = None, after: timedelta = _AT_ONCE) -> None:
    """Plan the notice to the holder; a timer sends it. ``urgent`` unsaid: as the matter's lane is.

    ``after``: for how long one that is not urgent waits, since the step may still be taken back.
    """
    plan_all_jobs([notice_job(matter, kind, urgent=urgent, after=after)])


def notify_post(matter: Matter, post: str, kind: MatterNotice, *, urgent: bool | None = None) -> None:
    """Plan a notice about the matter to any post. ``urgent`` unsaid: as the matter's lane is."""
    plan_all_jobs([_to_post(matter, post, kind, urgent=_presses(matter) if urgent is None else urgent)])


def notify_news(matter: Matter, post: str, kind: MatterNotice, report: Report) -> None:
    """The same of what was said with the report alone, of which the matter's version tells nothing: each word by itself."""
    news = f"{report.number}.{report.version}"
    urgent = _presses(matter) and matter.status in Matter.OPEN
    payload: dict[str, object] = {"matter": str(matter.pk), "post": post, "kind": kind, "urgent": urgent, "news": news}
    plan_all_jobs([(MatterJob.NOTIFY_POST, f"{kind}:{matter.pk}:{post}:{news}", clock.now(), payload)])


def notify_posts(matter: Matter, posts: Iterable[str], kind: MatterNotice, *, after: timedelta = _AT_ONCE) -> None:
    """Tell posts what became of a matter that asks nothing of them now."""
    plan_all_jobs([_to_post(matter, post, kind, urgent=False, after=after) for post in sorted(posts)])


def _to_post(matter: Matter, post: str, kind: MatterNotice, *, urgent: bool, after: timedelta = _AT_ONCE) -> Job:
    payload: dict[str, object] = {"matter": str(matter.pk), "post": post, "kind": kind, "urgent": urgent}
    when = clock.now() if urgent else clock.now() + after
    return MatterJob.NOTIFY_POST, f"{kind}:{matter.pk}:{post}:{matter.version}", when, payload


def support_jobs(matter: Matter, supports: Mapping[str, str], *, after: timedelta = _AT_ONCE) -> list[Job]:
    """One notice to each post that supports: asked for help, or told without being asked for anything."""
    return [
        _to_post(matter, post, MatterNotice.SUPPORT_ASKED, urgent=_presses(matter), after=after)
        if waited_for(bond)
        else _to_post(matter, post, MatterNotice.INFORMED, urgent=False, after=after)
        for post, bond in supports.items()
    ]


def notify_supports(matter: Matter, supports: Mapping[str, str], *, after: timedelta = _AT_ONCE) -> None:
    plan_all_jobs(support_jobs(matter, supports, after=after))


def notice_job(matter: Matter, kind: MatterNotice, *, urgent: bool | None = None, after: timedelta = _AT_ONCE) -> Job:
    urgent = _presses(matter) if urgent is None else urgent
    payload = {"matter": str(matter.pk), "post": matter.holder_id, "kind": kind, "urgent": urgent}
    when = clock.now() if urgent else clock.now() + after
    return MatterJob.NOTIFY_HOLDER, f"{kind}:{matter.pk}:{matter.version}", when, payload


def _presses(matter: Matter) -> bool:
    """Only what endangers somebody, or will soon, calls a person from their work; the rest is read once a day."""
    return matter.lane != Matter.Lane.NORMAL
