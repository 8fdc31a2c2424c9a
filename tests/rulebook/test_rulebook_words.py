"""The words of the catalogue hear what residents say: dangers are not missed, and talk is not taken for danger."""

from __future__ import annotations

from functools import cache

import pytest

from doudi.engine.kinds.catalogue import Catalogue, Lane
from doudi.engine.triage.candidates import likely_kinds
from doudi.engine.triage.danger import lane_of
from tests.rulebook import shipped


@cache
def catalogue() -> Catalogue:
    return Catalogue.from_document(shipped.kinds())


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        ("楼道里闻到很重的煤气味", "event.danger.gas_smell"),
        ("门口电线断了在冒火花", "event.danger.live_wire"),
        ("隔壁三楼着火了", "event.danger.fire"),
        ("老房子塌了一半，有人在里面", "event.danger.house_collapse"),
        ("电梯困人了，有孩子", "event.danger.lift_trapped"),
        ("厂里氨气味很重，大家头晕", "event.danger.chemical_leak"),
        ("对面楼顶有人要跳楼", "event.danger.self_harm"),
        ("烧烤摊上有人拿刀追人", "event.danger.violence"),
        ("有人掉河里了，快来", "event.danger.drowning"),
        ("外墙砖要掉下来了，下面是学校门口", "event.danger.falling_object"),
        ("井盖没了，小孩差点掉井里", "event.danger.open_pit"),
        ("马路突然塌陷一个大洞", "event.sudden.road_collapse"),
        ("挖机挖断燃气管", "event.sudden.gas_pipe"),
    ],
)
def test_danger_is_heard_in_the_words_people_use(said: str, kind: str) -> None:
    alarm = lane_of(said, None, catalogue())
    assert (alarm.lane, alarm.kind) == (Lane.LIFE, kind)
    assert alarm.emergency is not None


@pytest.mark.parametrize(
    "said", ["车胎漏气想找地方补", "游乐场的跳楼机太吵", "路灯想几点亮就几点亮", "隔壁店关门，货架堆在门口"]
)
def test_everyday_talk_raises_no_alarm(said: str) -> None:
    assert lane_of(said, None, catalogue()).lane is not Lane.LIFE


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        ("楼下饭店油烟味太呛人", "event.environment.fume"),
        ("有人把装修垃圾偷倒在路边，一大堆碎砖", "event.environment.rubble"),
        ("水果店跨门经营，人行道走不过去", "event.order.shop_outside"),
        ("三楼又飞线充电，太危险", "hotline.housing.fly_charging"),
        ("路灯不亮半个月了", "component.utility.streetlight"),
        ("工地半夜施工，根本睡不着", "event.works.noise"),
        ("门前这条河臭水沟一样，淤泥很厚", "event.environment.water_dirty"),
        ("健身房跑路了，预付卡还有两千块", "hotline.market.prepaid"),
    ],
)
def test_the_likeliest_kind_is_the_one_a_neighbour_would_name(said: str, kind: str) -> None:
    assert likely_kinds(said, catalogue())[0].kind == kind
