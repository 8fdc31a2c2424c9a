"""A load from its writing in the background to its undoing: what somebody else did meanwhile stands."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace

import pytest
from django.test import Client

from doudi.engine.errors import DoudiError
from doudi.web import clock
from doudi.web.areas.models import Area
from doudi.web.files.services import keep_sheet
from doudi.web.jobs.models import Job
from doudi.web.journal.models import Leaf
from doudi.web.people.models import Office, Person, Post
from doudi.web.people.services import add_person
from doudi.web.setup import services
from doudi.web.setup.models import Load, LoadRow
from doudi.web.setup.services import loading_sheets
from doudi.web.units.errors import UnitError
from doudi.web.units.models import Unit
from doudi.web.units.services import take_back_unit
from tests.web.setup.books import Rows, book
from tests.web.town import EAST, EAST_GRID, actor

SHOPS: Rows = [
    ["店名", "地址", "业态", "网格"],
    ["王记", "1号", "餐饮", "东苑第一网格"],
    ["李记", "2号", "餐饮", "东苑第一网格"],
]
STAFF: Rows = [["单位", "岗位", "姓名", "电话"], ["规划办", "科员", "孙二", "1"]]
SAID = {"type:餐饮": "shop.catering", "office:规划办": "own"}


@pytest.fixture
def bring(town: SimpleNamespace) -> Callable[[str, Rows], Load]:
    def brought(sort: str, rows: Rows) -> Load:
        upload, by = keep_sheet(book(rows)), town.people.admin
        return Load.objects.create(
            sort=sort, file_name="表.xlsx", upload=upload, made_at=clock.now(), made_by=by, answers=SAID
        )

    return brought


def wait(town: SimpleNamespace, load: Load, monkeypatch: pytest.MonkeyPatch) -> dict[str, object]:
    """Press, so that it waits in the background. Returns what the job is told."""
    monkeypatch.setattr(loading_sheets, "AT_ONCE", 0)
    services.write(actor(town.people.admin), load, services.mark_of(services.planned(load)))
    load.refresh_from_db()
    assert load.state == "running"
    return dict(Job.objects.get().payload)


def test_who_pressed_acts_in_the_background(
    town: SimpleNamespace, bring: Callable[..., Load], monkeypatch: pytest.MonkeyPatch
) -> None:
    load = bring("ledger", SHOPS)
    Load.objects.update(made_by=town.people.desk)
    services.write_waiting(wait(town, Load.objects.get(), monkeypatch))
    load.refresh_from_db()
    assert load.state == "written" and load.upload is None
    (leaf,) = Leaf.objects.filter(body__contains='"sheet_loaded"')
    assert str(town.people.admin.pk) in leaf.body


def test_what_changed_since_it_was_seen_is_not_written_in_the_background(
    town: SimpleNamespace, bring: Callable[..., Load], monkeypatch: pytest.MonkeyPatch
) -> None:
    load = bring("contacts", STAFF)
    told = wait(town, load, monkeypatch)
    add_person("suner", "别人")
    services.write_waiting(told)
    load.refresh_from_db()
    assert load.state == "failed" and "不一样" in load.fault["template"] and not LoadRow.objects.exists()


def test_a_failure_never_covers_what_was_written(
    town: SimpleNamespace, bring: Callable[..., Load], monkeypatch: pytest.MonkeyPatch
) -> None:
    load = bring("ledger", SHOPS)
    told = wait(town, load, monkeypatch)

    def overtaken(found: Load) -> object:
        Load.objects.filter(pk=found.pk).update(state=Load.State.WRITTEN)
        raise services.SetupError("坏了。")

    monkeypatch.setattr(loading_sheets, "planned", overtaken)
    services.write_waiting(told)
    load.refresh_from_db()
    assert load.state == "written" and load.fault is None


def test_the_file_stays_while_it_may_still_be_written(
    town: SimpleNamespace, bring: Callable[..., Load], monkeypatch: pytest.MonkeyPatch
) -> None:
    load = bring("ledger", SHOPS)
    told = wait(town, load, monkeypatch)
    monkeypatch.setattr(loading_sheets, "planned", lambda _load: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        services.write_waiting(told)
    load.refresh_from_db()
    assert load.state == "running" and load.upload is not None


def test_a_load_whose_job_is_dead_is_laid_aside(
    town: SimpleNamespace, bring: Callable[..., Load], monkeypatch: pytest.MonkeyPatch
) -> None:
    load = bring("ledger", SHOPS)
    told = wait(town, load, monkeypatch)
    by = actor(town.people.admin)
    with pytest.raises(DoudiError):
        services.lay_aside(by, load)
    Job.objects.update(state=Job.State.DEAD)
    services.lay_aside(by, load)
    load.refresh_from_db()
    assert load.state == "laid_aside" and load.upload is None
    services.write_waiting(told)
    assert not LoadRow.objects.exists(), "tried again, it does nothing"


@pytest.mark.parametrize(
    ("table", "columns"),
    [
        ("unit", {"longitude": 121.2, "latitude": 31.1}),
        ("unit", {"owner_id": "uoc"}),
        ("unit", {"external_codes": {"credit_code": "9131"}}),
        ("unit", {"facts": {"owner": "unknown"}}),
        ("post", {"heads_office": True}),
        ("post", {"silence_counts": True}),
        ("office", {"phone": "110"}),
        ("office", {"powers": "依法"}),
        ("person", {"large_text": True}),
    ],
)
def test_what_anybody_changed_since_stays(
    town: SimpleNamespace, bring: Callable[..., Load], table: str, columns: dict[str, object]
) -> None:
    load, by = (
        bring("ledger" if table == "unit" else "contacts", SHOPS if table == "unit" else STAFF),
        town.people.admin,
    )
    services.write(actor(by), load, services.mark_of(services.planned(load)))
    row = LoadRow.objects.filter(table=table).order_by("position").first()
    assert row is not None
    model = {"unit": Unit, "post": Post, "office": Office, "person": Person}[table]
    model.objects.filter(pk=row.key).update(**columns)
    services.take_back(actor(by), load)
    row.refresh_from_db()
    assert row.kept is not None and row.kept["template"] == "后来有人改过"
    assert LoadRow.objects.filter(table=table).exclude(pk=row.pk).exclude(kept=None).count() == 0


def test_a_post_that_was_given_an_area_stays(town: SimpleNamespace, bring: Callable[..., Load]) -> None:
    load, by = bring("contacts", STAFF), actor(town.people.admin)
    services.write(by, load, services.mark_of(services.planned(load)))
    Post.objects.get(name="科员").areas.add(EAST_GRID)
    services.take_back(by, load)
    assert Post.objects.filter(name="科员", until=None).exists()


def test_a_place_that_came_after_another_stays(town: SimpleNamespace, bring: Callable[..., Load]) -> None:
    load, by = bring("ledger", SHOPS), actor(town.people.admin)
    services.write(by, load, services.mark_of(services.planned(load)))
    heir = Unit.objects.get(name="王记")
    town.shop.successors.add(heir)
    with pytest.raises(UnitError):
        take_back_unit(heir, by=by)
    assert services.take_back(by, load) == 1
    assert town.shop.successors.get() == heir and not Unit.objects.filter(name="李记").exists()
    (kept,) = LoadRow.objects.exclude(kept=None)
    assert kept.name == "王记" and "接替" in kept.kept["template"]


def test_an_area_is_changed_only_where_it_was_opened(town: SimpleNamespace, client: Client) -> None:
    client.force_login(town.people.admin)
    said = {"kind": "grid", "name": "别的名字", "parent": EAST, "code": EAST_GRID}
    answer = client.post("/setup/areas", said)
    assert answer.status_code == 409 and "从列表里打开" in answer.content.decode()
    assert Area.objects.get(pk=EAST_GRID).name == "东苑第一网格"
    assert f'name="opened" value="{EAST_GRID}"' in client.get(f"/setup/areas?area={EAST_GRID}").content.decode()
    answer = client.post("/setup/areas", said | {"opened": EAST_GRID}, follow=True)
    assert Area.objects.get(pk=EAST_GRID).name == "别的名字"
    assert "由“东苑第一网格”改为“别的名字”" in answer.content.decode(), "what was changed is said"


def test_an_office_with_posts_that_hold_becomes_no_committee(town: SimpleNamespace) -> None:
    by = actor(town.people.admin)
    said = {"code": "greening", "name": "绿化市容所", "relation": "committee", "phone": ""}
    with pytest.raises(DoudiError, match="村居委会只协助"):
        services.save_office(by, said)
    assert Office.objects.get(pk="greening").relation == "own"
    Post.objects.filter(pk="greening.street").update(may_hold=False)
    services.save_office(by, said)
    assert Office.objects.get(pk="greening").relation == "committee"
