"""Each thing that must always be true is broken by hand, past all services, and fsck names it and the record."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.db import connection, transaction
from django.db.models import F, QuerySet

from doudi.web import clock, fsck
from doudi.web.areas.models import Area
from doudi.web.backstop.models import Crew, MakeSafeOrder
from doudi.web.duties.models import Backstop
from doudi.web.files.storage import path_of
from doudi.web.fsck.guarded import GUARDS
from doudi.web.fsck.queries import examine
from doudi.web.jobs.models import Job
from doudi.web.journal.guards import set_guards
from doudi.web.journal.models import Head, Leaf, Words
from doudi.web.matters.models import Application, Assignment, Demand, Matter, MatterClock, MatterEvent, Task, Urge
from doudi.web.people.models import Post
from doudi.web.reports.models import Report, ReportClock, ReportEvent
from doudi.web.rulebook.models import Version
from doudi.web.units.models import Plaque, Unit
from tests.web.fsck.disputes import FAULTS_OF_DISPUTES
from tests.web.town import EAST, TOWN, TUESDAY

FAULTS: dict[str, tuple[Callable[[SimpleNamespace], object], str]] = {}


def breaks(code: str, about: str) -> Callable[[Callable[[SimpleNamespace], object]], None]:
    """Registers how a fault is made; ``about`` names the record, with the names of ``lived`` to fill in."""

    def registered(make: Callable[[SimpleNamespace], object]) -> None:
        FAULTS[code] = (make, about)

    return registered


def leads(matter: Matter) -> QuerySet[Assignment]:
    return Assignment.objects.filter(matter=matter, role="lead")


def event(matter: Matter, kind: str) -> QuerySet[MatterEvent]:
    return MatterEvent.objects.filter(matter=matter, kind=kind)


@breaks("matter.lead", "matter/{open.number}")
def _(lived: SimpleNamespace) -> None:
    leads(lived.open).update(until=TUESDAY)


@breaks("matter.holder", "matter/{open.number}")
def _(lived: SimpleNamespace) -> None:
    Matter.objects.filter(pk=lived.open.pk).update(holder="market.food")


@breaks("matter.lead_after_end", "matter/{closed.number}")
def _(lived: SimpleNamespace) -> None:
    leads(lived.closed).filter(pk=leads(lived.closed).order_by("since", "id").last().pk).update(until=None)


@breaks("matter.unfit_holder", "matter/{open.number}")
def _(lived: SimpleNamespace) -> None:
    Matter.objects.filter(pk=lived.open.pk).update(holder="committee.east")
    leads(lived.open).update(post="committee.east")


@breaks("matter.lead_gap", "matter/{given.number}")
def _(lived: SimpleNamespace) -> None:
    last = leads(lived.given).order_by("since", "id").last()
    leads(lived.given).filter(pk=last.pk).update(since=last.since + timedelta(minutes=5))


@breaks("matter.event_missing", "matter/{closed.number}")
def _(lived: SimpleNamespace) -> None:
    event(lived.closed, "check_failed").delete()


@breaks("matter.unlike_events", "matter/{open.number}")
def _(lived: SimpleNamespace) -> None:
    Matter.objects.filter(pk=lived.open.pk).update(status="closed")


@breaks("matter.self_checked", "matter/{closed.number}")
def _(lived: SimpleNamespace) -> None:
    event(lived.closed, "check_passed").update(person=lived.town.people.east_officer)


@breaks("matter.unchecked", "matter/{closed.number}")
def _(lived: SimpleNamespace) -> None:
    event(lived.closed, "check_passed").update(kind="closed_on_spot")


@breaks("matter.unknown_kind", "matter/{open.number}")
def _(lived: SimpleNamespace) -> None:
    Matter.objects.filter(pk=lived.open.pk).update(kind="event.of.nothing")


@breaks("matter.open_support", "matter/{closed.number}")
def _(lived: SimpleNamespace) -> None:
    Assignment.objects.filter(matter=lived.closed, role="support").update(until=None)


@breaks("matter.merged_nowhere", "matter/{merged.number}")
def _(lived: SimpleNamespace) -> None:
    Matter.objects.filter(pk=lived.merged.pk).update(merged_into=None)


@breaks("matter.demand_left_behind", "matter/{merged.number}")
def _(lived: SimpleNamespace) -> None:
    demand = Demand.objects.filter(matter=lived.given).order_by("pk")[0]
    Demand.objects.filter(pk=demand.pk).update(matter=lived.merged)


@breaks("matter.merge_circle", "matter/{merged.number}")
def _(lived: SimpleNamespace) -> None:
    Matter.objects.filter(pk=lived.merged.pk).update(merged_into=F("pk"))


@breaks("report.answerer_gone", "post of nobody")
def _(lived: SimpleNamespace) -> None:
    Post.objects.filter(pk=Report.objects.exclude(status="closed")[0].answerer_id).update(until=TUESDAY.date())


@breaks("report.closed_unanswered", "report/{report.number}")
def _(lived: SimpleNamespace) -> None:
    ReportEvent.objects.filter(report=lived.report, kind="replied").delete()


@breaks("report.reply_missing", "report/{report.number}")
def _(lived: SimpleNamespace) -> None:
    Report.objects.filter(pk=lived.report.pk).update(status="replied", replied_at=None)


@breaks("report.event_missing", "report/{report.number}")
def _(lived: SimpleNamespace) -> None:
    ReportEvent.objects.filter(report=lived.report, kind="contact_tried").delete()


@breaks("report.unlike_events", "report/{report.number}")
def _(lived: SimpleNamespace) -> None:
    Report.objects.filter(pk=lived.report.pk).update(secrecy="secret")


@breaks("report.no_demand", "report/{report.number}")
def _(lived: SimpleNamespace) -> None:
    Demand.objects.filter(report=lived.report).delete()


@breaks("report.demand_missing", "report/{report.number}")
def _(lived: SimpleNamespace) -> None:
    Demand.objects.filter(report=lived.report).update(position=2)


@breaks("report.external_id_twice", "report/district/D-1")
def _(lived: SimpleNamespace) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DROP INDEX one_report_per_external_id")
    Report.objects.filter(pk=lived.report.pk).update(system="district", external_id="D-1")


@breaks("clock.moved", "matter/{closed.number}")
def _(lived: SimpleNamespace) -> None:
    MatterClock.objects.filter(matter=lived.closed, which="handle").update(due_at=F("due_at") + timedelta(days=1))


@breaks("clock.unreadable", "matter/{closed.number}")
def _(lived: SimpleNamespace) -> None:
    MatterClock.objects.filter(matter=lived.closed, which="handle").update(unit="moon")


@breaks("upstream.due_moved", "the order D-1")
def _(lived: SimpleNamespace) -> None:
    ReportClock.objects.filter(which="upstream").update(due_at=F("due_at") + timedelta(minutes=1))


@breaks("upstream.due_lost", "the order D-1")
def _(lived: SimpleNamespace) -> None:
    ReportClock.objects.filter(which="upstream").delete()


@breaks("upstream.due_computed", "the order D-1")
def _(lived: SimpleNamespace) -> None:
    ReportClock.objects.filter(which="upstream").update(given=False)


@breaks("journal.broken", "leaf/3")
def _(lived: SimpleNamespace) -> None:
    leaf = Leaf.objects.get(seq=3)
    Leaf.objects.filter(seq=3).update(body=leaf.body.replace('"seq":3', '"seq":3,"x":1'))


@breaks("event.unlike_leaf", "matter/{closed.number}")
def _(lived: SimpleNamespace) -> None:
    event(lived.closed, "taken").update(at=TUESDAY + timedelta(seconds=1))


@breaks("event.lost", "matter/{closed.number}")
def _(lived: SimpleNamespace) -> None:
    event(lived.closed, "taken").delete()


@breaks("event.no_leaf", "matter/{open.number}")
def _(lived: SimpleNamespace) -> None:
    MatterEvent.objects.create(matter=lived.open, seq=2, kind="noted", at=TUESDAY)
    Matter.objects.filter(pk=lived.open.pk).update(version=2)


@breaks("words.altered", "matter/{closed.number}")
def _(lived: SimpleNamespace) -> None:
    Words.objects.filter(pk=event(lived.closed, "check_failed").get().words_id).update(text="一切都好")


@breaks("words.sealed", "matter/{closed.number}")
def _(lived: SimpleNamespace) -> None:
    with connection.cursor() as cursor:
        where = event(lived.closed, "check_failed").values("words_id").query
        cursor.execute(
            f"UPDATE {Words._meta.db_table} SET text = 's1:AAAA' WHERE id IN ({where.sql_with_params()[0]})",
            where.sql_with_params()[1],
        )


@breaks("rulebook.changed", "rulebook/1")
def _(lived: SimpleNamespace) -> None:
    version = Version.objects.get()
    Version.objects.update(documents={**version.documents, "facts": []})


@breaks("area.roots", "directory")
def _(lived: SimpleNamespace) -> None:
    Area.objects.filter(code=EAST).update(parent=None)


@breaks("area.no_backstop", "area/310199101202001")
def _(lived: SimpleNamespace) -> None:
    Backstop.objects.filter(area=TOWN).update(until=TUESDAY.date())


@breaks("post.unfit", "post/committee.east")
def _(lived: SimpleNamespace) -> None:
    Post.objects.filter(code="committee.east").update(may_hold=True)


@breaks("unit.bad_code", "unit/1111111111111")
def _(lived: SimpleNamespace) -> None:
    Unit.objects.create(code="1111111111111", type="spot", name="错码", area_id=EAST, since=TUESDAY.date())


@breaks("unit.unknown_type", "unit/{town.spot.code}")
def _(lived: SimpleNamespace) -> None:
    Unit.objects.filter(pk=lived.town.spot.pk).update(type="castle")


@breaks("unit.area_ended", "unit/{town.spot.code}")
def _(lived: SimpleNamespace) -> None:
    Area.objects.filter(code=lived.town.spot.area_id).update(until=TUESDAY.date())


@breaks("unit.two_plaques", "unit/{town.spot.code}")
def _(lived: SimpleNamespace) -> None:
    Plaque.objects.create(unit=lived.town.spot, batch="T2", state="placed")


@breaks("file.missing", "file/{photo.pk}")
def _(lived: SimpleNamespace) -> None:
    path_of(lived.photo.pk, ".jpg").unlink()


@breaks("file.size", "file/{photo.pk}")
def _(lived: SimpleNamespace) -> None:
    path_of(lived.photo.pk, ".jpg").write_bytes(b"smaller")


@breaks("sums.differ", "matters.status")
def _(lived: SimpleNamespace) -> None:
    Matter.objects.filter(pk=lived.open.pk).update(status="asleep")


@breaks("job.dead", "job/greet")
def _(lived: SimpleNamespace) -> None:
    Job.objects.create(kind="greet", key="greet", state="dead", due_at=TUESDAY, made_at=TUESDAY)


@breaks("job.left_lying", "jobs")
def _(lived: SimpleNamespace) -> None:
    due = TUESDAY - timedelta(minutes=1)
    Job.objects.create(kind="greet", key="greet", due_at=due, made_at=due)


def asked(matter: Matter, **columns: object) -> Application:
    given = {"kind": "transfer", "asked_of": "desk", "by_post_id": matter.holder_id, "applied_at": TUESDAY, **columns}
    return Application.objects.create(matter=matter, **given)


@breaks("application.unlike_events", "matter/{open.number}")
def _(lived: SimpleNamespace) -> None:
    asked(lived.open)


@breaks("application.after_end", "matter/{closed.number}")
def _(lived: SimpleNamespace) -> None:
    asked(lived.closed)


@breaks("application.holder_moved", "matter/{open.number}")
def _(lived: SimpleNamespace) -> None:
    asked(lived.open, applied_at=TUESDAY - timedelta(hours=1), by_post_id="greening.street")


@breaks("urge.unlike_events", "matter/{open.number}")
def _(lived: SimpleNamespace) -> None:
    Urge.objects.create(matter=lived.open, kind="remind", source="desk", urged_at=TUESDAY)


@breaks("urge.after_end", "matter/{closed.number}")
def _(lived: SimpleNamespace) -> None:
    Urge.objects.create(matter=lived.closed, kind="remind", source="desk", urged_at=TUESDAY)


@breaks("task.after_end", "matter/{closed.number}")
def _(lived: SimpleNamespace) -> None:
    Task.objects.create(matter=lived.closed, module="public_notice", post_id="uoc.duty")


@breaks("order.unlike_events", "matter/{open.number}")
def _(lived: SimpleNamespace) -> None:
    crew = Crew.objects.create(code="torch", office_id="uoc", name="托底队", since=TUESDAY.date())
    MakeSafeOrder.objects.create(
        matter=lived.open, crew=crew, work="fence", what="围挡", quantity=1, unit="米", price=1, ordered_at=TUESDAY
    )


FAULTS |= FAULTS_OF_DISPUTES


@pytest.mark.parametrize("code", FAULTS)
def test_the_fault_is_named(lived: SimpleNamespace, found: Callable[[], dict[str, str]], code: str) -> None:
    make, about = FAULTS[code]
    assert code not in found()
    with transaction.atomic():
        make(lived)
        faults = found()
        transaction.set_rollback(True)
    assert code in faults
    if "{" in about or "/" in about:
        assert faults[code] == about.format(**vars(lived))


def test_a_head_that_tells_of_more_than_there_is_shows_the_missing_end(
    lived: SimpleNamespace, found: Callable[[], dict[str, str]]
) -> None:
    Head.objects.update(size=F("size") + 1)
    assert found()["journal.broken"] == f"leaf/{Leaf.objects.count() + 1}"


def test_a_guard_taken_away_is_missed(lived: SimpleNamespace, found: Callable[[], dict[str, str]]) -> None:
    with clock.at(TUESDAY + timedelta(hours=1)):
        assert {one.code for one in examine()} == {"database.unguarded"}
        set_guards(connection, GUARDS)
        assert list(examine()) == []


def test_erased_words_are_no_fault(lived: SimpleNamespace, found: Callable[[], dict[str, str]]) -> None:
    from doudi.web.journal.services import erase_words

    for words in Words.objects.all():
        erase_words(words)
    assert found() == {}


@pytest.mark.only("sqlite", "PostgreSQL does not let a row point at nothing")
def test_a_row_that_points_at_nothing_is_named(lived: SimpleNamespace, found: Callable[[], dict[str, str]]) -> None:
    with transaction.atomic():
        Job.objects.all().delete()
        Area.objects.filter(code=lived.town.spot.area_id)._raw_delete("default")
        faults = found()
        transaction.set_rollback(True)
    assert "database.dangling" in faults


@pytest.mark.only("sqlite", "it alone can be asked to look over itself")
def test_a_row_that_breaks_the_databases_own_rules_is_named(
    lived: SimpleNamespace, found: Callable[[], dict[str, str]]
) -> None:
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA ignore_check_constraints=ON")
            cursor.execute(f"UPDATE {Head._meta.db_table} SET id = 2")
            cursor.execute("PRAGMA ignore_check_constraints=OFF")
        assert "database.damaged" in found()
        transaction.set_rollback(True)


def test_every_fault_that_can_be_named_was_made_by_hand() -> None:
    source = "".join(path.read_text() for path in Path(fsck.__file__).parent.glob("*.py"))
    named = set(re.findall(r'(?:fault|Fault)\(\s*"([a-z]+\.[a-z_]+)"', source))
    # These three have tests of their own above.
    assert named - set(FAULTS) == {"database.damaged", "database.dangling", "database.unguarded"}
