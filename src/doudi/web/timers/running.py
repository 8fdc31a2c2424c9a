"""The loop that acts on facts. Two of them may run at once, here or on two machines: nobody is served twice.

``run_due`` is one pass; ``run_until`` repeats it until it is asked to stop and always ends the job in hand first.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from threading import Event, Thread

from django.db import DatabaseError, close_old_connections, connections

from doudi.web.jobs import services as jobs
from doudi.web.jobs.models import Job
from doudi.web.journal.services import unit_of_work
from doudi.web.registry.declared import JobKind, Pace, Sweep
from doudi.web.registry.gathered import of

logger = logging.getLogger("doudi.timers")

SECONDS_BETWEEN = 1.0
#: due moments are promised to the minute; looking every pass would only warm the processor
PASSES_PER_SWEEP = 15
#: what stands for days is found early enough every five minutes
PASSES_PER_SLOW_SWEEP = 300
#: so that a flood of jobs never keeps the sweeps from looking
MOST_PER_PASS = 200
#: short ones that share a transaction: a lease is far longer than so many take
MOST_TOGETHER = 20


def run_due(*, sweep: bool = True, slow: bool = True, stop: Event | None = None) -> int:
    """One pass: the jobs that are due, then one look over what became due (``sweep``) and over what stands too long
    (``slow``). Returns how many things were done.
    """
    together = [one.kind for one in of(JobKind).values() if one.pace is Pace.TOGETHER]
    others = [one.kind for one in of(JobKind).values() if one.pace is not Pace.TOGETHER]
    done = _run_fresh(together, stop)
    for _ in range(MOST_PER_PASS):
        if stop is not None and stop.is_set():
            return done
        # What failed or fell before is done alone: a job that ends its worker must take no others along.
        leased = jobs.lease(others, most=1) or jobs.lease(together, most=1, tried=True)
        if not leased:
            break
        done += _run(leased[0])
        if of(JobKind)[leased[0].kind].pace is Pace.LONG:
            # Whoever has to be told of a danger does not wait until a long table is brought in or written.
            done += _run_fresh(together, stop)
    if stop is not None and stop.is_set():
        return done
    if sweep:
        jobs.heartbeat("timers")
    broken: list[Exception] = []
    for one in of(Sweep).values():
        if sweep and (slow or not one.slow):
            try:
                done += one.look()
            except DatabaseError:
                raise
            except Exception as error:
                # The looks behind a broken one look all the same; who runs the passes hears of it once they have.
                logger.warning("the look %s failed: %s", one.name, type(error).__name__)
                broken.append(error)
    if broken:
        raise broken[0]
    return done


def _run_fresh(kinds: Sequence[str], stop: Event | None) -> int:
    """The short jobs that nobody has begun yet, many in one transaction."""
    done = 0
    while done < MOST_PER_PASS and (leased := jobs.lease(kinds, most=MOST_TOGETHER, tried=False)):
        done += _run_together(leased)
        if stop is not None and stop.is_set():
            break
    return done


def run_until(stop: Event, *, every: float = SECONDS_BETWEEN) -> None:
    """Pass after pass until ``stop`` is set. A database that is away for a while is waited for, ever more patiently."""
    passes, patience = 0, every
    while not stop.is_set():
        try:
            done = run_due(sweep=passes % PASSES_PER_SWEEP == 0, slow=passes % PASSES_PER_SLOW_SWEEP == 0, stop=stop)
            passes, patience = passes + 1, every if done < MOST_PER_PASS else 0.0
        except DatabaseError as error:
            logger.warning("the database did not answer, trying again in %.0f s: %s", patience, type(error).__name__)
            patience = min(max(patience, every) * 2, 60.0)
        except Exception:
            # One broken look must not silence all the others for ever.
            logger.exception("a pass of the timers failed")
            passes, patience = passes + 1, min(max(patience, every) * 2, 60.0)
        finally:
            close_old_connections()
        stop.wait(patience)
    connections.close_all()


class Timers:
    """The loop in a thread of its own, as `doudi serve` runs it beside the pages."""

    def __init__(self) -> None:
        self._stop = Event()
        self._thread = Thread(target=run_until, args=(self._stop,), name="doudi-timers", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self, patience: float = 30.0) -> bool:
        """Ask the loop to end and wait for the job in hand; False when it did not end in ``patience`` seconds."""
        self._stop.set()
        self._thread.join(patience)
        return not self._thread.is_alive()


def _run_together(leased: list[Job]) -> int:
    """Do the jobs in one transaction. If one of them fails, nothing of it was done, and each is done by itself."""
    try:
        with unit_of_work():
            for job in leased:
                of(JobKind)[job.kind].run(job.payload)
            jobs.finish(*leased)
    except Exception as error:
        if len(leased) > 1:
            logger.info("%d jobs are done one by one: %s", len(leased), type(error).__name__)
        return sum(map(_run, leased))
    return len(leased)


def _run(job: Job) -> int:
    """Do the job and finish it in the same transaction, so that the work of an old lease is rolled back with it."""
    try:
        if of(JobKind)[job.kind].pace is Pace.LONG:
            of(JobKind)[job.kind].run(job.payload)
            jobs.finish(job)
        else:
            with unit_of_work():
                of(JobKind)[job.kind].run(job.payload)
                jobs.finish(job)
    except jobs.JobLeaseError:
        logger.warning("job %s %s was taken over by another worker", job.kind, job.pk)
        return 0
    except Exception as error:
        # The words of an error may hold what somebody wrote: the job's row keeps them, the log only their class.
        logger.warning("job %s %s failed at attempt %d: %s", job.kind, job.pk, job.attempts, type(error).__name__)
        _fail(job, error)
        return 0
    return 1


def _fail(job: Job, error: Exception) -> None:
    try:
        # A database says which row it refused, in full, from the second line on: what somebody said is not kept here.
        jobs.fail(job, f"{type(error).__name__}: {str(error).partition(chr(10))[0]}")
    except jobs.JobLeaseError:
        logger.warning("job %s %s was taken over by another worker", job.kind, job.pk)
