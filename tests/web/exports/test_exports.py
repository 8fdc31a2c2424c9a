"""A large table is written by a job, sealed, and given out to whoever asked for it while that person may read all of it."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.http import QueryDict

from doudi.web import clock
from doudi.web.exports import pieces, services
from doudi.web.exports.errors import ExportError
from doudi.web.exports.models import FILE_KEPT_FOR, KNOWN_FOR, Export, ExportPart
from doudi.web.jobs.models import Job
from doudi.web.journal.models import Leaf
from doudi.web.matters import services as matters
from doudi.web.matters.models import Matter
from doudi.web.people.actor import Actor
from doudi.web.people.errors import NotAllowedError
from doudi.web.people.models import Appointment
from doudi.web.timers.running import run_due
from doudi.web.triage.services import Incoming, receive
from tests.web.town import TUESDAY, actor

ROWS = 23


@pytest.fixture
def rows(town: SimpleNamespace, monkeypatch: pytest.MonkeyPatch) -> list[Matter]:
    """So many matters, of which few are given at once, and little is written at a time."""
    monkeypatch.setattr(services, "AT_ONCE", 5)
    monkeypatch.setattr(services, "SECONDS_PER_JOB", -1.0)
    monkeypatch.setattr("doudi.web.desk.sheets.PORTION", 4)
    said = receive([Incoming("scan", f"面馆门口摆摊占道，第{n}处", unit_code=town.shop.code) for n in range(ROWS)])
    return [one.matters[0] for one in said]


@pytest.fixture(autouse=True)
def _no_files_left() -> Iterator[None]:
    yield
    pieces.clear(pieces.lying())


def begin(person: Any, form: str = "csv", fields: str = "tab=all") -> Export:
    who = Actor.of(person)
    return services.begin(who, services.kind_of(who, "matters", form), form, QueryDict(fields))


def made(person: Any, form: str = "csv", fields: str = "tab=all") -> Export:
    export = begin(person, form, fields)
    while run_due(sweep=False):
        pass
    export.refresh_from_db()
    return export


def taken(person: Any, export: Export) -> bytes:
    return b"".join(pieces.read(services.take(Actor.of(person), export)))


def numbers(raw: bytes) -> list[str]:
    found = list(csv.reader(io.StringIO(raw.decode("utf-8-sig"))))
    return [row[0].replace("-", "") for row in found[1:]]


def leaves(kind: str) -> list[dict[str, Any]]:
    return [json.loads(one.body) for one in Leaf.objects.filter(body__contains=f'"kind":"{kind}"').order_by("seq")]


def folder(export: Export) -> Path:
    return pieces._folder() / export.pk.hex


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_a_job_writes_every_row_once(town: SimpleNamespace, rows: list[Matter], form: str) -> None:
    export = made(town.people.desk, form)
    assert (export.state, export.rows, export.total) == ("ready", ROWS, ROWS)
    raw = taken(town.people.desk, export)
    assert len(raw) == export.size
    if form == "csv":
        assert sorted(numbers(raw)) == sorted(one.number for one in rows)
    else:
        with zipfile.ZipFile(io.BytesIO(raw)) as package:
            assert package.testzip() is None
            sheet = package.read("xl/worksheets/sheet1.xml").decode()
        assert sheet.count("<row ") == ROWS + 1


def test_it_goes_on_job_by_job_and_says_how_far_it_is(town: SimpleNamespace, rows: list[Matter]) -> None:
    export = begin(town.people.desk)
    services.write({"export": str(export.pk)})
    export.refresh_from_db()
    assert (export.state, export.rows, export.total) == ("writing", 4, ROWS)
    assert Job.objects.filter(kind="write_export").count() == 2


def test_what_lies_on_the_disk_is_sealed_and_bound_to_its_place(town: SimpleNamespace, rows: list[Matter]) -> None:
    export = made(town.people.desk)
    files = sorted(folder(export).iterdir())
    assert len(files) == export.pieces
    assert all("摆摊".encode() not in one.read_bytes() for one in files)
    first, second = files[1], files[2]
    kept = first.read_bytes()
    first.write_bytes(second.read_bytes())
    with pytest.raises(Exception, match="无法解开"):
        taken(town.people.desk, export)
    first.write_bytes(kept)
    assert len(numbers(taken(town.people.desk, export))) == ROWS


def test_a_worker_that_falls_is_followed_by_another(
    town: SimpleNamespace, rows: list[Matter], monkeypatch: pytest.MonkeyPatch
) -> None:
    """It falls once with a piece on the disk that no row names, and once with a piece that a row names and no job follows."""
    export = begin(town.people.desk)
    keep, fallen = services._keep, []

    class Falls(BaseException):
        pass

    def falls_before_the_row(export: Export, part: bytes, names: str = "", **columns: Any) -> None:
        if columns.get("rows") == 8 and "file" not in fallen:
            fallen.append("file")
            pieces.write(export, export.pieces, part)
            raise Falls
        keep(export, part, names, **columns)
        if columns.get("rows") == 16 and "row" not in fallen:
            fallen.append("row")
            raise Falls

    monkeypatch.setattr(services, "_keep", falls_before_the_row)
    moment = clock.now()
    for _ in range(3):
        with clock.at(moment):
            try:
                run_due(sweep=False)
            except Falls:
                moment += timedelta(seconds=61)
    assert fallen == ["file", "row"]
    export.refresh_from_db()
    assert export.state == "ready"
    assert sorted(numbers(taken(town.people.desk, export))) == sorted(one.number for one in rows)


def test_whoever_writes_by_an_old_lease_changes_nothing(town: SimpleNamespace, rows: list[Matter]) -> None:
    """A worker that slept wakes with a row of before: its piece is read by nobody."""
    export = begin(town.people.desk)
    services.write({"export": str(export.pk)})
    slept = Export.objects.get(pk=export.pk)
    services.write({"export": str(export.pk)})
    with pytest.raises(services._MovedError):
        services._keep(slept, "迟到的".encode(), rows=slept.rows + 1)
    while run_due(sweep=False):
        pass
    export.refresh_from_db()
    assert "迟到的".encode() not in taken(town.people.desk, export)
    assert export.rows == ROWS


def test_one_at_a_time_for_a_person(town: SimpleNamespace, rows: list[Matter]) -> None:
    begin(town.people.desk)
    with pytest.raises(ExportError, match="一次只能一份"):
        begin(town.people.desk, "xlsx")
    begin(town.people.shift)


def test_what_was_cancelled_is_not_written_on_and_may_be_asked_again(town: SimpleNamespace, rows: list[Matter]) -> None:
    export = begin(town.people.desk)
    services.write({"export": str(export.pk)})
    assert folder(export).is_dir()
    services.cancel(actor(town.people.desk), export)
    assert not folder(export).exists()
    run_due(sweep=False)
    export.refresh_from_db()
    assert export.state == "cancelled"
    with pytest.raises(ExportError):
        services.cancel(actor(town.people.desk), export)
    anew = services.again(actor(town.people.desk), export)
    while run_due(sweep=False):
        pass
    anew.refresh_from_db()
    assert (anew.state, anew.rows) == ("ready", ROWS)


def test_a_full_disk_is_said_and_leaves_nothing(
    town: SimpleNamespace, rows: list[Matter], monkeypatch: pytest.MonkeyPatch
) -> None:
    export = begin(town.people.desk)
    services.write({"export": str(export.pk)})

    def full(*_: object) -> str:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(pieces, "write", full)
    services.write({"export": str(export.pk)})
    export.refresh_from_db()
    assert export.state == "failed" and "磁盘已满" in export.words
    assert not folder(export).exists()


def test_whoever_lost_the_seat_while_it_was_written_gets_nothing(town: SimpleNamespace, rows: list[Matter]) -> None:
    export = begin(town.people.desk)
    services.write({"export": str(export.pk)})
    Appointment.objects.filter(person=town.people.desk).update(until=clock.today())
    _forget_seats()
    services.write({"export": str(export.pk)})
    export.refresh_from_db()
    assert export.state == "failed" and "权限" in export.words


def test_whoever_lost_the_seat_before_taking_it_gets_nothing(town: SimpleNamespace, rows: list[Matter]) -> None:
    export = made(town.people.desk)
    Appointment.objects.filter(person=town.people.desk).update(until=clock.today())
    _forget_seats()
    with pytest.raises(NotAllowedError):
        taken(town.people.desk, export)


@pytest.mark.parametrize("how", ["restricted", "secret"])
def test_what_came_to_be_hidden_since_is_not_given_out(town: SimpleNamespace, rows: list[Matter], how: str) -> None:
    export = made(town.people.desk)
    shift = actor(town.people.shift)
    matters.restrict(shift, Matter.objects.get(pk=rows[3].pk), "先限制")
    if how == "secret":
        matters.lift_restriction(shift, Matter.objects.get(pk=rows[3].pk), "不必限制", stays_secret=True)
    with pytest.raises(ExportError, match="作废"):
        taken(town.people.desk, export)
    export.refresh_from_db()
    assert export.state == "withdrawn" and "1 件" in export.words
    assert not folder(export).exists()


def test_what_was_secret_when_it_was_written_may_be_given_out(town: SimpleNamespace, rows: list[Matter]) -> None:
    shift = actor(town.people.shift)
    matters.restrict(shift, Matter.objects.get(pk=rows[3].pk), "先限制")
    matters.lift_restriction(shift, Matter.objects.get(pk=rows[3].pk), "不必限制", stays_secret=True)
    export = made(town.people.desk)
    raw = taken(town.people.desk, export)
    assert len(numbers(raw)) == ROWS and "第3处".encode() not in raw


def test_the_journal_tells_the_filter_the_count_and_each_time_it_was_taken(
    town: SimpleNamespace, rows: list[Matter]
) -> None:
    export = made(town.people.desk, fields="tab=open&lane=normal&q=摆摊")
    taken(town.people.desk, export)
    taken(town.people.desk, export)
    (leaf,) = leaves("exported")
    assert leaf["about"] == f"export/{export.pk}" and leaf["person"] == str(town.people.desk.pk)
    assert leaf["payload"]["rows"] == ROWS
    assert leaf["payload"]["filter"] == {"lane": ["normal"], "tab": ["open"], "q": 1}
    assert len(leaves("export_taken")) == 2
    assert all("摆摊" not in one.body for one in Leaf.objects.filter(body__contains="export"))


def test_its_file_goes_after_some_days_and_what_was_asked_with_it(town: SimpleNamespace, rows: list[Matter]) -> None:
    export = made(town.people.desk, fields="tab=all&q=摆摊")
    with clock.at(TUESDAY + FILE_KEPT_FOR):
        with pytest.raises(ExportError):
            taken(town.people.desk, export)
        assert services.tend() == 1
        export.refresh_from_db()
        assert (export.state, export.asked, export.can_be_asked_again) == ("over", "", False)
    assert not folder(export).exists()
    with clock.at(TUESDAY + KNOWN_FOR):
        services.tend()
    assert not Export.objects.exists() and not ExportPart.objects.exists()


def test_what_stands_still_is_put_away_and_what_nobody_names_is_cleared(
    town: SimpleNamespace, rows: list[Matter]
) -> None:
    export = begin(town.people.desk)
    services.write({"export": str(export.pk)})
    stray = folder(export).with_name("0" * 32)
    stray.mkdir()
    with clock.at(TUESDAY + services.STANDS_FOR):
        services.tend()
    export.refresh_from_db()
    assert export.state == "failed" and "中途" in export.words
    assert not folder(export).exists() and not stray.exists()


def test_what_begins_while_strays_are_sought_stays(
    town: SimpleNamespace, rows: list[Matter], monkeypatch: pytest.MonkeyPatch
) -> None:
    lying, begun = pieces.lying, []

    def meanwhile() -> set[str]:
        begun.append(begin(town.people.desk))
        services.write({"export": str(begun[0].pk)})
        return lying()

    with monkeypatch.context() as patch:
        patch.setattr(pieces, "lying", meanwhile)
        services.tend()
    assert folder(begun[0]).exists()


def test_a_file_that_is_gone_is_said(town: SimpleNamespace, rows: list[Matter]) -> None:
    export = made(town.people.desk)
    next(folder(export).iterdir()).unlink()
    with pytest.raises(ExportError):
        taken(town.people.desk, export)
    export.refresh_from_db()
    assert export.state == "withdrawn"


def _forget_seats() -> None:
    from doudi.web.edition_cache import forget_all

    forget_all()
