"""The only writer of jobs: planned with the fact that caused them, taken by lease, finished once.

A lease is taken by compare-and-swap and raises the job's ``token``. A worker that slept past the lease holds an old
token and is refused (JobLeaseError), so that the work of a zombie is rolled back with its transaction.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from functools import reduce
from operator import or_

from django.db import transaction
from django.db.models import F, Q

from doudi.engine.errors import DoudiError
from doudi.web import clock
from doudi.web.jobs.models import Heartbeat, Job
from doudi.web.sql.insert import bulk_insert

MOST_ATTEMPTS = 6
LEASE = timedelta(seconds=60)


class JobLeaseError(DoudiError):
    """The lease ran out and somebody else may have the job: roll back what was done under it."""


def plan(kind: str, key: str, due_at: datetime, payload: Mapping[str, object]) -> None:
    """Plan one piece of work in the caller's transaction. A key that was planned before changes nothing."""
    plan_all([(kind, key, due_at, payload)])


def plan_all(rows: Collection[tuple[str, str, datetime, Mapping[str, object]]]) -> None:
    """The same for many: rows of (kind, key, due_at, payload)."""
    now = clock.now()
    bulk_insert(
        [
            Job(kind=kind, key=key, due_at=due_at, payload=dict(payload), made_at=now)
            for kind, key, due_at, payload in rows
        ],
        ignore_conflicts=True,
    )


def lease(kinds: Collection[str], *, most: int = 20, length: timedelta = LEASE, tried: bool | None = None) -> list[Job]:
    """Take up to ``most`` due jobs, oldest first: those waiting and those whose lease ran out.

    ``tried``: only those that somebody has begun before, or (False) nobody.
    """
    now = clock.now()
    if tried is not False:
        _fail_crashed(now)
    free = Q(state=Job.State.WAITING) | Q(state=Job.State.LEASED, leased_until__lte=now)
    due = Job.objects.filter(free, kind__in=kinds, due_at__lte=now)
    if tried is not None:
        due = due.filter(attempts__gt=0) if tried else due.filter(attempts=0)
    return _taken(list(due.order_by("due_at", "id")[:most]), free, now + length)


def _taken(seen: list[Job], free: Q, until: datetime) -> list[Job]:
    """Take those that were seen, all in one statement; where somebody else was faster with one of them, one by one."""
    if not seen:
        return []
    with transaction.atomic():
        taken = Job.objects.filter(free, _as_seen(seen)).update(
            state=Job.State.LEASED, leased_until=until, token=F("token") + 1, attempts=F("attempts") + 1
        )
        if taken != len(seen):
            transaction.set_rollback(True)
    if taken != len(seen):
        return [job for one in seen for job in _taken([one], free, until)] if len(seen) > 1 else []
    for job in seen:
        job.state, job.leased_until = Job.State.LEASED, until
        job.token, job.attempts = job.token + 1, job.attempts + 1
    return seen


def _as_seen(jobs: Sequence[Job]) -> Q:
    """These jobs, as long as nobody has taken them since they were read."""
    return reduce(or_, [Q(pk=job.pk, token=job.token) for job in jobs])


def finish(*jobs: Job) -> None:
    """The work is done. Call it inside the transaction of its effects. Raises JobLeaseError when one lease is an old one."""
    _settle(jobs, state=Job.State.DONE, done_at=clock.now(), leased_until=None)


def fail(job: Job, error: str) -> bool:
    """The work failed: try again later (15 s, 30 s, 1 min, …), or lay it aside as dead for somebody to see.

    True when it is dead. Raises JobLeaseError for an old lease.
    """
    dead = job.attempts >= MOST_ATTEMPTS
    _settle(
        [job],
        state=Job.State.DEAD if dead else Job.State.WAITING,
        leased_until=None,
        last_error=error[:2000],
        due_at=clock.now() + timedelta(seconds=15 * 2 ** (job.attempts - 1)),
    )
    return dead


def retry(job: Job) -> bool:
    """Somebody has seen to what killed the job: let it be tried again. False when it is not dead."""
    return bool(
        Job.objects.filter(pk=job.pk, state=Job.State.DEAD).update(
            state=Job.State.WAITING, attempts=0, due_at=clock.now()
        )
    )


def drop(job: Job) -> bool:
    """Somebody has decided that a dead job shall not be done any more. False when it is not dead."""
    return bool(
        Job.objects.filter(pk=job.pk, state=Job.State.DEAD).update(state=Job.State.DROPPED, done_at=clock.now())
    )


def recall(keys: Collection[str]) -> bool:
    """What was planned under these keys is not done after all; False, and nothing is changed, where one has been begun."""
    planned = Job.objects.filter(key__in=keys)
    with transaction.atomic():
        taken_back = planned.filter(state=Job.State.WAITING, attempts=0).update(
            state=Job.State.DROPPED, done_at=clock.now()
        )
        if taken_back == planned.count():
            return True
        transaction.set_rollback(True)
    return False


def heartbeat(name: str) -> None:
    """Show that the loop ``name`` is alive."""
    now = clock.now()
    if not Heartbeat.objects.filter(name=name).update(at=now):
        Heartbeat.objects.bulk_create([Heartbeat(name=name, at=now)], ignore_conflicts=True)


def acquire_interval(name: str, every: timedelta) -> bool:
    """Whether it is time for what is done once in ``every``, and nobody else has just begun it."""
    now = clock.now()
    if Heartbeat.objects.filter(name=name, at__lte=now - every).update(at=now):
        return True
    return bool(Heartbeat.objects.get_or_create(name=name, defaults={"at": now})[1])


def forget_done(done_before: datetime) -> int:
    """Forget work that was done, or given up, before the moment. Returns how much."""
    return Job.objects.filter(state__in=(Job.State.DONE, Job.State.DROPPED), done_at__lt=done_before).delete()[0]


def _fail_crashed(now: datetime) -> None:
    """A job that ended its worker every time never comes to ``fail``: after as many leases it is dead all the same."""
    Job.objects.filter(state=Job.State.LEASED, leased_until__lte=now, attempts__gte=MOST_ATTEMPTS).update(
        state=Job.State.DEAD, leased_until=None, last_error="执行进程在任务中途反复退出"
    )


def _settle(jobs: Sequence[Job], **columns: object) -> None:
    settled = Job.objects.filter(_as_seen(jobs), state=Job.State.LEASED).update(**columns)
    if settled != len(jobs):
        raise JobLeaseError("任务“{kind}”的执行权已经过期，由别的进程接手。", kind=jobs[0].kind)


def skip(due_before: datetime) -> int:
    """Count what waits since before the moment as done, for a history that was entered afterwards. Returns how many.

    Nobody needs the notices of things that are long over; they would only bury those of today.
    """
    waiting = Job.objects.filter(state=Job.State.WAITING, due_at__lt=due_before)
    return waiting.update(state=Job.State.DONE, done_at=clock.now())
