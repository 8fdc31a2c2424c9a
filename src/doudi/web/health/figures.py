"""The few facts that say how the town's platform is doing now; pages, readiness and metrics all read them here."""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.db.models import Count, Min, QuerySet

from doudi.web import clock
from doudi.web.jobs.models import Heartbeat, Job
from doudi.web.journal.models import Head, Leaf
from doudi.web.matters.models import Matter
from doudi.web.notices.models import Notice
from doudi.web.registry.declared import HealthCheck
from doudi.web.registry.gathered import of
from doudi.web.reports.models import Report

#: a timer shows itself every quarter of a minute
SILENT_AFTER = timedelta(minutes=2)
LEAST_FREE = 100 << 20
_DAY = timedelta(days=1)


def timers_seen_at() -> datetime | None:
    row = Heartbeat.objects.filter(name="timers").first()
    return row.at if row else None


def timers_silent() -> bool:
    seen = timers_seen_at()
    return seen is None or clock.now() - seen > SILENT_AFTER


def free_bytes() -> int:
    return shutil.disk_usage(settings.DATA_DIR).free


def chain() -> tuple[int, datetime | None]:
    """How long the chain of the journal is, and when its last link was made."""
    head = Head.objects.filter(id=1).first()
    if head is None or not head.size:
        return 0, None
    leaf = Leaf.objects.filter(seq=head.size).first()
    return head.size, datetime.fromisoformat(json.loads(leaf.body)["at"]) if leaf else None


def open_matters() -> list[tuple[str, str, int]]:
    """(layer, lane, how many) of what is open."""
    rows = _open().values_list("layer", "lane").annotate(n=Count("pk")).order_by("layer", "lane")
    return list(rows)


def oldest_untaken() -> datetime | None:
    """Since when the oldest matter waits for somebody to take it."""
    oldest: datetime | None = Matter.objects.filter(status=Matter.Status.ACCEPTED).aggregate(at=Min("accepted_at"))[
        "at"
    ]
    return oldest


def overdue() -> int:
    return _open().filter(due_at__lte=clock.now()).count()


def reports_of_a_day() -> list[tuple[str, int]]:
    """(channel, how many) of the last 24 hours."""
    fresh = Report.objects.filter(received_at__gt=clock.now() - _DAY)
    return list(fresh.values_list("channel").annotate(n=Count("pk")).order_by("channel"))


@dataclass(frozen=True, slots=True)
class JobFigures:
    """How many jobs by state (those done in the last day only), and since when the oldest is due."""

    counts: dict[str, int]
    oldest_due: datetime | None


def jobs() -> JobFigures:
    now = clock.now()
    ended = Job.State.DONE, Job.State.DROPPED
    counts = dict(Job.objects.exclude(state__in=ended).values_list("state").annotate(n=Count("pk")).order_by())
    done = dict(
        Job.objects.filter(state__in=ended, done_at__gt=now - _DAY)
        .values_list("state")
        .annotate(n=Count("pk"))
        .order_by()
    )
    due = Job.objects.filter(state__in=(Job.State.WAITING, Job.State.LEASED), due_at__lte=now)
    return JobFigures(dict.fromkeys(Job.State.values, 0) | counts | done, due.aggregate(at=Min("due_at"))["at"])


def unacknowledged() -> int:
    return _unanswered().count()


def silent_posts() -> list[tuple[str, str, int, datetime]]:
    """(post, its office, how many urgent notices it has not acknowledged, since when), the longest silent first."""
    rows = _unanswered().values_list("post__name", "post__office__name").annotate(n=Count("pk"), since=Min("sent_at"))
    return list(rows.order_by("since")[:20])


def _unanswered() -> QuerySet[Notice]:
    return Notice.objects.filter(urgent=True, read_at=None, lapsed_at=None)


_tables_are_there = False


def trouble() -> dict[str, str]:
    """What keeps this process from serving well, by part: database, migrations, and what the slices declare. Empty: ready."""
    global _tables_are_there
    found: dict[str, str] = {}
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        if not _tables_are_there:
            # Asked until it is so once: the program does not change while it runs.
            executor = MigrationExecutor(connection)
            _tables_are_there = not executor.migration_plan(executor.loader.graph.leaf_nodes())
        if not _tables_are_there:
            found["migrations"] = "waiting"
    except DatabaseError:
        found["database"] = "away"
    for check in of(HealthCheck).values():
        if check.needs_database and found:
            continue
        try:
            word = check.look()
        except DatabaseError:
            found["database"] = "away"
        except OSError:
            found[check.part] = "away"
        else:
            if word:
                found[check.part] = word
    return found


def _open() -> QuerySet[Matter]:
    return Matter.objects.filter(status__in=Matter.OPEN)
