"""Sheets as the offices have them come in as a whole, ask where they say too little, and go back as a whole."""

from __future__ import annotations

import re
from collections.abc import Callable
from types import SimpleNamespace

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from doudi.web import clock
from doudi.web.files.models import Upload
from doudi.web.jobs.models import Job
from doudi.web.people.models import Appointment, Office, Person, Post
from doudi.web.people.services import appoint, change_phones
from doudi.web.resources.models import Roster
from doudi.web.setup import services
from doudi.web.setup.models import Load, LoadRow
from doudi.web.timers.running import run_due
from doudi.web.units.models import Unit
from doudi.web.units.services import mint_plaques
from tests.web.setup.books import Rows, book
from tests.web.town import EAST_GRID, actor


@pytest.fixture
def admin(town: SimpleNamespace) -> Client:
    change_phones(dict.fromkeys(("desk", "shift", "east_officer", "admin"), "13800000000"))
    browser = Client()
    browser.force_login(town.people.admin)
    return browser


@pytest.fixture
def bring(admin: Client) -> Callable[..., Load]:
    def brought(sort: str, file: SimpleUploadedFile, **answers: str) -> Load:
        answer = admin.post("/setup/sheets", {"sort": sort, "file": file})
        assert answer.status_code == 302, answer.content.decode()
        load = Load.objects.first()
        assert load is not None
        return load

    return brought


def answered(admin: Client, load: Load, **given: str) -> Load:
    """Answer what is asked with what is proposed, or as ``given`` by the beginning of the question's key."""
    load.refresh_from_db()
    for _turn in range(3):
        asks = services.planned(load).asks
        said = {one.key: next((v for k, v in given.items() if one.key.startswith(k)), one.proposed) for one in asks}
        if not said:
            break
        admin.post(f"/setup/sheets/{load.pk}", {"key": list(said), "value": list(said.values())})
        load.refresh_from_db()
    return load


def written(admin: Client, load: Load) -> Load:
    page = admin.get(f"/setup/sheets/{load.pk}").content.decode()
    mark = re.search(r'name="mark" value="(\w+)"', page)
    assert mark, re.sub(r"<[^>]+>|\s+", " ", page)
    answer = admin.post(f"/setup/sheets/{load.pk}/write", {"mark": mark[1]})
    assert answer.status_code == 302, answer.content.decode()
    load.refresh_from_db()
    return load


GRID: Rows = [
    ["测试镇 2026 年 12 月值班表"],
    ["岗位", *range(1, 32)],
    ["", *("二三四五六日一" * 5)[:31]],
    ["带班领导", "shift先生", None, "shift先生"],
    ["城运值班岗", "desk先生、east_officer先生", "desk先生"],
]


def test_a_month_on_the_wall_becomes_shifts(town: SimpleNamespace, admin: Client, bring: Callable[..., Load]) -> None:
    load = answered(admin, bring("roster", book(GRID, "A1:AF1")), month="2026-12")
    plan = services.planned(load)
    assert [(one.name, one.detail[:10]) for one in plan.changes][:2] == [
        ("shift先生", "2026-12-01"),
        ("shift先生", "2026-12-03"),
    ]
    assert written(admin, load).state == "written"
    assert Roster.objects.count() == 5
    first = Roster.objects.filter(post="uoc.duty").order_by("starts_at", "pk").first()
    assert first is not None and clock.day_of(first.starts_at).isoformat() == "2026-12-01"
    assert set(Roster.objects.filter(post="uoc.shift_leader").values_list("name", flat=True)) == {"shift先生"}
    assert load.upload is None and not Upload.objects.exists()
    again = answered(admin, bring("roster", book(GRID, "A1:AF1")), month="2026-12")
    assert services.planned(again).changes == [] and services.planned(again).known == 5


def test_a_day_that_the_month_has_not_is_refused_with_its_line(
    town: SimpleNamespace, admin: Client, bring: Callable[..., Load]
) -> None:
    rows = [*GRID[1:3], ["城运值班岗", *[None] * 30, "desk先生"]]
    load = answered(admin, bring("roster", book(rows)), month="2026-11")
    page = admin.get(f"/setup/sheets/{load.pk}").content.decode()
    assert "第 3 行" in page and "没有这一天" in page and "全部写入" not in page
    assert admin.post(f"/setup/sheets/{load.pk}/write", {"mark": "x"}).status_code == 409
    assert not Roster.objects.exists()


