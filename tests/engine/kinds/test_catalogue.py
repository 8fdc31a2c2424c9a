"""The catalogue of matters: what it tells, and what it tells those who edit it."""

from __future__ import annotations

from copy import deepcopy
from decimal import Decimal
from typing import Any

import pytest

from doudi.engine.kinds.catalogue import (
    Catalogue,
    CatalogueError,
    Competent,
    Emergency,
    Lane,
    Verification,
    handling_limits,
)
from doudi.engine.workdays import StagedLimit, Term, TimeUnit

from .samples import DOCUMENT, catalogue, fields, life


def test_a_kind_carries_what_its_entry_says() -> None:
    fume = catalogue().kind("event.air.fume")
    assert (fume.name, fume.parent, fume.words) == ("油烟污染", "event.air", ("油烟", "排烟", "呛人"))
    assert (fume.lane, fume.verification) == (Lane.NORMAL, Verification.SECOND_PERSON)
    assert (fume.module, fume.evidence) == ("handle.general", ("before_photo", "after_photo"))
    assert fume.competent == Competent("区生态环境局", "《大气污染防治法》第八十一条")
    assert (fume.emergency, fume.source, fume.standard) == (None, "镇拟定", "事件 01-16")
    assert (fume.pickable, fume.icon) == (True, "flame")
    assert catalogue().kind("danger.gas").emergency == Emergency("119", "请先拨打 119")


def test_groups_are_for_the_eye_and_kinds_stand_at_the_ends() -> None:
    kinds = catalogue()
    assert kinds.tree.children("event") == ("event.air", "event.noise", "event.build")
    assert [kind.code for kind in kinds.leaves()][:2] == ["event.air.fume", "event.air.dust"]
    assert "event.air.fume" in kinds
    assert "event.air" not in kinds
    assert None not in kinds
    with pytest.raises(CatalogueError, match=r"目录里没有事项 event\.air，请从目录中选一个最末级的事项"):
        kinds.kind("event.air")


def test_a_kind_is_named_by_its_path_and_in_short() -> None:
    kinds = catalogue()
    assert kinds.name("event.air.fume") == "事件 / 大气 / 油烟污染"
    assert kinds.names()["event.air"] == "大气"
    with pytest.raises(CatalogueError, match=r"目录里没有 event\.sea"):
        kinds.name("event.sea")


def test_only_some_kinds_are_shown_as_pictures() -> None:
    assert [kind.code for kind in catalogue().pickable] == ["event.air.fume"]


def test_each_filing_condition_has_limits_of_its_own() -> None:
    build = catalogue().kind("event.build")
    assert handling_limits(build) == (
        StagedLimit("停工", Term(4, TimeUnit.WORKING_HOUR)),
        StagedLimit("拆除", Term(20, TimeUnit.WORKING_DAY)),
    )
    assert handling_limits(build, 1) == (StagedLimit("拆除", Term(Decimal("0.5"), TimeUnit.WORKING_HOUR)),)
    for missing, said in ((2, "没有第 3 个"), (-1, "没有第 0 个")):
        with pytest.raises(CatalogueError, match=f"违法搭建只有 2 个立案条件，{said}"):
            handling_limits(build, missing)


def test_a_catalogue_written_to_its_document_reads_the_same() -> None:
    written = catalogue().to_document()
    again = Catalogue.from_document(written)
    assert again.leaves() == catalogue().leaves()
    assert (list(again.tree), again.names()) == (list(catalogue().tree), catalogue().names())
    assert again.to_document() == written
    assert written[2]["filing"] == DOCUMENT[2]["filing"]


def test_every_lane_has_words() -> None:
    assert [lane.label for lane in Lane] == ["生命安全", "紧急", "普通"]


