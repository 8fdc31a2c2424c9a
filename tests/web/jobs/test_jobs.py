"""Work is done once, by whoever holds its lease, and what fails for good is laid where somebody sees it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from doudi.web import clock
from doudi.web.jobs import services as jobs
from doudi.web.jobs.models import Job
from tests.web.town import TUESDAY

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tuesday")]
MINUTE = timedelta(minutes=1)


def planned(key: str = "one", *, due: timedelta = timedelta()) -> None:
    jobs.plan("greet", key, TUESDAY + due, {"to": "town"})


def test_the_same_work_planned_twice_is_done_once() -> None:
    planned()
    planned()
    assert len(jobs.lease(["greet"])) == 1


def test_work_is_not_taken_before_it_is_due_nor_by_whoever_cannot_do_it() -> None:
    planned(due=MINUTE)
    assert jobs.lease(["greet"]) == []
    with clock.at(TUESDAY + MINUTE):
        assert jobs.lease(["other"]) == []
        assert [job.key for job in jobs.lease(["greet"])] == ["one"]


def test_a_lease_keeps_others_away_until_it_runs_out() -> None:
    planned()
    (held,) = jobs.lease(["greet"])
    assert jobs.lease(["greet"]) == []
    with clock.at(TUESDAY + MINUTE):
        (taken_over,) = jobs.lease(["greet"])
    assert (held.token, taken_over.token) == (1, 2)


def test_who_slept_past_the_lease_can_neither_finish_nor_fail() -> None:
    planned()
    (zombie,) = jobs.lease(["greet"])
    with clock.at(TUESDAY + MINUTE):
        (awake,) = jobs.lease(["greet"])
    for late in (jobs.finish, lambda job: jobs.fail(job, "late")):
        with pytest.raises(jobs.JobLeaseError):
            late(zombie)
    jobs.finish(awake)
    assert Job.objects.get().state == "done"


def test_what_fails_is_tried_again_ever_later_and_at_last_laid_aside() -> None:
    planned()
    moment, waits = TUESDAY, []
    for attempt in range(1, jobs.MOST_ATTEMPTS + 1):
        with clock.at(moment):
            (job,) = jobs.lease(["greet"])
            assert jobs.fail(job, "the wall is wet") is (attempt == jobs.MOST_ATTEMPTS)
        due = Job.objects.get().due_at
        waits.append((due - moment).total_seconds())
        moment = due
    assert waits == [15, 30, 60, 120, 240, 480]
    dead = Job.objects.get()
    assert (dead.state, dead.last_error) == ("dead", "the wall is wet")
    with clock.at(moment + MINUTE):
        assert jobs.lease(["greet"]) == []


def test_work_that_ends_its_worker_each_time_is_laid_aside_too() -> None:
    planned()
    for attempt in range(jobs.MOST_ATTEMPTS):
        with clock.at(TUESDAY + attempt * MINUTE):
            assert jobs.lease(["greet"])
    with clock.at(TUESDAY + jobs.MOST_ATTEMPTS * MINUTE):
        assert jobs.lease(["greet"]) == []
    assert Job.objects.get().state == "dead"


def test_dead_work_can_be_brought_back_once_its_cause_is_mended() -> None:
    planned()
    (job,) = jobs.lease(["greet"])
    assert not jobs.retry(job)
    Job.objects.update(state="dead", attempts=6)
    assert jobs.retry(job)
    assert len(jobs.lease(["greet"])) == 1