CONTACTS: Rows = [
    ["测试镇通讯录"],
    ["序号", "单位", "职务", "姓名", "联系电话"],
    [1, "规划办", "主任", "钱一", "021-55501111"],
    [2, None, "科员", "孙二", "021-55502222"],
    [3, None, "科员", "李三", None],
    [4, None, "科员", "周四", None],
    [5, "城运中心", "城运值班岗", "desk先生", "13911112222"],
    [6, "西浜村委会", "主任", "钱一", "13700000001"],
]


def test_a_list_of_telephones_brings_offices_posts_and_people(
    town: SimpleNamespace, admin: Client, bring: Callable[..., Load]
) -> None:
    load = answered(admin, bring("contacts", book(CONTACTS, "A1:E1", "B3:B6", "E4:E6")), who="new")
    assert written(admin, load).state == "written"
    office = Office.objects.get(name="规划办")
    assert office.relation == "own" and Office.objects.get(name="西浜村委会").relation == "committee"
    shared = Person.objects.filter(phone="021-55502222").order_by("name")
    assert sorted(one.name for one in shared) == ["周四", "孙二", "李三"], "one telephone for three"
    assert Person.objects.filter(name="钱一").count() == 2, "asked, and told to be two"
    clerks = Post.objects.get(office=office, name="科员")
    assert Appointment.objects.filter(post=clerks).count() == 3 and clerks.access == "none" and not clerks.may_hold
    town.people.desk.refresh_from_db()
    assert town.people.desk.phone == "13911112222"


def test_two_of_one_name_are_asked_about(town: SimpleNamespace, admin: Client, bring: Callable[..., Load]) -> None:
    load = bring("contacts", book(CONTACTS, "B3:B6"))
    answered(admin, load)
    assert [one.key for one in services.planned(load).asks] == ["who:西浜村委会/钱一"]
    assert "是谁" in admin.get(f"/setup/sheets/{load.pk}").content.decode()
    load = answered(admin, load, who="qianyi")
    written(admin, load)
    assert Person.objects.filter(name="钱一").count() == 1
    assert Appointment.objects.filter(person__name="钱一").count() == 2


def test_a_load_goes_back_as_a_whole_save_what_somebody_touched(
    town: SimpleNamespace, admin: Client, bring: Callable[..., Load]
) -> None:
    phone = town.people.desk.phone
    load = written(admin, answered(admin, bring("contacts", book(CONTACTS, "B3:B6", "E4:E6")), who="new"))
    touched = Person.objects.get(name="李三")
    change_phones({touched.username: "13000000000"})
    admin.post(f"/setup/sheets/{load.pk}/back")
    load.refresh_from_db()
    assert load.state == "taken_back"
    kept = {one.name: one.kept["template"] for one in LoadRow.objects.filter(load=load).exclude(kept=None)}
    assert kept == {"李三": "后来有人改过"}
    town.people.desk.refresh_from_db()
    assert town.people.desk.phone == phone or town.people.desk.phone == "13800000000"
    assert not Office.objects.filter(name="规划办", until=None).exists()
    assert not Person.objects.get(name="孙二").is_active and Person.objects.get(name="李三").is_active
    page = admin.get(f"/setup/sheets/{load.pk}").content.decode()
    assert "李三" in page and "后来有人改过" in page
    assert admin.post(f"/setup/sheets/{load.pk}/back").status_code == 409


LEDGER: Rows = [
    ["店名", "经营地址", "业态", "所属网格", "负责人"],
    ["王记面馆", "东苑路1号", "餐饮", "东苑第一网格", "王五"],
    ["李记理发", "东苑路2号", "理发", "东苑第一网格", None],
    ["王记面馆", "东苑路1号", "餐饮", "东苑第一网格", None],
]


def test_a_ledger_without_codes_gets_them(town: SimpleNamespace, admin: Client, bring: Callable[..., Load]) -> None:
    before = Unit.objects.count()
    load = bring("ledger", book(LEDGER))
    assert {one.key for one in services.planned(load).asks} == {"type:餐饮", "type:理发"}
    load = written(admin, answered(admin, load, type="shop.catering"))
    assert Unit.objects.count() == before + 2
    noodles = Unit.objects.get(name="王记面馆")
    assert noodles.area_id == EAST_GRID and len(noodles.code) == 13
    mint_plaques([noodles], "B1")
    admin.post(f"/setup/sheets/{load.pk}/back")
    assert Unit.objects.filter(name="王记面馆").exists() and not Unit.objects.filter(name="李记理发").exists()


