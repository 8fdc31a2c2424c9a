"""Look over what is due: every running clock near or past its moment is told once to the post that must act.

A sweep has no lower bound in time, so that nothing is passed over when the timers stood still for a day; the notice's
own key keeps it from being said twice, whichever of two timers comes first.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

from django.db.models import QuerySet

from doudi.engine.words import Words, words
from doudi.web import clock
from doudi.web.disputes.services import sweep as pass_disputes_on
from doudi.web.matters.models import Matter, MatterClock
from doudi.web.notices.services import send
from doudi.web.reports.models import Report, ReportClock
from doudi.web.rulebook.services import take_effect
from doudi.web.terms.models import Clock
from doudi.web.timers.acknowledging import unacknowledged
from doudi.web.timers.handlers import matter_words, path_to
from doudi.web.timers.rules import rule_faults
from doudi.web.timers.standing import standing_notices
from doudi.web.timers.taking import late_takers, orphaned_tasks
from doudi.web.timers.telling import MOST_AT_ONCE, Row, unsaid
from doudi.web.timers.tidying import tidy
from doudi.web.timers.unsent import unsent_answers
from doudi.web.timers.vacancies import empty_posts

#: how long before its moment a clock is called due soon, by how long it has to run in all
SOON_SHARE, SOON_MOST = 0.25, timedelta(hours=4)


def due_notices() -> int:
    """Tell the posts what became due or will be soon; returns how many notices were sent."""
    now = clock.now()
    return sum(send(rows) for rows in (_of_matters(now), _of_reports(now)))


#: looked at every time, since due moments are promised to the minute
SWEEPS: tuple[Callable[[], int], ...] = (
    take_effect, due_notices, late_takers, unacknowledged, rule_faults, pass_disputes_on,
)  # fmt: skip
#: looked at now and then: what stands for hours or days, and what costs more to find
SLOW_SWEEPS: tuple[Callable[[], int], ...] = (standing_notices, empty_posts, orphaned_tasks, unsent_answers, tidy)


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
        # What a support owes is told to the support; its clock bears the post.
        owes = one.stage if one.which == Clock.Which.SUPPORT else matter.holder_id
        yield owes, said, f"{said}:{one.pk.hex}", told, path_to(matter), said == "overdue"


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
    late = unsaid(running.filter(due_at__lte=now), "overdue")
    for one in late.order_by("due_at")[:MOST_AT_ONCE]:
        yield "overdue", one
    near = unsaid(running.filter(due_at__gt=now, due_at__lte=now + SOON_MOST), "due_soon")
    for one in near.order_by("due_at")[:MOST_AT_ONCE]:
        if one.due_at is not None and one.due_at - now <= min(SOON_MOST, (one.due_at - one.started_at) * SOON_SHARE):
            yield "due_soon", one
