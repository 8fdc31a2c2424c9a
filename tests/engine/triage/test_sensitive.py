"""Marks for a restricted circle; nothing is refused."""

from __future__ import annotations

import pytest

from doudi.engine.triage.sensitive import restricts, sensitivity


@pytest.mark.parametrize(
    ("text", "marks"),
    [
        ("网吧接纳未成年人上网", ("minor",)),
        ("再不处理我就同归于尽", ("extremism",)),
        ("再不解决就集体上访", ("petition",)),
        ("村干部吃拿卡要", ("whistleblowing",)),
        ("楼上群租，请 保 密", ("secret",)),
        ("匿名举报：有人毒打孩子，怕报复", ("minor", "secret")),
        ("老公昨晚又把我打了，脸都肿了", ("domestic",)),
        ("楼上男的家暴，女的一直喊救命", ("domestic",)),
        ("邻居被丈夫殴打", ("domestic",)),
        ("儿子经常打老人，老人不敢说", ("domestic",)),
        ("隔壁天天打孩子，哭声很惨", ("minor",)),
        ("幼儿园老师打小朋友", ("minor",)),
        ("孩子身上都是伤，怀疑被继父打", ("minor", "domestic")),
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
        "小区门口有人打架",
        "孩子上学要过马路，没有红绿灯",
        "儿童游乐设施坏了，孩子被划伤",
        "给孩子打疫苗要排队",
        "我老公打电话给物业没人理",
        "婆婆打扫卫生时摔倒",
        "儿子打篮球的场地积水",
        "爸爸打工的工地拖欠工资",
        "老人被电动车撞了",
        "锁在楼下的儿童车被偷",
        "妈妈把孩子的车停在楼道",
    ],
)
def test_words_that_people_also_use_of_streets_and_shops_mark_nothing(text: str) -> None:
    assert sensitivity(text) == ()


@pytest.mark.parametrize(
    ("text", "closed"),
    [
        ("电视里讲有人跳楼自杀，吓煞人", False),
        ("未成年人禁止入内的牌子掉下来了", False),
        ("有人要跳楼，快来", False),
        ("要求保密，不要透露我的名字", False),
        ("实名举报村干部吃拿卡要", True),
        ("再不解决就集体上访，同归于尽", True),
    ],
)
def test_one_word_closes_no_report_to_others(text: str, closed: bool) -> None:
    assert restricts(text) is closed
