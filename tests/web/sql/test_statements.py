"""Rows written, read and changed by ready-made statements are the rows that the ORM would have written, read and changed."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from django.db import IntegrityError, transaction

from doudi.web import clock
from doudi.web.files.models import Upload
from doudi.web.jobs.models import Heartbeat, Job
from doudi.web.matters.models import Matter, MatterClock
from doudi.web.sql.insert import bulk_insert, one_statement
from doudi.web.sql.select import filter_by, get_or_none
from doudi.web.sql.update import update_where
from doudi.web.triage.services import Incoming, receive
from tests.web.town import TUESDAY

pytestmark = pytest.mark.django_db


def job(key: str, **columns: object) -> Job:
    return Job(kind="greet", key=key, due_at=TUESDAY, made_at=TUESDAY, **columns)


def uploaded() -> Upload:
    return Upload.objects.create(
        kind="photo", original_name="a.jpg", digest="0" * 64, size=1, suffix=".jpg", uploaded_at=TUESDAY
    )


def columns_of(row: object) -> dict[str, object]:
    return {name: value for name, value in vars(row).items() if name != "_state"}


def test_what_is_written_is_read_again_by_both_ways() -> None:
    written = job("one", payload={"词": "文“”", "n": [1, 2.5, None, True]})
    bulk_insert([written])
    assert not written._state.adding
    (read,) = filter_by(Job, key="one")
    assert columns_of(read) == columns_of(written) == columns_of(Job.objects.get())


def test_rows_are_found_by_emptiness_and_by_one_of_several() -> None:
    bulk_insert([job("one"), job("two", done_at=clock.now()), job("three", state="dead")])
    assert [row.key for row in filter_by(Job, done_at=None, state=["dead", "done"])] == ["three"]
    assert {row.key for row in filter_by(Job, key=["one", "two", "four"])} == {"one", "two"}
    assert get_or_none(Job, key="four") is None


def test_only_the_rows_that_bear_the_values_are_changed() -> None:
    bulk_insert([job("one"), job("two"), job("three", state="dead")])
    assert update_where(Job, {"state": "dropped", "done_at": TUESDAY}, state="waiting", done_at=None) == 2
    assert dict(Job.objects.values_list("key", "state")) == {"one": "dropped", "two": "dropped", "three": "dead"}
    assert Job.objects.get(key="one").done_at == TUESDAY
    assert update_where(Job, {"state": "dead"}, key="four") == 0


def test_rows_are_named_by_rows(town: SimpleNamespace) -> None:
    receive([Incoming("scan", "有人占道摆摊", unit_code=town.shop.code)], auto_dispatch=True)
    matter = Matter.objects.get()
    assert {clock_.pk for clock_ in filter_by(MatterClock, matter=matter)} == set(
        MatterClock.objects.values_list("pk", flat=True)
    )
    assert update_where(Matter, {"holder": town.posts["uoc.duty"]}, id=matter.pk, version=matter.version) == 1
    assert Matter.objects.get().holder_id == "uoc.duty"


def test_what_goes_together_comes_at_the_end_and_all_of_it() -> None:
    with one_statement():
        bulk_insert([job("one"), job("two")])
        with one_statement():
            bulk_insert([Heartbeat(name="loop", at=TUESDAY)])
        assert (Job.objects.count(), Heartbeat.objects.count()) == (0, 0)
    assert (Job.objects.count(), Heartbeat.objects.count()) == (2, 1)


def write_and_fail() -> None:
    with one_statement():
        bulk_insert([job("one")])
        raise ValueError("no ink")


def test_a_block_that_fails_writes_nothing() -> None:
    with pytest.raises(ValueError, match="no ink"):
        write_and_fail()
    bulk_insert([job("two")])
    assert [row.key for row in Job.objects.all()] == ["two"]


def test_what_is_there_stays_as_it_is_only_where_that_is_asked_for() -> None:
    bulk_insert([job("one", payload={"first": True})])
    with one_statement():
        bulk_insert([Heartbeat(name="loop", at=TUESDAY)])
        bulk_insert([job("one"), job("two")], ignore_conflicts=True)
    assert Job.objects.get(key="one").payload == {"first": True}
    assert (Job.objects.count(), Heartbeat.objects.count()) == (2, 1)
    with pytest.raises(IntegrityError), transaction.atomic():
        bulk_insert([job("one")])


def test_more_rows_than_one_statement_takes() -> None:
    with one_statement():
        bulk_insert([job(f"job {number}") for number in range(260)], [Heartbeat(name="loop", at=TUESDAY)])
    assert (Job.objects.count(), Heartbeat.objects.count()) == (260, 1)


@pytest.mark.parametrize("twin", [0, 70, 119])
def test_whichever_of_many_rows_is_there_already_it_is_said_and_none_comes(twin: int) -> None:
    bulk_insert([job("one")])
    with pytest.raises(IntegrityError), transaction.atomic():
        bulk_insert(
            [job("one" if number == twin else f"{number}") for number in range(120)],
            [Heartbeat(name="loop", at=TUESDAY)],
        )
    assert [row.key for row in Job.objects.all()] == ["one"]
    assert not Heartbeat.objects.exists()


def test_a_report_with_photographs_comes_whole_also_late_in_a_transaction(town: SimpleNamespace) -> None:
    """Once facts were recorded, foreign keys are checked with each statement: nothing may then come before what it hangs on."""
    first = Incoming("scan", "有人占道摆摊", unit_code=town.shop.code)
    with transaction.atomic():
        receive([first])
        (received,) = receive([Incoming("scan", "又来了", unit_code=town.shop.code, uploads=(uploaded(), uploaded()))])
    photos = list(received.report.photos.values_list("upload__original_name", "id"))
    assert [name for name, _ in photos] == ["a.jpg", "a.jpg"]
    assert all(number for _, number in photos)