def test_a_long_ledger_is_written_in_the_background(
    town: SimpleNamespace, admin: Client, bring: Callable[..., Load], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("doudi.web.setup.services.loading_sheets.AT_ONCE", 1)
    load = written(admin, answered(admin, bring("ledger", book(LEDGER)), type="shop.catering"))
    assert load.state == "running" and Job.objects.get().kind == "load_sheet"
    run_due()
    load.refresh_from_db()
    assert load.state == "written" and Unit.objects.filter(name="李记理发").exists()


def test_who_stands_in_sits_there_acting(town: SimpleNamespace, admin: Client, bring: Callable[..., Load]) -> None:
    rows: Rows = [["请假人", "代岗人", "开始", "结束"], ["desk先生", "shift先生", "2026-12-01", "2026-12-03"]]
    load = written(admin, bring("standing_in", book(rows)))
    seat = Appointment.objects.get(person=town.people.shift, post="uoc.duty")
    assert seat.acting and str(seat.since) == "2026-12-01" and str(seat.until) == "2026-12-04"
    admin.post(f"/setup/sheets/{load.pk}/back")
    seat.refresh_from_db()
    assert seat.until == seat.since, "holds on no day"


def test_what_changed_meanwhile_is_looked_at_again(
    town: SimpleNamespace, admin: Client, bring: Callable[..., Load]
) -> None:
    rows: Rows = [["A角", "B角"], ["desk先生", "shift先生"]]
    load = bring("standing_in", book(rows))
    mark = services.mark_of(services.planned(load))
    appoint([Appointment(person=town.people.desk, post=town.posts["leader"], since=clock.today())])
    assert admin.post(f"/setup/sheets/{load.pk}/write", {"mark": mark}).status_code == 409
    assert load.state == "seen" and not LoadRow.objects.exists()


def test_a_failure_half_way_leaves_nothing(
    town: SimpleNamespace, admin: Client, bring: Callable[..., Load], monkeypatch: pytest.MonkeyPatch
) -> None:
    load = answered(admin, bring("contacts", book(CONTACTS, "B3:B6", "E4:E6")), who="new")

    def broken(*_given: object) -> list[LoadRow]:
        raise services.SetupError("坏了。")

    monkeypatch.setitem(services.loading_sheets._WRITERS, "seat", broken)
    mark = services.mark_of(services.planned(load))
    assert admin.post(f"/setup/sheets/{load.pk}/write", {"mark": mark}).status_code == 409
    assert not Office.objects.filter(name="规划办").exists() and not Person.objects.filter(name="孙二").exists()
    load.refresh_from_db()
    assert load.state == "seen" and load.upload is not None, "it can be tried again"


def test_a_file_that_is_no_sheet_is_refused_and_not_kept(town: SimpleNamespace, admin: Client) -> None:
    file = SimpleUploadedFile("x.xlsx", b"PK\x03\x04not a book")
    assert admin.post("/setup/sheets", {"sort": "ledger", "file": file}).status_code == 400
    assert not Load.objects.exists() and not Upload.objects.exists()
    assert admin.post("/setup/sheets", {"sort": "ledger"}).status_code == 400
    nothing = book([["甲", "乙"], ["1", "2"]])
    load_answer = admin.post("/setup/sheets", {"sort": "ledger", "file": nothing})
    assert "要有名称" in admin.get(load_answer["Location"]).content.decode()


def test_nobody_else_sees_a_load(town: SimpleNamespace, admin: Client, bring: Callable[..., Load]) -> None:
    load = bring("ledger", book(LEDGER))
    other = Client()
    other.force_login(town.people.shift)
    for path in ("/setup/sheets", f"/setup/sheets/{load.pk}"):
        assert other.get(path).status_code == 404
    assert other.post(f"/setup/sheets/{load.pk}/write", {"mark": "x"}).status_code == 404
    assert actor(town.people.admin).may("manage_areas")
