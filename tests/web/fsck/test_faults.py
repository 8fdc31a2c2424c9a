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

from doudi import web
from doudi.web import clock
from doudi.web.areas.models import Area
from doudi.web.duties.models import Backstop
from doudi.web.files.models import Upload
from doudi.web.files.storage import path_of
from doudi.web.fsck.queries import examine
from doudi.web.jobs.models import Job
from doudi.web.journal.guards import set_guards
from doudi.web.journal.models import FreeText, Head, Leaf
from doudi.web.journal.services import erase_texts
from doudi.web.matters.models import (
    Assignment,
    Danger,
    Demand,
    Matter,
    MatterClock,
    MatterEvent,
)
from doudi.web.outbox import services as outbox
from doudi.web.people.models import Post
from doudi.web.registry.declared import Guard
from doudi.web.registry.gathered import of
from doudi.web.reports.models import Report, ReportClock, ReportEvent
from doudi.web.rulebook.models import Version
from doudi.web.units.models import Plaque, Unit
from tests.web.fsck.disputes import FAULTS_OF_DISPUTES
from tests.web.fsck.next_posts import FAULTS_OF_NEXT_POSTS
from tests.web.fsck.reports import FAULTS_OF_REPORTS
from tests.web.fsck.requests import FAULTS_OF_REQUESTS
from tests.web.town import EAST, TOWN, TUESDAY

FAULTS: list[tuple[str, Callable[[SimpleNamespace], object], str]] = []


def breaks(code: str, about: str) -> Callable[[Callable[[SimpleNamespace], object]], None]:
    """Registers how a fault is made; ``about`` names the record, with the names of ``lived`` to fill in."""

    def registered(make: Callable[[SimpleNamespace], object]) -> None:
        FAULTS.append((code, make, about))

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


@breaks("matter.lane_unlike_danger", "matter/{open.number}")
def _(lived: SimpleNamespace) -> None:
    heard = {"kind": "danger_heard", "payload": {"danger_lane": "life"}}
    event(lived.open, "accepted").update(**heard)


@breaks("danger.unlike_events", "matter/{open.number}")
def _(lived: SimpleNamespace) -> None:
    Danger.objects.create(matter=lived.open, seq=1, answer="none", source="desk", judged_at=TUESDAY)


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


@breaks("matter.help_passed_over", "matter/{closed.number}")
def _(lived: SimpleNamespace) -> None:
    done = Assignment.objects.filter(matter=lived.closed, role="lead").latest("until").until
    Assignment.objects.filter(matter=lived.closed, role="support").update(until=done, done_at=None)


@breaks("matter.help_passed_over", "matter/{closed.number}")
def _(lived: SimpleNamespace) -> None:
    handled = event(lived.closed, "handled").latest("at").at
    Assignment.objects.filter(matter=lived.closed, role="support").update(
        since=handled - timedelta(minutes=1), until=handled + timedelta(minutes=1)
    )


@breaks("matter.bond_untold", "matter/{closed.number}")
def _(lived: SimpleNamespace) -> None:
    Assignment.objects.filter(matter=lived.closed, role="support").update(bond="informs")


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


def opened_again(order: Report) -> None:
    ReportEvent.objects.create(report=order, seq=order.version + 1, kind="reopened", payload={}, at=TUESDAY)


@breaks("upstream.answer_of_reopened", "report/district/D-1")
def _(lived: SimpleNamespace) -> None:
    order = Report.objects.get(external_id="D-1")
    outbox.put(order.system, order.external_id, "replied", order.pk, order.version)
    opened_again(order)


@breaks("upstream.met_unanswered", "the order D-1")
def _(lived: SimpleNamespace) -> None:
    order = Report.objects.get(external_id="D-1")
    ReportClock.objects.filter(report=order, which="upstream").update(ended_at=TUESDAY)
    opened_again(order)


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
    words = FreeText.objects.get(pk=event(lived.closed, "check_failed").get().words_id)
    words.text = "一切都好"
    words.save(update_fields=["text"])


