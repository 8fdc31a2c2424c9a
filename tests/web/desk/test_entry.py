"""What the desk takes down for a caller: known while he speaks, received once, held at once, joined where it is the same."""

from __future__ import annotations

import re
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest

from doudi.web import clock
from doudi.web.matters.models import Demand, Matter
from doudi.web.reports.models import Contact, Report
from tests.web.desk.conftest import STALL, Visitor, content, photograph, report

Sit = Callable[[Any], Visitor]
HERE = "/desk/new"


@pytest.fixture
def desk(town: SimpleNamespace, sit: Sit) -> Visitor:
    return sit(town.people.desk)


def taken(desk: Visitor, status: int = 200, **said: Any) -> str:
    answer = desk.press(HERE, **{"channel": "phone", **said})
    assert answer.status_code == status, content(answer)[:3000]
    return content(answer)


def mark(desk: Visitor) -> str:
    found = re.search(r'name="mark" value="([^"]+)"', desk.read(HERE))
    assert found
    return found[1]


def test_a_call_becomes_a_report_with_its_holder(town: SimpleNamespace, desk: Visitor) -> None:
    page = taken(
        desk,
        words="门口有人占道摆摊",
        phone="13900001234",
        name="章女士",
        address=town.shop.code,
        kind=STALL,
        photos=photograph(),
    )
    made, matter = Report.objects.get(), Matter.objects.get()
    assert (made.channel, made.unit_id, made.photos.count()) == ("phone", town.shop.code, 1)
    assert (matter.kind, matter.holder_id, matter.unclear) == (STALL, "chengguan.east", "")
    assert made.number in page and matter.number in page and "城管东片岗" in page and "/r/" in page
    contact = Contact.objects.get(report=made)
    assert (contact.phone, contact.name) == ("13900001234", "章女士")
    told = made.events.order_by("seq").first()
    assert told is not None and told.person == town.people.desk


def test_what_the_words_alone_say_is_confirmed_as_ever(town: SimpleNamespace, desk: Visitor) -> None:
    taken(desk, words="门口有人占道摆摊", address=town.shop.code)
    assert Matter.objects.get().unclear == "confirm"


def test_several_things_become_several_matters_of_one_report(town: SimpleNamespace, desk: Visitor) -> None:
    page = taken(desk, words="门口有人占道摆摊", second="路灯不亮", address=town.shop.code, kind=STALL)
    assert Report.objects.count() == 1
    asks = list(Demand.objects.order_by("position").values_list("asks", flat=True))
    assert asks == ["门口有人占道摆摊", "路灯不亮"] and Matter.objects.count() == 2
    assert all(one.number in page for one in Matter.objects.all())


def test_the_same_form_twice_is_taken_down_once(town: SimpleNamespace, desk: Visitor) -> None:
    said = {"words": "门口有人占道摆摊", "mark": mark(desk)}
    taken(desk, **said)
    assert "没有重复登记" in taken(desk, **said)
    assert Report.objects.count() == 1
    taken(desk, words="路灯不亮", mark=mark(desk))
    assert Report.objects.count() == 2


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ({}, "请写一句对方说了什么"),
        ({"words": "  \n "}, "请写一句对方说了什么"),
        ({"words": "有人摆摊", "kind": "没有这种事"}, "事项目录里没有"),
        ({"words": "字" * 4001}, "4001 字"),
        ({"words": "有人摆摊", "channel": "scan"}, "来源"),
        ({"words": "有人摆摊", "happened_at": "25:99"}, "几点说的"),
    ],
)
def test_what_was_typed_stays_where_something_is_to_be_mended(
    town: SimpleNamespace, desk: Visitor, said: dict[str, str], told: str
) -> None:
    page = taken(desk, 400, phone="13900001234", **said)
    assert told in page and "13900001234" in page
    assert Report.objects.count() == 0


def test_a_photograph_that_is_none_costs_no_words(town: SimpleNamespace, desk: Visitor) -> None:
    bad = photograph("note.jpg")
    bad.file = type(bad.file)(b"no picture")  # type: ignore[call-arg]
    bad.size = 10
    page = taken(desk, words="门口有人占道摆摊", photos=bad)
    assert Report.objects.get().photos.count() == 0 and 'role="alert"' in page


