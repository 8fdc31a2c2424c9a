from __future__ import annotations

import pytest

from doudi.engine.units.types import UnitType, UnitTypes, UnitTypesError

DOCUMENT: list[object] = [
    {"code": "premises", "name": "经营场所"},
    {"code": "shop.catering", "name": "餐饮店", "parent": "premises"},
    {"code": "edges", "name": "边界", "is_edge": True},
    {"code": "road_red_line", "name": "道路红线", "parent": "edges", "is_edge": True},
]


def test_types_form_a_tree_and_know_what_is_an_edge() -> None:
    types = UnitTypes.from_document(DOCUMENT)
    assert types.tree.upward("shop.catering") == ("shop.catering", "premises")
    assert types["road_red_line"] == UnitType("road_red_line", "道路红线", "edges", is_edge=True)
    assert not types["premises"].is_edge
    assert [each.code for each in types] == ["premises", "shop.catering", "edges", "road_red_line"]
    assert len(types) == 4
    assert "edges" in types
    assert "moon" not in types


def test_a_document_survives_reading_and_writing() -> None:
    assert UnitTypes.from_document(DOCUMENT).to_document() == DOCUMENT


def test_an_unknown_type_is_refused_by_name() -> None:
    with pytest.raises(UnitTypesError, match="没有单元类型“moon”"):
        UnitTypes.from_document(DOCUMENT)["moon"]


@pytest.mark.parametrize(
    ("document", "complaint"),
    [
        ({"premises": "经营场所"}, "应是一个列表"),
        (["premises"], "第 1 条应写明"),
        ([{"code": "a", "name": "甲"}, {"code": "b"}], "第 2 条缺少 code 或 name"),
        ([{"code": "", "name": "甲"}], "第 1 条缺少 code 或 name"),
        ([{"code": 5, "name": "甲"}], "第 1 条缺少 code 或 name"),
        ([{"code": "a", "name": ""}], "第 1 条缺少 code 或 name"),
        ([{"code": "a", "name": "甲", "color": "red"}], "不认识的字段“color”"),
        ([{"code": "a", "name": "甲", "parent": 7}], "“a”的 parent"),
        ([{"code": "a", "name": "甲", "is_edge": "yes"}], "“a”的 is_edge"),
        ([{"code": "a", "name": "甲"}, {"code": "a", "name": "乙"}], "“a”登记了两次"),
        ([{"code": "a", "name": "甲", "parent": "b"}], "上级“b”没有登记"),
        ([], "一个节点也没有"),
    ],
)
def test_a_faulty_document_is_refused_with_the_entry_at_fault(document: object, complaint: str) -> None:
    with pytest.raises(UnitTypesError, match=complaint):
        UnitTypes.from_document(document)
