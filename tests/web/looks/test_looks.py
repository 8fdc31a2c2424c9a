"""Looks at what is secret are kept, once an hour, and the auditor reads them."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import DatabaseError, connection
from django.http import HttpResponse

from doudi.web import clock
from doudi.web.fsck.queries import examine as faults
from doudi.web.journal.models import Leaf
from doudi.web.looks import services
from doudi.web.looks.models import Look
from doudi.web.looks.services import PurposeError, keep_reveal
from doudi.web.matters.models import Matter
from tests.web.desk.conftest import Visitor, content, report, sit
from tests.web.town import TUESDAY, actor

__all__ = ["sit"]
Sit = Callable[[Any], Visitor]


def secret(town: SimpleNamespace) -> Matter:
    return report(town, "楼下排油烟，请保密", phone="19912345678")


def kept() -> list[tuple[str, str, str]]:
    return [(one.person.name, one.what, one.page) for one in Look.objects.order_by("at", "id")]


def test_a_page_of_what_is_secret_is_kept_once_an_hour_and_person(town: SimpleNamespace, sit: Sit) -> None:
    matter = secret(town)
    desk, committee = sit(town.people.desk), sit(town.people.committee)
    for _again in range(3):
        desk.read(f"/matters/{matter.number}")
    committee.read(f"/matters/{matter.number}")
    desk.read(f"/reports/{matter.demands.get().report.number}")
    assert kept() == [
        ("desk先生", "original", "matter"),
        ("committee先生", "retelling", "matter"),
        ("desk先生", "original", "report"),
    ]
    with clock.at(TUESDAY + timedelta(hours=1)):
        desk.read(f"/matters/{matter.number}")
    assert len(kept()) == 4
    leaves = [json.loads(one.body) for one in Leaf.objects.order_by("seq")]
    looked = [one for one in leaves if one["kind"] == "looked"]
    assert looked[0]["payload"] == {"what": "original", "page": "matter"}
    assert len(looked) == 4 and not list(faults())


def test_what_is_open_to_all_is_kept_by_nobody(town: SimpleNamespace, sit: Sit) -> None:
    matter = report(town)
    sit(town.people.desk).read(f"/matters/{matter.number}")
    sit(town.people.desk).read(f"/reports/{matter.demands.get().report.number}")
    sit(town.people.auditor).read(f"/matters/{matter.number}", 404)
    assert kept() == []


def test_a_store_that_is_busy_keeps_no_reader_waiting(
    town: SimpleNamespace, sit: Sit, monkeypatch: pytest.MonkeyPatch
) -> None:
    matter = secret(town)

    def busy(*_args: object) -> None:
        raise DatabaseError("database is locked")

    monkeypatch.setattr(services, "keep_look", busy)
    assert "楼下排油烟" in sit(town.people.desk).read(f"/matters/{matter.number}")


def test_the_look_is_written_after_the_answer_was_made(town: SimpleNamespace) -> None:
    matter = secret(town)
    before = Look.objects.count()
    response = HttpResponse("")
    services.keep_look_after(
        response, actor(town.people.shift), f"matter/{matter.number}", Look.What.ORIGINAL, "matter"
    )
    assert Look.objects.count() == before
    for keep in response._resource_closers:  # type: ignore[attr-defined]  # what close() calls
        keep()
    assert Look.objects.count() == before + 1


def test_a_reveal_needs_its_purpose_and_each_is_kept(town: SimpleNamespace, sit: Sit) -> None:
    matter = report(town, phone="19912345678", name="赵小云")
    number = matter.demands.get().report.number
    desk = sit(town.people.desk)
    refused = desk.press(f"/reports/{number}/reveal", words=" ")
    assert refused.status_code == 409 and "19912345678" not in content(refused)
    for _again in range(2):
        assert "19912345678" in content(desk.press(f"/reports/{number}/reveal", words="核实情况"))
    assert kept() == [("desk先生", "reporter", "report_reveal")] * 2
    with pytest.raises(PurposeError):
        keep_reveal(actor(town.people.desk), f"report/{number}", Look.What.REPORTER, "report_reveal", "\n")
    assert not list(faults())


def test_the_auditor_lists_narrows_and_takes_away(town: SimpleNamespace, sit: Sit) -> None:
    matter = secret(town)
    sit(town.people.desk).read(f"/matters/{matter.number}")
    sit(town.people.shift).press(
        f"/reports/{matter.demands.get().report.number}/reveal", words="约上门，电话13812345678"
    )
    auditor = sit(town.people.auditor)
    page = auditor.read("/looks")
    assert "desk先生" in page and "shift先生" in page and matter.number in page and "约上门，电话138****78" in page
    assert "楼下排油烟" not in page and "19912345678" not in page
    assert "shift先生" not in auditor.read("/looks?who=desk") and "desk先生" in auditor.read("/looks?who=desk")
    assert "desk先生" not in auditor.read("/looks?what=reporter")
    assert "desk先生" not in auditor.read("/looks?since=2026-11-25")
    assert "desk先生" in auditor.read("/looks?since=2026-11-24&until=2026-11-24")
    assert "desk先生" in auditor.read(f"/looks?number={matter.number}")
    assert "没有符合条件" in auditor.read("/looks?number=123")
    assert "desk先生" in auditor.read("/looks?since=nonsense&what=nonsense")
    for form in ("csv", "xlsx"):
        assert auditor.get(f"/looks.{form}").status_code == 200
    file = auditor.read("/looks.csv?who=desk")
    assert "desk先生" in file and "shift先生" not in file and "事项页" in file
    auditor.read("/looks.pdf", 404)
    exported = [json.loads(one.body) for one in Leaf.objects.order_by("seq") if '"exported"' in one.body]
    assert exported[-1]["payload"]["table"] == "looks" and exported[-1]["payload"]["filter"] == {"who": 1}


def test_a_long_list_goes_on(town: SimpleNamespace, sit: Sit) -> None:
    by = actor(town.people.desk)
    for hour in range(60):
        with clock.at(TUESDAY + timedelta(hours=hour)):
            services.keep_look(by, "matter/26112400000017", Look.What.ORIGINAL, "matter")
    auditor = sit(town.people.auditor)
    first = auditor.get("/looks")
    assert len(first.context["rows"]) == 50
    rest = auditor.get(f"/looks?after={first.context['page'].older}")
    assert len(rest.context["rows"]) == 10
    assert auditor.get("/looks?after=nonsense").status_code == 200


@pytest.mark.parametrize("who", ["desk", "shift", "leader", "admin", "east_officer", "committee", "reviewer"])
def test_nobody_else_reads_who_looked(town: SimpleNamespace, sit: Sit, who: str) -> None:
    visitor = sit(getattr(town.people, who))
    visitor.read("/looks", 404)
    visitor.read("/looks.csv", 404)


def test_fsck_finds_a_look_without_leaf_and_one_that_was_turned(town: SimpleNamespace) -> None:
    services.keep_look(actor(town.people.desk), "matter/26112400000017", Look.What.ORIGINAL, "matter")
    look = Look.objects.get()
    Look.objects.bulk_create(
        [Look(about=look.about, what="original", page="matter", person=town.people.shift, at=look.at, hour=look.hour)]
    )
    assert {one.code for one in faults()} == {"look.no_leaf"}
    with connection.cursor() as cursor:
        cursor.execute("DROP TRIGGER IF EXISTS doudi_looks_look_no_update" + _on())
    Look.objects.filter(pk=look.pk).update(person=town.people.market)
    assert {"look.no_leaf", "look.unlike_leaf"} <= {one.code for one in faults()}


def _on() -> str:
    return " ON doudi_looks_look" if connection.vendor == "postgresql" else ""
