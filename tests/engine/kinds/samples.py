"""A small catalogue as a clerk would write it, for the tests of kinds and triage."""

from __future__ import annotations

from typing import Any

from doudi.engine.kinds.catalogue import Catalogue


def fields(code: str, name: str, parent: str | None, *words: str, **more: Any) -> dict[str, Any]:
    """The fields of an ordinary kind; ``more`` replaces or adds some."""
    return {
        "code": code,
        "name": name,
        "parent": parent,
        "words": [*words],
        "lane": "normal",
        "verification": "second_person",
        "module": "handle.general",
        "filing": [
            {
                "condition": "发现即立案",
                "limits": [{"stage": "处置", "amount": 5, "unit": "working_day"}],
                "closes_when": "现场已消除",
            }
        ],
        "evidence": ["before_photo", "after_photo"],
        "source": "镇拟定",
    } | more


def life(code: str, name: str, parent: str | None, call: str, *words: str) -> dict[str, Any]:
    return fields(code, name, parent, *words, lane="life", emergency={"call": call, "say": f"请先拨打 {call}"})


DOCUMENT: list[dict[str, Any]] = [
    {"code": "event", "name": "事件"},
    {"code": "event.air", "name": "大气", "parent": "event"},
    fields(
        "event.air.fume",
        "油烟污染",
        "event.air",
        "油烟",
        "排烟",
        "呛人",
        pickable=True,
        icon="flame",
        standard="事件 01-16",
        competent={"body": "区生态环境局", "basis": "《大气污染防治法》第八十一条"},
    ),
    fields("event.air.dust", "工地扬尘", "event.air", "扬尘", "灰尘", "工地"),
    {"code": "event.noise", "name": "噪声", "parent": "event"},
    fields("event.noise.works", "施工扰民", "event.noise", "施工", "夜间施工", "噪音", "工地"),
    fields("event.noise.shop", "商业噪音", "event.noise", "喇叭", "噪音", "音响"),
    fields(
        "event.build",
        "违法搭建",
        "event",
        "违建",
        "搭建",
        verification="upstream",
        filing=[
            {
                "condition": "正在搭建",
                "limits": [
                    {"stage": "停工", "amount": 4, "unit": "working_hour"},
                    {"stage": "拆除", "amount": 20, "unit": "working_day"},
                ],
                "closes_when": "已拆除",
            },
            {
                "condition": "既有违建",
                "limits": [{"stage": "拆除", "amount": "0.5", "unit": "working_hour"}],
                "closes_when": "已拆除并复核",
            },
        ],
    ),
    {"code": "danger", "name": "险情"},
    life("danger.gas", "燃气泄漏", "danger", "119", "煤气味", "燃气味", "燃气泄漏"),
    life("danger.wire", "电线垂落", "danger", "119", "冒火花", "漏电", "电线垂落"),
    life("danger.threat", "轻生或伤人威胁", "danger", "110", "要跳楼", "轻生", "噪音"),
    life("danger.lift", "电梯困人", "danger", "119", "困…电梯", "电 梯 … 困"),
]


def catalogue() -> Catalogue:
    return Catalogue.from_document(DOCUMENT)
