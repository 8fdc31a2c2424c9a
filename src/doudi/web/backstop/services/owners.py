"""Nobody knows whose it is: guard, ask around, fifteen days of public notice, and only then by law.

The steps are task modules of the rulebook; none can be left out, and the notice runs its days whatever anybody says.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext_noop

from doudi.engine.workdays import Term
from doudi.web import clock
from doudi.web.backstop.errors import OwnerError
from doudi.web.files.models import Upload
from doudi.web.matters import services as matters
from doudi.web.matters.models import Matter, Task
from doudi.web.people.actor import Actor
from doudi.web.rulebook.queries import rulebook_of

SEARCH, NOTICE, BY_LAW = "identify_owner", "public_notice", "dispose_by_law"
NOTICE_DAYS = 15
#: how each step may end; what ends in the first word goes on to the next step
OUTCOMES: dict[str, tuple[str, ...]] = {
    SEARCH: (gettext_noop("无人认领转公告"), gettext_noop("已认领")),
    NOTICE: (gettext_noop("期满无人认领"), gettext_noop("期内认领")),
    BY_LAW: (gettext_noop("已依法处置"), gettext_noop("移交有权机关")),
}
_NEXT = {SEARCH: NOTICE, NOTICE: BY_LAW}
_TERMS = {
    SEARCH: Term.read(5, "working_day"),
    NOTICE: Term.read(NOTICE_DAYS, "calendar_day"),
    BY_LAW: Term.read(15, "working_day"),
}


@matters.step
def search_owner(actor: Actor, matter: Matter, text: str = "") -> Task:
    """Begin the procedure: the place is guarded, and its owner is looked for."""
    if Task.objects.filter(matter=matter, module__in=OUTCOMES).exists():
        raise OwnerError("这件事已经在找权属，请看下面进行到哪一步。")
    return matters.open_task(actor, matter, SEARCH, due_at=_due(matter, SEARCH), text=text)


@matters.step
def settle_task(
    actor: Actor, matter: Matter, task: Task, outcome: str, text: str, uploads: Sequence[Upload] = ()
) -> Task | None:
    """One step has come out; returns the step that follows. The notice cannot have run out before its days have passed."""
    if outcome not in OUTCOMES.get(task.module, ()):
        raise OwnerError("没有这种结果，请从列表里选。")
    now = clock.now()
    if task.module == NOTICE and outcome == OUTCOMES[NOTICE][0] and now < notice_ends_at(task):
        raise OwnerError(
            "公告要满 {days} 天，到{until}为止；期内有人认领的请填“期内认领”。",
            days=NOTICE_DAYS,
            until=notice_ends_at(task),
        )
    matters.finish_task(actor, matter, task, outcome, text, uploads)
    following = _NEXT.get(task.module)
    if following is None or outcome != OUTCOMES[task.module][0]:
        return None
    return matters.open_task(actor, matter, following, due_at=_due(matter, following))


def notice_ends_at(task: Task) -> datetime:
    """The end of the last day of public notice."""
    assert task.due_at is not None
    return task.due_at


def _due(matter: Matter, module: str) -> datetime:
    return rulebook_of(matter.rulebook_id).calendar.due(clock.now(), _TERMS[module]).at
