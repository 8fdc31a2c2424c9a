"""Several demands in one letter: proposed, confirmed by a person, each its matter; the report stays one with one answer."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from django.test import Client
from django.urls import reverse

from doudi.web.fsck.queries import examine
from doudi.web.matters import services as matters
from doudi.web.matters.errors import MatterStepError
from doudi.web.matters.models import Demand, Matter, MatterClock
from doudi.web.reports.models import Report, ReportClock, ReportEvent
from doudi.web.triage.services import Incoming, receive, split
from tests.web.town import actor

LETTER = "门口有人摆摊占道，走不过去。另外路边的垃圾没人清，臭得很，打13912345678。此外三楼着火了，里面还有人"


def received(town: SimpleNamespace, words: str = LETTER) -> Matter:
    return receive([Incoming("scan", words, unit_code=town.shop.code, phone="021-55501234")])[0].matters[0]


def whole() -> None:
    assert [str(one) for one in examine() if not one.code.startswith("job.")] == []


@pytest.fixture
def desk(town: SimpleNamespace) -> Client:
    client = Client()
    client.force_login(town.people.desk)
    return client


def press(desk: Client, matter: Matter, **fields: object) -> int:
    step = reverse("matter_step", args=[matter.number, "split"])
    return desk.post(step, {"version": matter.version, **fields}).status_code


def test_the_desk_sees_what_may_be_parted_without_numbers_of_persons(desk: Client, town: SimpleNamespace) -> None:
    page = desk.get(received(town).get_absolute_url()).content.decode()
    assert "拆成几件" in page and "路边的垃圾没人清" in page and "13912345678" not in page
    assert "拆成几件" not in desk.get(received(town, "门口有人摆摊占道").get_absolute_url()).content.decode()


def test_confirmed_each_is_a_matter_and_the_report_is_one(desk: Client, town: SimpleNamespace) -> None:
    matter = received(town)
    assert press(desk, matter, others=["1", "2"]) == 302
    report = Report.objects.get()
    asked = list(Demand.objects.filter(report=report).order_by("position").select_related("matter"))
    assert [one.asks for one in asked] == [
        "门口有人摆摊占道，走不过去",
        "路边的垃圾没人清，臭得很，打13912345678",
        "三楼着火了，里面还有人",
    ]
    assert asked[0].matter_id == matter.pk and len({one.matter_id for one in asked}) == 3
    assert [one.matter.lane for one in asked][2] == "life" and asked[1].matter.lane == "normal"
    assert report.words == LETTER and ReportClock.objects.filter(which="reply").count() == 1
    assert MatterClock.objects.filter(matter=asked[2].matter, which="make_safe").exists()
    [told] = ReportEvent.objects.filter(report=report, kind="split")
    assert sorted(told.payload["taken"]) == ["asks.1", "asks.2", "asks.3"]
    whole()


def test_what_is_not_ticked_stays_with_what_stands_before_it(desk: Client, town: SimpleNamespace) -> None:
    assert press(desk, received(town), others=["2"]) == 302
    first, second = Demand.objects.order_by("position").values_list("asks", flat=True)
    assert "垃圾没人清" in first and second == "三楼着火了，里面还有人"
    whole()


def test_nothing_ticked_splits_nothing(desk: Client, town: SimpleNamespace) -> None:
    assert press(desk, received(town)) == 400
    assert Matter.objects.count() == 1


def test_who_may_not_merge_is_offered_nothing_and_a_split_needs_two(town: SimpleNamespace) -> None:
    matter = received(town)
    demand = matter.demands.get()
    with pytest.raises(MatterStepError, match="至少分成两件"):
        split(actor(town.people.desk), matter, demand, ["只有一件"], "")
    with pytest.raises(Exception, match="权限"):
        split(actor(town.people.cleaner), matter, demand, ["一件", "另一件"], "看着像")


def test_one_answer_goes_to_the_report_when_all_is_done(town: SimpleNamespace) -> None:
    matter, desk = received(town), actor(town.people.desk)
    new = split(desk, matter, matter.demands.get(), ["有人摆摊占道", "垃圾没人清"], "两件事")
    for one in (matter, *new):
        one.refresh_from_db()
        matters.void(desk, one, "已解决")
    matters.answer_report(desk, Report.objects.get(), "都办好了", final=True)
    assert Report.objects.get().status == "replied"
    whole()


def test_a_clerk_who_takes_down_is_told_that_it_sounds_like_several_things(desk: Client) -> None:
    page = desk.post(reverse("entry_hear"), {"words": LETTER}).content.decode()
    assert "像是 3 件事" in page
    assert "件事：" not in desk.post(reverse("entry_hear"), {"words": "门口有人摆摊占道"}).content.decode()