@breaks("words.sealed", "matter/{closed.number}")
def _(lived: SimpleNamespace) -> None:
    with connection.cursor() as cursor:
        where = event(lived.closed, "check_failed").values("words_id").query
        cursor.execute(
            f"UPDATE {FreeText._meta.db_table} SET text = 's1:AAAA' WHERE id IN ({where.sql_with_params()[0]})",
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


@breaks("unit.suspect_undated", "unit/{town.spot.code}")
def _(lived: SimpleNamespace) -> None:
    Plaque.objects.filter(unit=lived.town.spot).update(state="suspect")


@breaks("file.missing", "file/{photo.pk}")
def _(lived: SimpleNamespace) -> None:
    path_of(lived.photo.pk, ".jpg").unlink()


@breaks("file.size", "file/{photo.pk}")
def _(lived: SimpleNamespace) -> None:
    path_of(lived.photo.pk, ".jpg").write_bytes(b"smaller")


@breaks("file.altered", "file/{photo.pk}")
def _(lived: SimpleNamespace) -> None:
    path = path_of(lived.photo.pk, ".jpg")
    path.write_bytes(bytes(path.stat().st_size))


@breaks("file.not_erased", "file/{photo.pk}")
def _(lived: SimpleNamespace) -> None:
    Upload.objects.filter(pk=lived.photo.pk).update(erased_at=TUESDAY)


@breaks("photo.unlike_event", "matter/{closed.number}")
def _(lived: SimpleNamespace) -> None:
    Upload.objects.filter(pk=lived.photo.pk).update(stored_digest="0" * 64)


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


FAULTS += [*FAULTS_OF_DISPUTES, *FAULTS_OF_NEXT_POSTS, *FAULTS_OF_REPORTS, *FAULTS_OF_REQUESTS]

#: the faults that other tests make, each with its file
MADE_ELSEWHERE = {
    "answers.unlike_events": "web/answers/test_phrases.py",
    "clock.provisional": "web/matters/test_editions.py",
    "database.damaged": "web/fsck/test_faults.py",
    "database.dangling": "web/fsck/test_faults.py",
    "database.unguarded": "web/fsck/test_faults.py",
    "delivery.in_hand": "web/channels/test_sending.py",
    "delivery.sent_at": "web/channels/test_sending.py",
    "dispute.provisional": "web/disputes/test_time.py",
    "look.no_leaf": "web/looks/test_looks.py",
    "look.unlike_leaf": "web/looks/test_looks.py",
    "mandatory.nobody": "web/mandatory/test_duties.py",
    "mandatory.unlike_events": "web/mandatory/test_duties.py",
    "matter.retelling_tells": "web/desk/test_secrecy.py",
    "matter.secret_unmarked": "web/desk/test_secrecy.py",
    "report.call_back_astray": "web/matters/test_calling_back.py",
    "orders.quota": "web/orders/test_orders.py",
    "orders.unsigned_left": "web/orders/test_orders.py",
    "reconciliation.counts": "web/reconciliation/test_reconciling.py",
    "roster.left": "web/resources/test_who_answers.py",
    "search.apart": "web/search/test_following.py",
    "search.unlike": "web/search/test_following.py",
    "shift.item_state": "web/shifts/test_handing.py",
    "shift.own_signature": "web/shifts/test_handing.py",
}


@pytest.mark.parametrize(("code", "make", "about"), FAULTS, ids=[code for code, _, _ in FAULTS])
def test_the_fault_is_named(
    lived: SimpleNamespace,
    found: Callable[[], dict[str, str]],
    found_before: dict[str, str],
    code: str,
    make: Callable[[SimpleNamespace], object],
    about: str,
) -> None:
    assert code not in found_before
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
        set_guards(connection, of(Guard).values())
        assert list(examine()) == []


def test_erased_words_are_no_fault(lived: SimpleNamespace, found: Callable[[], dict[str, str]]) -> None:
    erase_texts(list(FreeText.objects.values_list("pk", flat=True)))
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
    """Of every slice, since each brings checks of its own; what is made elsewhere is named with its test."""
    source = "".join(path.read_text() for path in Path(web.__file__).parent.rglob("*.py"))
    named = set(re.findall(r'(?:fault|Fault)\(\s*"([a-z]+\.[a-z_]+)"', source))
    assert named - {code for code, _, _ in FAULTS} == set(MADE_ELSEWHERE)
    tests = Path(__file__).parents[2]
    for code, file in MADE_ELSEWHERE.items():
        assert f'"{code}"' in (tests / file).read_text(), f"{file} makes {code} no more"