@pytest.mark.parametrize(
    ("change", "field", "expected"),
    [
        ({"name": ""}, "name", "不能空着"),
        ({"name": 12}, "name", "应为文字"),
        ({"words": []}, "words", "至少一个"),
        ({"words": "油烟"}, "words", "应为一列文字"),
        ({"words": [110]}, "words", "应为一列文字"),
        ({"lane": "fast"}, "lane", "不认识“fast”，请从 life、urgent、normal 中选一个"),
        ({"lane": "life"}, "emergency", "先打哪个电话"),
        ({"lane": "life", "emergency": {"call": "119"}}, "say", "不能空着"),
        ({"emergency": "119"}, "emergency", "应写成"),
        ({"verification": None}, "verification", "不能空着"),
        ({"module": ""}, "module", "不能空着"),
        ({"source": ""}, "source", "不能空着"),
        ({"filing": []}, "filing", "不能空着"),
        ({"filing": "立即"}, "filing", "应为一列条目"),
        ({"filing": ["立即"]}, "filing 第 1 条", "应写成"),
        ({"pickable": "yes"}, "pickable", "应为 true 或 false"),
        ({"pickable": True}, "icon", "必须有图标"),
        ({"competent": {"body": "区局"}}, "basis", "不能空着"),
        ({"competent": {"body": "区局", "basis": "法", "phone": "1"}}, "phone", "不认识这一栏"),
        ({"colour": "red"}, "colour", "不认识这一栏"),
    ],
)
def test_an_entry_with_a_fault_is_named_with_its_field_and_what_is_expected(
    change: dict[str, Any], field: str, expected: str
) -> None:
    with pytest.raises(CatalogueError) as refused:
        Catalogue.from_document([fields("event.x", "样例", None, "样例") | change])
    assert refused.value.facts["field"] == field
    assert str(refused.value.facts["entry"]).startswith("event.x")
    assert expected in str(refused.value)


@pytest.mark.parametrize(
    ("limit", "field", "expected"),
    [
        ({"stage": "处置", "amount": 0, "unit": "working_day"}, "amount", "大于零"),
        ({"stage": "处置", "amount": 1, "unit": "moon"}, "amount", "没有时间单位“moon”"),
        ({"stage": "处置", "amount": 1}, "unit", "不能空着"),
        ({"amount": 1, "unit": "working_day"}, "stage", "不能空着"),
        ({"stage": "处置", "amount": 1, "unit": "working_day", "days": 3}, "days", "不认识这一栏"),
    ],
)
def test_a_limit_with_a_fault_is_named_by_its_place_in_the_entry(
    limit: dict[str, Any], field: str, expected: str
) -> None:
    entry = deepcopy(fields("event.x", "样例", None, "样例"))
    entry["filing"][0]["limits"].append(limit)
    with pytest.raises(CatalogueError) as refused:
        Catalogue.from_document([entry])
    assert refused.value.facts["entry"] == "event.x 的 filing 第 1 条 的 limits 第 2 条"
    assert refused.value.facts["field"] == field
    assert expected in str(refused.value)


def test_an_entry_without_a_code_is_called_by_its_name() -> None:
    with pytest.raises(CatalogueError, match="事项 大气 的 code 栏：不能空着"):
        Catalogue.from_document([{"name": "大气"}])
    with pytest.raises(CatalogueError, match=r"事项 \? 的 code 栏"):
        Catalogue.from_document([{}])


def test_a_code_is_used_once_and_parents_exist() -> None:
    with pytest.raises(CatalogueError, match="事项代码 event 用了两次"):
        Catalogue.from_document([*DOCUMENT, {"code": "event", "name": "又一个"}])
    with pytest.raises(CatalogueError, match=r"事项目录的上下级不通：.*“sea”没有登记"):
        Catalogue.from_document([*DOCUMENT, fields("sea.wave", "浪", "sea", "浪")])
    with pytest.raises(CatalogueError, match="事项目录的上下级不通"):
        Catalogue.from_document([])


def test_a_group_has_something_below_it_and_a_kind_has_nothing() -> None:
    with pytest.raises(CatalogueError, match="empty 不合目录的样子"):
        Catalogue.from_document([*DOCUMENT, {"code": "empty", "name": "空"}])
    with pytest.raises(CatalogueError, match=r"event\.build 不合目录的样子"):
        Catalogue.from_document([*DOCUMENT, life("event.build.fall", "倒塌", "event.build", "119", "倒塌")])
