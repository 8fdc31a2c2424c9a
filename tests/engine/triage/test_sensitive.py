"""Marks for a restricted circle; nothing is refused."""

from __future__ import annotations

import pytest

from doudi.engine.triage.sensitive import sensitivity


@pytest.mark.parametrize(
    ("text", "marks"),
    [
        ("网吧接纳未成年人上网", ("minor",)),
        ("再不处理我就同归于尽", ("extremism",)),
        ("再不解决就集体上访", ("petition",)),
        ("村干部吃拿卡要", ("whistleblowing",)),
        ("楼上群租，请 保 密", ("secret",)),
        ("匿名举报：有人毒打孩子，怕报复", ("minor", "secret")),
        ("", ()),
    ],
)
def test_careful_words_mark_a_report(text: str, marks: tuple[str, ...]) -> None:
    assert sensitivity(text) == marks


@pytest.mark.parametrize(
    "text",
    [
        "违停车辆堵路，消防车进不来",
        "商场大喇叭天天喊跳楼价",
        "店门口拉横幅占道",
        "我要举报楼下饭店油烟",
        "旅游行业的大巴乱停",
        "电梯又罢工了",
        "广场舞聚众扰民",
    ],
)
def test_words_that_people_also_use_of_streets_and_shops_mark_nothing(text: str) -> None:
    assert sensitivity(text) == ()
