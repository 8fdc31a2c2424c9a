"""What belongs to the timers: the states of the jobs they do, the looks that need several slices, their own notices."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.urls import reverse

from doudi.engine.matters.vocabulary import MatterNotice
from doudi.engine.messages import msg
from doudi.engine.people.vocabulary import PeopleNotice
from doudi.web.jobs.models import Job
from doudi.web.registry.declared import Bound, Declared, JobKind, Life, NoticeKind, State, Sweep, Told
from doudi.web.registry.gathered import of
from doudi.web.registry.stale import days, hours, since
from doudi.web.timers.acknowledging import unacknowledged
from doudi.web.timers.due_moments import due_notices
from doudi.web.timers.stale_states import stale_notices
from doudi.web.timers.taking import ORDER_ASKED, late_takers, late_to_take_over, orphaned_tasks
from doudi.web.timers.tidying import tidy
from doudi.web.timers.unsent import unsent_answers
from doudi.web.timers.vacancies import empty_posts


def _name(row: Any) -> dict[str, object]:
    known = of(JobKind).get(row.kind)
    return {"kind": msg(known.name) if known else row.kind}


JOB = Life(
    Job,
    facts=_name,
    path=lambda row: reverse("system"),
    stamp="token",
    states=(
        State(
            "waiting",
            "wait",
            "clock",
            bounds=(Bound(hours(1), Told.DESK, "后台任务“{kind}”到期 1 小时还没有执行", since("due_at")),),
        ),
        State(
            "leased",
            "work",
            "refresh",
            bounds=(Bound(hours(1), Told.DESK, "后台任务“{kind}”执行了 1 小时还没有完", since("due_at")),),
        ),
        State(
            "dead",
            "alarm",
            "alert-triangle",
            bounds=(
                Bound(hours(0), Told.DESK, "后台任务“{kind}”多次失败，已搁置", since("made_at"), urgent=True),
                Bound(days(1), Told.SHIFT_LEADER, "后台任务“{kind}”搁置超过 1 天", since("due_at"), urgent=True),
            ),
        ),
        State("done", "done", "circle-check", final=True),
        State("dropped", "away", "x", final=True),
    ),
)

DECLARES: tuple[Declared, ...] = (
    JOB,
    Sweep("due_moments", due_notices),
    Sweep("late_to_take_over", late_to_take_over),
    Sweep("late_takers", late_takers),
    Sweep("unacknowledged", unacknowledged),
    Sweep("stale_states", stale_notices, slow=True),
    Sweep("empty_posts", empty_posts, slow=True),
    Sweep("orphaned_tasks", orphaned_tasks, slow=True),
    Sweep("unsent_answers", unsent_answers, slow=True),
    Sweep("tidy", tidy, slow=True),
    NoticeKind(MatterNotice.DUE_SOON, to_holder=True),
    NoticeKind(MatterNotice.OVERDUE, patience=timedelta(days=1), to_holder=True),
    NoticeKind(PeopleNotice.STANDING, patience=timedelta(days=1)),
    NoticeKind(PeopleNotice.POST_EMPTY),
    ORDER_ASKED,
)
