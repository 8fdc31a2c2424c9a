"""Short jobs share a transaction, and neither one that fails nor one that ends its worker harms the others."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

import pytest

from doudi.web import clock
from doudi.web.jobs import services as jobs
from doudi.web.jobs.models import Heartbeat, Job
from doudi.web.registry.declared import Declared, JobKind, Pace
from doudi.web.timers.running import MOST_TOGETHER, run_due
from tests.web.town import TUESDAY

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tuesday")]
KIND = "notify_post"


@pytest.fixture
def done(declare: Callable[[Declared], None]) -> list[str]:
    """What was begun, in order; the job "bad" writes something and fails."""
    begun: list[str] = []

    def does(payload: Mapping[str, Any]) -> None:
        begun.append(payload["key"])
        Heartbeat.objects.create(name=payload["key"], at=TUESDAY)
        if payload["key"] == "bad":
            raise ValueError("no ink")

    declare(JobKind(KIND, "问候", does, Pace.TOGETHER))
    return begun


def plan(*keys: str) -> None:
    for key in keys:
        jobs.plan(KIND, key, TUESDAY, {"key": key})


def states() -> dict[str, str]:
    return dict(Job.objects.values_list("key", "state"))


def test_many_are_done_at_once(done: list[str], django_assert_max_num_queries: Any) -> None:
    plan(*(f"job {number}" for number in range(MOST_TOGETHER)))
    with django_assert_max_num_queries(MOST_TOGETHER + 20):
        assert run_due(sweep=False) == MOST_TOGETHER
    assert set(states().values()) == {"done"}
    assert len(done) == MOST_TOGETHER


def test_one_that_fails_is_undone_and_the_others_are_done(done: list[str]) -> None:
    plan("one", "bad", "two")
    assert run_due(sweep=False) == 2
    assert states() == {"one": "done", "bad": "waiting", "two": "done"}
    assert set(Heartbeat.objects.values_list("name", flat=True)) == {"one", "two"}
    assert "no ink" in Job.objects.get(key="bad").last_error


def test_what_fell_before_is_done_alone(done: list[str]) -> None:
    plan("one", "two")
    jobs.lease([KIND])
    later = TUESDAY + jobs.LEASE + timedelta(seconds=1)
    with clock.at(later):
        plan("three")
        assert [job.key for job in jobs.lease([KIND], tried=False)] == ["three"]
        assert [job.key for job in jobs.lease([KIND], most=1, tried=True)] == ["one"]


def test_one_that_ends_its_worker_again_and_again_takes_no_others_along(declare: Callable[[Declared], None]) -> None:
    def does(payload: Mapping[str, Any]) -> None:
        if payload["key"] == "bad":
            raise KeyboardInterrupt

    declare(JobKind(KIND, "问候", does, Pace.TOGETHER))
    plan("one", "bad", "two")
    for number in range(2 * jobs.MOST_ATTEMPTS):
        with clock.at(TUESDAY + number * 2 * jobs.LEASE):
            try:
                run_due(sweep=False)
            except KeyboardInterrupt:
                continue
    assert states() == {"one": "done", "bad": "dead", "two": "done"}
