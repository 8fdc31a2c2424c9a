"""What a sheet may not decide by itself is asked; what does not fit is a fault with its line."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from types import SimpleNamespace

import pytest

from doudi.web.areas.services import NewArea, save_areas
from doudi.web.people.services import NewOffice, NewPost, end_posts, save_offices, save_posts
from doudi.web.setup.sheets import SORTS
from doudi.web.setup.sheets.planned import Planned
from doudi.web.units.services import NewUnit, mint_units
from tests.web.town import EAST, EAST_GRID, FOUNDED, WEST, WEST_GRID

Plan = Callable[..., Planned]
_LIST = ("单位", "岗位", "姓名", "电话")
_LEDGER = ("店名", "地址", "业态", "村居", "网格")


@pytest.fixture
def plan(town: SimpleNamespace, tmp_path: Path) -> Plan:
    def planned(sort: str, *rows: tuple[str, ...], answers: Mapping[str, str] | None = None) -> Planned:
        path = tmp_path / "sheet.csv"
        path.write_text("\n".join(",".join(row) for row in rows), encoding="utf-8-sig")
        return SORTS[sort].plan(path, answers or {})

    return planned


def rows_of(found: Planned, table: str) -> list[Mapping[str, object]]:
    return [one.values for one in found.changes if one.table == table]


def test_a_role_is_taken_by_its_full_name_and_shown(plan: Plan) -> None:
    end_posts(["market.food"])
    found = plan("contacts", _LIST, ("市场监管所", "市监食品岗", "赵一", ""))
    assert not found.asks and rows_of(found, "post")[0]["role"] == "market.food"
    assert "市监食品岗" in next(one.detail for one in found.changes if one.table == "post")


def test_a_role_of_another_office_is_asked_about(plan: Plan, monkeypatch: pytest.MonkeyPatch) -> None:
    roles = [
        {"role": "police.order", "name": "派出所·治安管理岗", "level": "town"},
        {"role": "grid_head.lead", "name": "综合网格长", "level": "village_group"},
    ]
    book = SimpleNamespace(version=SimpleNamespace(documents={"roles": roles}))
    monkeypatch.setattr("doudi.web.setup.sheets.contacts.rulebook_on", lambda: book)
    rows = (_LIST, ("东苑居委会", "治安管理岗", "赵一", ""), ("网格办", "综合网格长", "钱二", ""))
    asked = plan("contacts", *rows)
    (question,) = asked.asks
    assert question.key == "role:东苑居委会/治安管理岗" and not question.proposed
    assert [value for value, _name in question.choices] == ["police.order", "-"]
    none = plan("contacts", *rows, answers={question.key: "-"})
    assert all(one["role"] == one["code"] and not one["may_hold"] for one in rows_of(none, "post"))
    assert len(rows_of(none, "post")) == 2
    assert any("按片设岗" in one.template for one in none.remarks), "one of several areas is set up by hand"
    taken = plan("contacts", *rows, answers={question.key: "police.order"})
    assert rows_of(taken, "post")[0]["role"] == "police.order" and not rows_of(taken, "post")[0]["may_hold"]


def test_two_of_one_name_in_one_office_with_two_telephones_are_asked_about(plan: Plan) -> None:
    rows = (
        _LIST,
        ("规划办", "科员", "钱一", "111"),
        ("规划办", "科员", "钱一", "222"),
        ("规划办", "主任", "钱一", "111"),
    )
    said = {"office:规划办": "own"}
    asked = plan("contacts", *rows, answers=said)
    (question,) = asked.asks
    assert question.key == "who:规划办/钱一/222"
    two = plan("contacts", *rows, answers=said | {question.key: "new"})
    assert [one["phone"] for one in rows_of(two, "person")] == ["111", "222"] and len(rows_of(two, "seat")) == 3
    one = plan("contacts", *rows, answers=said | {question.key: "qianyi"})
    assert [one["phone"] for one in rows_of(one, "person")] == ["111"]
    assert any("另一个电话" in remark.template for remark in one.remarks)


def test_a_telephone_that_stands_in_a_later_line_is_kept(plan: Plan) -> None:
    rows = (_LIST, ("规划办", "科员", "钱一", ""), ("规划办", "主任", "钱一", "111"))
    found = plan("contacts", *rows, answers={"office:规划办": "own"})
    assert [one["phone"] for one in rows_of(found, "person")] == ["111"] and not found.asks


@pytest.mark.parametrize(
    ("sort", "head", "row"),
    [
        ("contacts", _LIST, ("规划办", "科员", "钱一", "1" * 31)),
        ("contacts", _LIST, ("规" * 61, "科员", "钱一", "")),
        ("contacts", _LIST, ("规划办", "岗" * 61, "钱一", "")),
        ("contacts", _LIST, ("规划办", "科员", "钱" * 61, "")),
        ("ledger", _LEDGER, ("店" * 81, "", "餐饮", "", "")),
        ("ledger", _LEDGER, ("店", "路" * 201, "餐饮", "", "")),
    ],
)
def test_what_has_no_room_is_a_fault_with_its_line(
    plan: Plan, sort: str, head: tuple[str, ...], row: tuple[str, ...]
) -> None:
    (fault,) = plan(sort, head, row).faults
    assert fault.line == 2 and "最多" in fault.why.template


def test_two_columns_of_one_meaning_are_asked_about(plan: Plan) -> None:
    rows = (("单位", "姓名", "电话", "手机"), ("规划办", "钱一", "021-1", "138"))
    said = {"office:规划办": "own"}
    asked = plan("contacts", *rows, answers=said)
    assert [one.key for one in asked.asks] == ["column:phone"]
    chosen = plan("contacts", *rows, answers=said | {"column:phone": "手机"})
    assert rows_of(chosen, "person")[0]["phone"] == "138"
    assert any("电话" in str(one.facts.get("columns")) for one in chosen.remarks)


def test_grids_of_one_name_lie_where_their_village_is(plan: Plan) -> None:
    save_areas(
        [NewArea(EAST_GRID, "第一网格", "grid", EAST, FOUNDED), NewArea(WEST_GRID, "第一网格", "grid", WEST, FOUNDED)]
    )
    rows = (
        _LEDGER,
        ("甲店", "路1号", "餐饮", "东苑居民区", "第一网格"),
        ("乙店", "路2号", "餐饮", "西浜村", "第一网格"),
    )
    said = {"type:餐饮": "shop.catering"}
    found = plan("ledger", *rows, answers=said)
    assert [one["area"] for one in rows_of(found, "unit")] == [EAST_GRID, WEST_GRID] and not found.asks
    asked = plan("ledger", _LEDGER, ("丙店", "", "餐饮", "", "第一网格"), answers=said)
    (question,) = asked.asks
    assert question.key == "area:第一网格" and {code for code, _name in question.choices} == {EAST_GRID, WEST_GRID}


def test_places_of_one_name_in_two_grids_are_two(plan: Plan) -> None:
    rows = (_LEDGER, ("便民点", "", "餐饮", "", "东苑第一网格"), ("便民点", "", "餐饮", "", "西浜第一网格"))
    said = {"type:餐饮": "shop.catering"}
    assert len(rows_of(plan("ledger", *rows, answers=said), "unit")) == 2
    mint_units([NewUnit("shop.catering", "便民点", EAST_GRID)])
    found = plan("ledger", *rows, answers=said)
    assert [one["area"] for one in rows_of(found, "unit")] == [WEST_GRID] and found.known == 1


def test_who_stands_in_sits_at_the_seat_of_whoever_is_away(plan: Plan) -> None:
    save_offices([NewOffice("zz", "另一个办", "own", FOUNDED)])
    save_posts([NewPost("zz.duty", "zz", "城运值班岗", "zz.duty", FOUNDED)])
    head = ("A角", "B角", "岗位")
    found = plan("standing_in", head, ("desk先生", "shift先生", "城运值班岗"))
    assert [one["post"] for one in rows_of(found, "stand_in")] == ["uoc.duty"]
    wrong = plan("standing_in", head, ("desk先生", "shift先生", "值班长"))
    assert [one.line for one in wrong.faults] == [2] and not wrong.changes
