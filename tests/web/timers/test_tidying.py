"""Once a day, by whichever timer comes first, what nobody needs any more is put away."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace

from axes.models import AccessLog
from django.contrib.sessions.models import Session

from doudi.web import clock
from doudi.web.jobs import services as jobs
from doudi.web.jobs.models import Job
from doudi.web.timers.tidying import tidy
from tests.web.town import TUESDAY

DAY = timedelta(days=1)


def test_a_turn_is_taken_once_a_day(town: SimpleNamespace) -> None:
    assert [jobs.acquire_interval("tidy", DAY), jobs.acquire_interval("tidy", DAY)] == [True, False]
    with clock.at(TUESDAY + DAY - timedelta(seconds=1)):
        assert not jobs.acquire_interval("tidy", DAY)
    with clock.at(TUESDAY + DAY):
        assert jobs.acquire_interval("tidy", DAY)


def test_old_work_and_dead_sessions_go_and_what_waits_or_failed_stays(town: SimpleNamespace) -> None:
    for key, state, done in (
        ("old", "done", 181),
        ("fresh", "done", 179),
        ("dead", "dead", 900),
        ("waits", "waiting", 900),
    ):
        jobs.plan("greet", key, TUESDAY - done * DAY, {})
        ended = {"done_at": TUESDAY - done * DAY} if state == "done" else {}
        Job.objects.filter(key=key).update(state=state, **ended)
    Session.objects.create(session_key="x" * 32, session_data="", expire_date=TUESDAY - 400 * DAY)
    AccessLog.objects.create(username="desk")
    assert tidy() == 1
    assert set(Job.objects.values_list("key", flat=True)) == {"fresh", "dead", "waits"}
    assert not Session.objects.exists()
    assert AccessLog.objects.count() == 1
    assert tidy() == 0