def test_more_photographs_than_are_kept_are_said_and_not_dropped(town: SimpleNamespace, desk: Visitor) -> None:
    page = taken(desk, words="门口有人占道摆摊", photos=[photograph(f"{n}.jpg") for n in range(7)])
    assert Report.objects.get().photos.count() == 6 and "一次最多 6 张照片" in page


def test_an_hour_is_taken_as_people_write_it(town: SimpleNamespace, desk: Visitor) -> None:
    taken(desk, words="门口有人占道摆摊", happened_at="8点半")
    assert Report.objects.get().received_at.astimezone(clock.TOWN_ZONE).strftime("%H:%M") == "08:30"


def test_the_hour_of_the_call_is_kept_as_the_callers_claim(town: SimpleNamespace, desk: Visitor) -> None:
    taken(desk, words="门口有人占道摆摊", happened_at="00:00")
    made = Report.objects.get()
    assert made.received_at.astimezone(clock.TOWN_ZONE).strftime("%H:%M") == "00:00" and made.received_at <= clock.now()


def hear(desk: Visitor, **said: str) -> str:
    answer = desk.press(f"{HERE}/hear", **said)
    assert answer.status_code == 200
    return content(answer)


def test_while_somebody_speaks_the_desk_sees_kind_holder_place_and_the_like(
    town: SimpleNamespace, desk: Visitor
) -> None:
    known = report(town, "有人占道摆摊卖菜，占了人行道")
    page = hear(desk, words="有人占道摆摊卖菜", address=town.shop.code)
    assert "城管东片岗" in page and town.shop.name in page and known.number in page
    assert f'value="unit:{town.shop.code}" checked' in page
    assert Report.objects.count() == 1, "hearing stores nothing"


def test_danger_is_said_before_it_is_taken_down(town: SimpleNamespace, desk: Visitor) -> None:
    assert 'class="life"' in hear(desk, words="店里煤气泄漏，有人晕倒了")
    assert 'class="life"' not in hear(desk, words="门口有人摆摊")


def test_earlier_reports_of_the_number_are_shown_and_those_of_who_hides_are_not(
    town: SimpleNamespace, desk: Visitor
) -> None:
    first = report(town, "楼上太吵", phone="13900001234")
    hidden = report(town, "举报隔壁", phone="13900001234", secret=True)
    page = hear(desk, phone="139 0000 1234")
    number = {one: Demand.objects.get(matter=one).report.number for one in (first, hidden)}
    assert number[first] in page and number[hidden] not in page
    assert number[first] not in hear(desk, phone="1390")


def test_the_same_trouble_is_joined_when_it_is_taken_down(town: SimpleNamespace, desk: Visitor) -> None:
    known = report(town)
    page = taken(desk, words="还是那个占道摆摊的", address=town.shop.code, kind=STALL, twin=known.number)
    newer = Matter.objects.exclude(pk=known.pk).get()
    assert newer.merged_into_id == known.pk and known.number in page
    assert Report.objects.count() == 2


def test_a_twin_that_is_gone_takes_nothing_with_it(town: SimpleNamespace, desk: Visitor) -> None:
    page = taken(desk, 409, words="还是那个占道摆摊的", twin="20990101000000")
    assert "已经不在了" in page and "还是那个占道摆摊的" in page
    assert Report.objects.count() == 0


@pytest.mark.parametrize("place", ["unit:nothing", "area:nowhere", "none", "x", ":"])
def test_a_place_that_names_nothing_is_passed_over(town: SimpleNamespace, desk: Visitor, place: str) -> None:
    taken(desk, words="门口有人占道摆摊", place=place)
    assert Report.objects.get().unit_id is None


@pytest.mark.parametrize("who", ["east_officer", "grid_west", "auditor", "leader"])
def test_who_does_not_sit_at_the_desk_takes_nothing_down(town: SimpleNamespace, sit: Sit, who: str) -> None:
    other = sit(getattr(town.people, who))
    other.read(HERE, 404)
    assert other.press(HERE, words="x").status_code == 404 and Report.objects.count() == 0
