"""First contacts that an earlier version wrote with a reply are taken back, with an event each, and no true one is."""

from __future__ import annotations

from datetime import datetime, timedelta
from types import SimpleNamespace

import pytest
from click.testing import CliRunner

from doudi.cli import main as doudi
from doudi.web import clock
from doudi.web.fsck.queries import examine
from doudi.web.journal.services import unit_of_work
from doudi.web.people.actor import Actor
from doudi.web.records.services import change
from doudi.web.reports import services as reports
from doudi.web.reports.models import Report, ReportClock, ReportEvent
from doudi.web.terms import services as terms
from doudi.web.triage.services import Incoming, receive
from tests.web.town import TUESDAY, actor


@pytest.fixture
def report(town: SimpleNamespace) -> Report:
    receive([Incoming("scan", "路边有垃圾", unit_code=town.shop.code, phone="19900000000")])
    return Report.objects.get()


@unit_of_work()
def replied_as_before(who: Actor, report: Report) -> None:
    """What the service of version 0.1 did: the moment of the reply stood for the first contact."""
    now = clock.now()
    terms.end(ReportClock, now, report=report, which=["contact", "reply", "upstream"])
    told = {"status": "replied", "replied_at": now, "contacted_at": report.contacted_at or now}
    change(report, told, ReportEvent.by(who, report, "replied", {}))


def contact_clock(report: Report) -> tuple[bool, bool | None]:
    one = ReportClock.objects.get(report=report, which="contact")
    return one.cancelled, one.met


def untried() -> list[str]:
    return [one.code for one in examine() if one.code.startswith("report")]


@pytest.mark.parametrize(("days", "clock_after"), [(0, (True, None)), (9, (False, False))])
def test_a_contact_that_no_try_supports_is_taken_back_with_its_event(
    town: SimpleNamespace, report: Report, days: int, clock_after: tuple[bool, bool | None]
) -> None:
    with clock.at(TUESDAY + timedelta(days=days)):
        replied_as_before(actor(town.people.shift), report)
    assert untried() == ["report.contact_untried"]
    before = report.contacted_at
    assert reports.mend_contacts() == 1
    report = Report.objects.get()
    assert (report.contacted_at, contact_clock(report), untried()) == (None, clock_after, [])
    event = ReportEvent.objects.get(kind="contact_corrected")
    assert event.actor == "system" and datetime.fromisoformat(event.payload["from"]) == before
    assert reports.mend_contacts() == 0


def test_somebody_who_was_rung_after_the_reply_was_contacted_then(town: SimpleNamespace, report: Report) -> None:
    shift = actor(town.people.shift)
    replied_as_before(shift, report)
    # The step of before: a contact was there already, so nothing was set.
    with clock.at(TUESDAY + timedelta(hours=2)), unit_of_work():
        change(report, {}, ReportEvent.by(shift, report, "contacted", {"reached": True}))
    assert untried() == ["report.contact_untried"]
    assert reports.mend_contacts() == 1
    assert (Report.objects.get().contacted_at, untried()) == (TUESDAY + timedelta(hours=2), [])


def test_a_true_contact_stays(town: SimpleNamespace, report: Report) -> None:
    shift = actor(town.people.shift)
    reports.log_contact(shift, report, reached=True)
    with clock.at(TUESDAY + timedelta(hours=2)):
        replied_as_before(shift, report)
    assert (reports.mend_contacts(), untried()) == (0, [])
    assert (Report.objects.get().contacted_at, contact_clock(report)) == (TUESDAY, (False, True))


@pytest.mark.django_db(transaction=True)
def test_the_upgrade_does_it_and_says_how_many(town: SimpleNamespace, report: Report) -> None:
    replied_as_before(actor(town.people.shift), report)
    told = CliRunner().invoke(doudi, ["migrate"])
    assert told.exit_code == 0 and "1 张诉求单的先行联系" in told.output
    assert Report.objects.get().contacted_at is None
