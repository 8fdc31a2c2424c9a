"""Look over what is due: every running clock near or past its moment is told once to the post that must act.

A sweep has no lower bound in time, so that nothing is passed over when the timers stood still for a day; the notice's
own key keeps it from being said twice, whichever of two timers comes first.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

from django.db.models import Exists, F, OuterRef, QuerySet, TextField, Value
from django.db.models.functions import Cast, Concat, Replace

from doudi.engine.words import Words, words
from doudi.web import clock
from doudi.web.duties.queries import duty_desk
from doudi.web.duties.services import BackstopError
from doudi.web.jobs.models import Job
from doudi.web.matters.models import Matter, MatterClock
from doudi.web.notices.models import Notice
from doudi.web.notices.services import send
from doudi.web.reports.models import Report, ReportClock
from doudi.web.rulebook.services import take_effect
from doudi.web.terms.models import Clock
from doudi.web.timers.handlers import matter_words, path_to

Row = tuple[str, str, str, Words, str, bool]

#: how long before its moment a clock is called due soon, by how long it has to run in all
SOON_SHARE, SOON_MOST = 0.25, timedelta(hours=4)
MOST_AT_ONCE = 500


def due_notices() -> int:
    """Tell the posts what became due or will be soon; returns how many notices were sent."""
    now = clock.now()
    return sum(send(rows) for rows in (_of_matters(now), _of_reports(now)))


def dead_jobs() -> int:
    """Tell the duty desk of work that failed for good, so that somebody sees it."""
    jobs = _unsaid(Job.objects.filter(state=Job.State.DEAD), "dead_job")[:MOST_AT_ONCE]
    try:
        desk = duty_desk() if jobs else ""
    except BackstopError:
        return 0
    template = "后台任务“{kind}”多次失败，已搁置：{error}"
    return send(
        (
            desk,
            "dead_job",
            f"dead_job:{job.pk.hex}",
            words(template, kind=job.kind, error=job.last_error[:80]),
            "",
            True,
        )
        for job in jobs
    )


SWEEPS: tuple[Callable[[], int], ...] = (take_effect, due_notices, dead_jobs)


def _of_matters(now: datetime) -> Iterator[Row]:
    running = MatterClock.objects.filter(matter__status__in=Matter.OPEN).select_related("matter")
    for said, one in _calls(running, now):
        matter = one.matter
        template = (
            "事项 {number} 的“{which}”已超时：{summary}"
            if said == "overdue"
            else "事项 {number} 的“{which}”快到时限：{summary}"
        )
        named = matter_words(template, matter)
        told = Words(template, {**named.facts, "which": words(str(one.get_which_display()))})
        yield matter.holder_id, said, f"{said}:{one.pk.hex}", told, path_to(matter), said == "overdue"


def _of_reports(now: datetime) -> Iterator[Row]:
    running = ReportClock.objects.exclude(report__status=Report.Status.CLOSED).select_related("report")
    for said, one in _calls(running, now):
        report = one.report
        template = "诉求单 {number} 的“{which}”已超时" if said == "overdue" else "诉求单 {number} 的“{which}”快到时限"
        told = words(template, number=report.number, which=words(str(one.get_which_display())))
        yield report.answerer_id, said, f"{said}:{one.pk.hex}", told, f"/reports/{report.number}", said == "overdue"


def _calls(running: QuerySet[Clock], now: datetime) -> Iterator[tuple[str, Clock]]:
    """The clocks to speak of, and which word to say of each: overdue or due_soon."""
    running = running.filter(ended_at__isnull=True)
    late = _unsaid(running.filter(due_at__lte=now), "overdue")
    for one in late.order_by("due_at")[:MOST_AT_ONCE]:
        yield "overdue", one
    near = _unsaid(running.filter(due_at__gt=now, due_at__lte=now + SOON_MOST), "due_soon")
    for one in near.order_by("due_at")[:MOST_AT_ONCE]:
        if one.due_at is not None and one.due_at - now <= min(SOON_MOST, (one.due_at - one.started_at) * SOON_SHARE):
            yield "due_soon", one


def _unsaid(rows: QuerySet, said: str) -> QuerySet:  # type: ignore[type-arg]
    """Those rows of which no notice was sent yet. Ids are compared without dashes: SQLite stores them so."""
    bare_id = Replace(Cast(F("pk"), TextField()), Value("-"), Value(""), output_field=TextField())
    told = Notice.objects.filter(key=OuterRef("said_as"))
    return rows.annotate(said_as=Concat(Value(f"{said}:"), bare_id, output_field=TextField())).filter(~Exists(told))
