"""The toy slice is a slice like any other: its job runs, its bound tells, its check finds, its page opens."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace

from django.test import Client
from doudi.web.lamps.models import Lamp, LampEvent
from doudi.web.lamps.services import put_up, went_out

from doudi.web import clock
from doudi.web.fsck.queries import examine
from doudi.web.notices.models import Notice
from doudi.web.timers.running import run_due
from doudi.web.timers.stale_states import stale_notices
from tests.web.town import TUESDAY


def test_its_job_is_done_by_the_timers(town: SimpleNamespace) -> None:
    lamp = put_up("L-1")
    went_out(lamp)
    assert run_due() == 1
    assert Lamp.objects.get().state == "lit"
    assert list(LampEvent.objects.values_list("kind", flat=True)) == ["put_up", "went_out", "lit_again"]
    assert list(examine()) == []


def test_its_bound_tells_the_desk_once(town: SimpleNamespace) -> None:
    went_out(put_up("L-1"))
    with clock.at(TUESDAY + timedelta(days=2)):
        assert stale_notices() > 0 and stale_notices() == 0
    assert Notice.objects.get(path="/lamps").post_id == "uoc.duty"


def test_its_check_finds_what_its_events_do_not_tell(town: SimpleNamespace) -> None:
    put_up("L-1")
    Lamp.objects.update(state="taken_down")
    assert {one.code for one in examine()} == {"lamp.unlike_events"}


def test_an_event_that_its_leaf_does_not_tell_is_found(town: SimpleNamespace) -> None:
    LampEvent.objects.create(lamp=put_up("L-1"), seq=2, kind="lit_again", at=TUESDAY, payload={"set": {"state": "lit"}})
    assert "event.no_leaf" in {one.code for one in examine()}


def test_its_page_opens_from_the_navigation_for_whoever_may(town: SimpleNamespace) -> None:
    put_up("L-1")
    browser = Client()
    browser.force_login(town.people.desk, backend="django.contrib.auth.backends.ModelBackend")
    page = browser.get("/lamps").content.decode()
    assert 'href="/lamps" aria-current="page"' in page and "L-1" in page and "亮着" in page
    browser.force_login(town.people.east_officer, backend="django.contrib.auth.backends.ModelBackend")
    assert browser.get("/lamps").status_code == 404
    assert 'href="/lamps"' not in browser.get("/work").content.decode()
