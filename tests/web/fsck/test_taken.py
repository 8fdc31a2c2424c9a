"""All that was taken in with a report is committed to: whatever is changed behind the services is named."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from io import BytesIO
from types import SimpleNamespace

import pytest
from django.db import connection, transaction
from django.db.models import Model
from PIL import Image

from doudi.web import clock
from doudi.web.files.models import Upload
from doudi.web.files.services import keep_photo
from doudi.web.fsck.queries import examine
from doudi.web.journal.guards import lift_guards
from doudi.web.journal.models import Leaf
from doudi.web.matters.models import Demand
from doudi.web.people.actor import SYSTEM
from doudi.web.registry.declared import Guard
from doudi.web.registry.gathered import of
from doudi.web.reports import services as reports
from doudi.web.reports.models import Contact, Report, ReportPhoto
from doudi.web.triage.services import Incoming, receive
from tests.web.town import TUESDAY


def picture(colour: str) -> Upload:
    out = BytesIO()
    Image.new("RGB", (40, 30), colour).save(out, "JPEG")
    return keep_photo(out, name="前.jpg")


@pytest.fixture
def report(town: SimpleNamespace, settings: object, tmp_path: object) -> Report:
    """A report with everything that can be taken in."""
    settings.MEDIA_ROOT = tmp_path  # type: ignore[attr-defined]
    incoming = Incoming(
        "hotline",
        "门口有人摆摊，路边有垃圾",
        title="占道与垃圾",
        address="东街 5 号门口",
        longitude=121.25,
        latitude=31.125,
        name="李先生",
        phone="19900000000",
        uploads=(picture("grey"),),
        system="区热线",
        external_id="D-7",
        upstream_row={"工单": "D-7", "件数": "2", "备注": "急"},
        demands=("门口有人摆摊", "路边有垃圾"),
    )
    [received] = receive([incoming], auto_dispatch=True)
    return Report.objects.get(pk=received.report.pk)


def faults(only: str = "") -> dict[str, str]:
    lift_guards(connection, of(Guard).values())
    with clock.at(TUESDAY + timedelta(hours=1)):
        found = {one.code: str(one) for one in examine() if one.code != "database.unguarded"}
    return {code: words for code, words in found.items() if code == only} if only else found


def rewrite(row: Model, column: str, text: str) -> None:
    """Somebody with the town's key writes a sealed column."""
    setattr(row, column, text)
    row.save(update_fields=[column])


def lies_as(column: str, report: Report) -> str:
    return str(Report.objects.values_list(column, flat=True).get(pk=report.pk))


CHANGES: dict[str, Callable[[Report], object]] = {
    "title": lambda one: Report.objects.filter(pk=one.pk).update(title="别的"),
    "words": lambda one: Report.objects.filter(pk=one.pk).update(words=""),
    "address": lambda one: Report.objects.filter(pk=one.pk).update(address="西街 5 号门口"),
    "point": lambda one: Report.objects.filter(pk=one.pk).update(longitude=121.2500001),
    "row": lambda one: rewrite(one, "sealed_row", '{"工单": "D-7", "件数": "3"}'),
    "asks.2": lambda one: Demand.objects.filter(report=one, position=2).update(asks="路边没有垃圾"),
    "asks.3": lambda one: Demand.objects.create(
        report=one, matter=Demand.objects.filter(report=one)[0].matter, position=3, asks="还有一件"
    ),
    "name": lambda one: rewrite(one.contact, "name", "王先生"),
    "phone": lambda one: Contact.objects.filter(report=one).delete(),
    "photos": lambda one: ReportPhoto.objects.filter(report=one).delete(),
}


@pytest.mark.parametrize("name", CHANGES)
def test_what_was_changed_behind_the_services_is_named(report: Report, name: str) -> None:
    assert faults() == {}
    with transaction.atomic():
        CHANGES[name](report)
        found = faults("report.unlike_leaves")
        transaction.set_rollback(True)
    assert name in found["report.unlike_leaves"] and report.number in found["report.unlike_leaves"]


def test_salts_taken_away_hide_nothing(report: Report) -> None:
    Report.objects.filter(pk=report.pk).update(salts=None)
    assert "phone" in faults()["report.unlike_leaves"]


def test_other_bytes_under_a_photograph_added_later_are_named(report: Report) -> None:
    later = picture("red")
    reports.add_by_reporter(report, "", [later])
    assert faults() == {}
    Upload.objects.filter(pk=later.pk).update(stored_digest="0" * 64)
    assert str(later.pk) in faults()["photo.unlike_event"]


def test_each_text_can_be_erased_alone_and_the_rest_stays_provable(report: Report) -> None:
    reports.erase(SYSTEM, report, ["words", "phone", "row", "point"])
    assert faults() == {}
    report.refresh_from_db()
    assert (report.words, report.title, report.upstream_row, report.longitude) == ("", "占道与垃圾", {}, None)
    assert Contact.objects.get(report=report).phone == "" and Contact.objects.get(report=report).name == "李先生"
    Report.objects.filter(pk=report.pk).update(words="从来没有人这样说过")
    assert "words" in faults()["report.unlike_leaves"]


def test_a_corrected_telephone_is_committed_to_anew(report: Report) -> None:
    reports.take_over(report, phone="19900000001")
    assert faults() == {}
    rewrite(Contact.objects.get(report=report), "phone", "19900000000")
    assert "phone" in faults()["report.unlike_leaves"]


def test_a_number_cannot_be_tried_out_from_the_rows_alone(report: Report) -> None:
    assert lies_as("salts", report).startswith("s2:"), "salts lie sealed: a telephone number is soon tried out"
    leaves = " ".join(Leaf.objects.values_list("body", flat=True))
    assert "19900000000" not in leaves and "李先生" not in leaves and "摆摊" not in leaves


def test_reports_from_before_leaves_committed_to_them_have_no_fault(report: Report) -> None:
    told = report.events.get(kind="received")
    told.payload.pop("taken")
    lift_guards(connection, of(Guard).values())
    told.save()
    Report.objects.filter(pk=report.pk).update(salts=None, words="从前的话")
    assert faults("report.unlike_leaves") == {}
