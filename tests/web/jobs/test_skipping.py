"""What was due long before the platform knew of it bothers nobody."""

from __future__ import annotations

from datetime import timedelta

import pytest

from doudi.web import clock
from doudi.web.jobs import services as jobs
from tests.web.town import TUESDAY

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tuesday")]
HOUR = timedelta(hours=1)


def test_only_what_waits_since_before_the_moment_is_skipped() -> None:
    for key, due_at in (("old", TUESDAY - 2 * HOUR), ("fresh", TUESDAY - HOUR), ("later", TUESDAY + HOUR)):
        jobs.plan("greet", key, due_at, {})
    assert jobs.skip(TUESDAY - HOUR) == 1
    with clock.at(TUESDAY + 2 * HOUR):
        assert {job.key for job in jobs.lease(["greet"])} == {"fresh", "later"}


def test_what_somebody_works_at_is_left_to_them() -> None:
    jobs.plan("greet", "held", TUESDAY - 2 * HOUR, {})
    (held,) = jobs.lease(["greet"])
    assert jobs.skip(TUESDAY) == 0
    jobs.finish(held)
