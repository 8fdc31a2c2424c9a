from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.contrib.auth import authenticate
from django.db import transaction

from doudi.web import clock
from doudi.web.areas.services import name_town
from doudi.web.demo.services import DemoError, accounts, create_town, scan_address
from doudi.web.edition_cache import forget_all
from doudi.web.fsck.queries import examine
from doudi.web.matters.models import Assignment, Matter, MatterEvent
from doudi.web.people.models import Person
from doudi.web.reports.models import Report, ReportEvent
from doudi.web.resources.queries import on_now
from doudi.web.units.models import Plaque, Unit
from tests.web.demo.small_town import NOW

DAYS = 3


@pytest.fixture(scope="module")
def demo(django_db_setup: None, django_db_blocker: pytest.FixtureRequest) -> Iterator[list[str]]:
    """Three days of the demo town, created once for all tests here and rolled back after them."""
    heard: list[str] = []
    forget_all()
    with django_db_blocker.unblock(), transaction.atomic(), clock.at(NOW):  # type: ignore[attr-defined]
        assert create_town(lambda what, done, whole: heard.append(what), days=DAYS)
        yield heard
        transaction.set_rollback(True)


@pytest.fixture(autouse=True)
def _at_eleven(demo: list[str], db: None) -> Iterator[None]:
    with clock.at(NOW):
        yield


def test_what_is_always_true_is_true_of_the_demo_town() -> None:
    assert [str(fault) for fault in examine() if "jobs" not in fault.about] == []


def test_every_report_lies_in_a_matter_with_one_holder() -> None:
    assert Report.objects.count() > 40
    for matter in Matter.objects.filter(status__in=Matter.OPEN):
        leads = Assignment.objects.filter(matter=matter, role="lead", until__isnull=True)
        assert [lead.post_id for lead in leads] == [matter.holder_id]


def test_nothing_happens_after_now_or_before_the_window() -> None:
    for events in (MatterEvent.objects, ReportEvent.objects):
        assert not events.filter(at__gt=NOW).exists()
        assert not events.filter(at__lt=NOW - timedelta(days=DAYS)).exists()


def test_work_was_done_checked_and_answered() -> None:
    kinds = set(MatterEvent.objects.values_list("kind", flat=True))
    assert {"accepted", "taken", "handled", "check_passed", "closed_on_spot", "support_done"} <= kinds
    assert {"received", "contacted", "replied", "closed"} <= set(ReportEvent.objects.values_list("kind", flat=True))


def test_a_second_creation_keeps_what_people_did() -> None:
    Unit.objects.filter(type="shop.catering").update(name="改了名字的店")
    before = Report.objects.count()
    assert create_town() is False
    assert Report.objects.count() == before
    assert Unit.objects.filter(name="改了名字的店").exists()


def test_another_town_is_not_turned_into_a_demo() -> None:
    name_town("别的镇", "12345")
    with pytest.raises(DemoError, match="别的镇"):
        create_town()


def test_a_production_town_never_becomes_a_demo(settings: object) -> None:
    settings.PROFILE = "production"  # type: ignore[attr-defined]
    with pytest.raises(DemoError, match="doudi demo"):
        create_town()


def test_every_demo_account_signs_in_and_nobody_else_can() -> None:
    told = {username for username, _, _ in accounts()}
    for username, password, who in accounts():
        assert authenticate(None, username=username, password=password) is not None, who
    assert not any(person.has_usable_password() for person in Person.objects.exclude(username__in=told))


def test_the_scan_address_is_that_of_a_shop_whose_plaque_serves() -> None:
    code = scan_address().rsplit("/Q/", 1)[1]
    assert Plaque.objects.get(unit=code).state == Plaque.State.ACTIVE


def test_somebody_is_on_at_the_desk_now_and_with_the_torch_team() -> None:
    assert {row.post_id for row in on_now()} == {"uoc.duty", "uoc.shift_leader", "torch_team.lead"}


def test_the_creation_tells_how_far_it_is(demo: list[str]) -> None:
    assert demo[:3] == ["区域、单位和人员", "场所和码牌", "值班表"]
    assert demo.count("历史") == DAYS + 1
