"""The store beneath: a sound database, sums that agree, guards that stand, and work that does not lie about."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from django.db import connection
from django.db.models import Model

from doudi.web import clock
from doudi.web.areas.models import Area
from doudi.web.jobs.models import Job
from doudi.web.journal.guards import missing_guards
from doudi.web.matters.models import Demand, Matter
from doudi.web.people.models import Post
from doudi.web.registry.declared import Guard
from doudi.web.registry.gathered import of
from doudi.web.registry.proof import Fault, Walk, fault
from doudi.web.reports.models import Report
from doudi.web.rulebook.models import Version

#: work that is due this long and not done says that no timers run
LEFT_LYING = timedelta(hours=1)


def database(walk: Walk) -> Iterator[Fault]:
    """SQLite says of itself that it is whole, and that no row points at nothing (PostgreSQL sees to that itself)."""
    if connection.vendor != "sqlite":
        return
    with connection.cursor() as cursor:
        for (line,) in cursor.execute("PRAGMA integrity_check(20)").fetchall():
            if line != "ok":
                yield fault("database.damaged", "database", "数据库文件损坏：{line}。请停用并从备份恢复。", line=line)
        for table, row, parent, _ in cursor.execute("PRAGMA foreign_key_check").fetchall():
            yield fault("database.dangling", f"{table}/{row}", "指向的 {parent} 记录不存在。", parent=parent)


def guards(walk: Walk) -> Iterator[Fault]:
    """What is only added to is guarded."""
    for name in missing_guards(connection, of(Guard).values()):
        yield fault("database.unguarded", name, "防改动的触发器不在：运行 doudi migrate 会重新设置。")


def sums(walk: Walk) -> Iterator[Fault]:
    """Matters by area, by holder, by rulebook and by status each add up to all of them; reports by answerer too."""
    for table, column, parent in (
        (Matter, "area_id", Area),
        (Matter, "holder_id", Post),
        (Matter, "rulebook_id", Version),
        (Report, "answerer_id", Post),
        (Demand, "matter_id", Matter),
        (Demand, "report_id", Report),
    ):
        total, joined = _counted(table, column, parent)
        if total != joined:
            yield fault(
                "sums.differ",
                f"{table._meta.db_table}.{column}",
                "共 {total} 条，按{what}合计却是 {joined} 条。",
                total=total,
                joined=joined,
                what=parent._meta.object_name,
            )
    known = Matter.objects.filter(status__in=list(Matter.Status)).count()
    if known != (total := Matter.objects.count()):
        yield fault(
            "sums.differ", "matters.status", "共 {total} 件，按状态合计却是 {joined} 件。", total=total, joined=known
        )


def _counted(table: type[Model], column: str, parent: type[Model]) -> tuple[int, int]:
    """How many rows there are, and how many when each is looked up under what it points at."""
    key = parent._meta.pk.column
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT COUNT(*) FROM {table._meta.db_table}")
        (total,) = cursor.fetchone()
        cursor.execute(
            f"SELECT (SELECT COUNT(*) FROM {table._meta.db_table} WHERE {column} IS NULL) + (SELECT COUNT(*) FROM "
            f"{table._meta.db_table} AS one JOIN {parent._meta.db_table} AS up ON up.{key} = one.{column})"
        )
        (joined,) = cursor.fetchone()
    return total, joined


def jobs(walk: Walk) -> Iterator[Fault]:
    """Work is done, or somebody sees that it is not."""
    for job in Job.objects.filter(state=Job.State.DEAD).iterator():
        yield fault("job.dead", f"job/{job.key}", "多次失败已搁置：{error}", error=job.last_error[:120])
    late = Job.objects.filter(state__in=(Job.State.WAITING, Job.State.LEASED), due_at__lt=clock.now() - LEFT_LYING)
    if count := late.count():
        yield fault(
            "job.left_lying",
            "jobs",
            "{count} 项任务到期一小时以上还没有做：请确认 doudi serve 或 doudi timers 在运行。",
            count=count,
        )
