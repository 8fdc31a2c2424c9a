"""What waits on a matter is closed with its work."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Exists, Model, OuterRef, QuerySet

from doudi.web.journal.services import plain
from doudi.web.matters.models import (
    Application,
    Demand,
    Matter,
    Task,
    Urge,
)
from doudi.web.matters.services import assigning
from doudi.web.reports import services as reports
from doudi.web.reports.models import Report


def close_open_requests(matter: Matter, now: datetime) -> dict[str, object]:
    """What still waited for an answer, or for another post, is settled with the work; the event's payload names it."""
    asked = Application.objects.filter(
        matter=matter, asked_of=Application.AskedOf.DESK, state__in=Application.UNDECIDED
    )
    urged = Urge.objects.filter(matter=matter, state=Urge.State.OPEN)
    tasks = Task.objects.filter(matter=matter, state=Task.State.OPEN)
    settles: tuple[tuple[str, QuerySet[Model], dict[str, object]], ...] = (
        ("lapsed", asked, {"state": Application.State.WITHDRAWN, "answered_at": now}),
        ("urges_lapsed", urged, {"state": Urge.State.LAPSED, "answered_at": now}),
        ("tasks_excused", tasks, {"state": Task.State.EXCUSED, "done_at": now}),
    )
    found: dict[str, object] = {}
    for name, waiting, becomes in settles:
        if ids := [str(pk) for pk in waiting.values_list("pk", flat=True)]:
            waiting.update(**becomes)
            found[name] = ids
    return {**({**found, "at": plain(now)} if found else {}), **assigning.end_next(matter, now)}


def close_patrol_reports(matter: Matter) -> None:
    """Once the work has ended, the patrol's own reports are closed with it: nobody left a number, nobody waits."""
    if matter.status in Matter.OPEN:
        return
    told = Report.objects.filter(
        Exists(Demand.objects.filter(report=OuterRef("pk"), matter=matter)),
        channel=Report.Channel.GRID,
        status=Report.Status.RECEIVED,
        contact__isnull=True,
    )
    still_open = Demand.objects.filter(report=OuterRef("pk"), matter__status__in=Matter.OPEN)
    waiting = told.exclude(Exists(still_open)).order_by("pk").select_for_update(of=("self",))
    for report in waiting:
        reports.settle(report)
