"""Look over what is due: every running clock near or past its moment is told once to the post that must act.

A sweep has no lower bound in time, so that nothing is passed over when the timers stood still for a day; the notice's
own key keeps it from being said twice, whichever of two timers comes first.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import TypeVar

from django.db.models import Q, QuerySet

from doudi.engine.matters.vocabulary import MatterNotice
from doudi.engine.messages import Message, msg
from doudi.web import clock
from doudi.web.duties.queries import book_under
from doudi.web.matters.models import Matter, MatterClock
from doudi.web.matters.notify_posts import matter_text
from doudi.web.notices.services import send
from doudi.web.reports.models import Report, ReportClock
from doudi.web.rulebook.queries import rulebook_on
from doudi.web.terms.models import Clock
from doudi.web.timers.unsent_notices import MOST_AT_ONCE, Row, unsaid

#: how long before its moment a clock is called due soon, by how long it has to run in all
SOON_SHARE, SOON_MOST = 0.25, timedelta(hours=4)


def due_notices() -> int:
    """Tell the posts what became due or will be soon; returns how many notices were sent."""
    now = clock.now()
    return sum(send(rows) for rows in (_of_matters(now), _of_reports(now)))


ClockRow = TypeVar("ClockRow", bound=Clock)


def _of_matters(now: datetime) -> Iterator[Row]:
    # What is being checked was handled at a moment that stands: its limits press again only when the check fails.
    handled = Q(which=MatterClock.Which.HANDLE, matter__status=Matter.Status.HANDLED)
    running = MatterClock.objects.filter(matter__status__in=Matter.OPEN).exclude(handled).select_related("matter")
    for said, one in _calls(running, now):
        matter = one.matter
        template = (
            "事项 {number} 的“{which}”已超时：{summary}"
            if said == MatterNotice.OVERDUE
            else "事项 {number} 的“{which}”快到时限：{summary}"
        )
        about = matter_text(template, matter)
        told = Message(template, {**about.facts, "which": msg(str(one.get_which_display()))})
        # What a support owes is told to the support, a check to whoever was named for it; their clocks bear the post.
        named = one.stage if one.which in (Clock.Which.SUPPORT, Clock.Which.VERIFY) else ""
        owes = named or matter.holder_id
        presses = said == MatterNotice.OVERDUE and matter.lane != Matter.Lane.NORMAL
        yield owes, said, f"{said}:{one.pk.hex}", told, matter.get_absolute_url(), presses


def _of_reports(now: datetime) -> Iterator[Row]:
    running = ReportClock.objects.exclude(
        ~Q(which=ReportClock.Which.WARNING), report__status=Report.Status.CLOSED
    ).select_related("report")
    for said, one in _calls(running, now):
        report = one.report
        template = (
            "诉求单 {number} 的“{which}”已超时"
            if said == MatterNotice.OVERDUE
            else "诉求单 {number} 的“{which}”快到时限"
        )
        told = msg(template, number=report.number, which=msg(str(one.get_which_display())))
        # A call-back is no work of whoever answers: it is made by somebody else.
        owes = book_under(rulebook_on()).duty_desk if one.which == Clock.Which.CALL_BACK else report.answerer_id
        yield owes, said, f"{said}:{one.pk.hex}", told, report.get_absolute_url(), False


def _calls(running: QuerySet[ClockRow], now: datetime) -> Iterator[tuple[str, ClockRow]]:
    """The clocks to speak of, and which word to say of each: overdue or due_soon."""
    running = running.filter(ended_at__isnull=True)
    late = unsaid(running.filter(due_at__lte=now), MatterNotice.OVERDUE)
    for one in late.order_by("due_at")[:MOST_AT_ONCE]:
        yield MatterNotice.OVERDUE, one
    near = unsaid(running.filter(due_at__gt=now, due_at__lte=now + SOON_MOST), MatterNotice.DUE_SOON)
    for one in near.order_by("due_at")[:MOST_AT_ONCE]:
        if one.due_at is not None and one.due_at - now <= min(SOON_MOST, (one.due_at - one.started_at) * SOON_SHARE):
            yield MatterNotice.DUE_SOON, one
