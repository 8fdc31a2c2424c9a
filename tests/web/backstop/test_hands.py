"""Who is on tonight, which crew goes, what it costs, and for whom the town carried it."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from types import SimpleNamespace

import pytest

from doudi.engine.resources.works import WorkError
from doudi.web import clock
from doudi.web.backstop import services as backstop
from doudi.web.backstop.errors import CrewError, OrderError
from doudi.web.backstop.models import Crew, CrewPrice, MakeSafeOrder
from doudi.web.backstop.queries import crews_tonight, ledger
from doudi.web.backstop.services import NewCrew, NewPrice
from doudi.web.fsck.queries import examine
from doudi.web.matters import services as matters
from doudi.web.matters.models import Assignment, Matter, MatterClock, MatterEvent
from doudi.web.matters.queries import visible
from doudi.web.people.errors import NotAllowedError
from tests.web.backstop.conftest import price
from tests.web.town import EAST, TUESDAY, WEST

HOUR = timedelta(hours=1)


def whole() -> None:
    assert [str(fault) for fault in examine() if not fault.code.startswith("job.")] == []


def sent(hands: SimpleNamespace, matter: Matter, name: str = "围挡", quantity: str = "12") -> MakeSafeOrder:
    return backstop.send_crew(hands.grid_east, matter, price(name), Decimal(quantity), text="先围起来")


def test_it_is_caught_and_to_be_made_safe(hands: SimpleNamespace, matter: Matter) -> None:
    assert (matter.holder_id, matter.layer, matter.unclear) == ("grid.east", "backstop", "gap")
    assert matter.ambiguity == ["gap", "ownerless"]
    assert MatterClock.objects.get(matter=matter, which="make_safe").ended_at is None


def test_somebody_real_answers_for_every_crew_tonight(hands: SimpleNamespace) -> None:
    (torch,) = crews_tonight(EAST)
    assert (torch.answering.name, torch.answering.phone) == ("夜班先生", "19900000001")
    road, again = crews_tonight(WEST)
    assert (road.crew.code, road.answering.phone, again.crew.code) == ("road", "021-55509999", "torch")
    with clock.at(TUESDAY + 13 * HOUR):
        assert crews_tonight(EAST)[0].answering.name == "托底先生"


def test_a_crew_is_sent_arrives_and_makes_it_safe(hands: SimpleNamespace, matter: Matter) -> None:
    order = sent(hands, matter)
    assert order.cost == Decimal("420.00")
    assert matter in visible(hands.lead)
    limit = MatterClock.objects.get(matter=matter, which="support")
    assert limit.due_at == MatterClock.objects.get(matter=matter, which="make_safe").due_at
    with clock.at(TUESDAY + HOUR / 2):
        backstop.arrive(hands.lead, matter, order)
    with clock.at(TUESDAY + HOUR):
        backstop.finish(hands.lead, matter, order, "四周已围挡，挂了警示灯", quantity=Decimal(10))
    order.refresh_from_db()
    assert (order.state, order.on_site_at, order.cost) == ("done", TUESDAY + HOUR / 2, Decimal("350.00"))
    assert MatterClock.objects.get(matter=matter, which="make_safe").met is True
    assert not Assignment.objects.filter(matter=matter, role="support", until__isnull=True).exists()
    kinds = list(MatterEvent.objects.filter(matter=matter).values_list("kind", flat=True))
    assert kinds == ["accepted", "crew_sent", "support_added", "crew_arrived", "made_safe", "support_done"]
    whole()


def test_what_needs_anothers_power_is_refused_with_a_way(hands: SimpleNamespace, matter: Matter) -> None:
    with pytest.raises(WorkError, match="先围挡警示"):
        backstop.send_crew(hands.desk, matter, price("拖车"), Decimal(1))
    assert not MakeSafeOrder.objects.exists()
    backstop.send_crew(hands.desk, matter, price("拖车"), Decimal(1), authority="交警中队来电同意")


def test_who_may_send_and_who_may_record(hands: SimpleNamespace, matter: Matter) -> None:
    for stranger in (hands.grid_west, hands.market, hands.lead):
        with pytest.raises(NotAllowedError):
            backstop.send_crew(stranger, matter, price("围挡"), Decimal(1))
    with pytest.raises(NotAllowedError):
        backstop.send_crew(hands.leader, matter, price("围挡"), Decimal(1))
    order = sent(hands, matter)
    with pytest.raises(OrderError, match="由托底一队、承办岗或值班岗记录"):
        backstop.arrive(hands.leader, matter, order)
    backstop.arrive(hands.desk, matter, order)
    with pytest.raises(OrderError, match="刷新"):
        backstop.arrive(hands.lead, matter, order)
    with pytest.raises(OrderError, match="是否安全"):
        backstop.finish(hands.lead, matter, order, "")
    backstop.finish(hands.desk, matter, order, "电话确认已围挡")
    assert Assignment.objects.get(matter=matter, role="support").until is not None
    whole()


def test_a_crew_that_is_not_needed_is_called_off_and_costs_nothing(hands: SimpleNamespace, matter: Matter) -> None:
    order = sent(hands, matter)
    with pytest.raises(OrderError, match="不用去"):
        backstop.call_off(hands.desk, matter, order, " ")
    backstop.call_off(hands.desk, matter, order, "权属单位已到场")
    assert [(one.carried.orders, one.carried.cost) for one in ledger(hands.desk)] == [(0, Decimal(0))]
    with pytest.raises(OrderError, match="刷新"):
        backstop.finish(hands.desk, matter, order, "还是去了")
    assert matter not in Matter.objects.filter(pk__in=visible(hands.market))
    whole()


@pytest.mark.parametrize("quantity", ["0", "-1"])
def test_nothing_is_not_ordered(hands: SimpleNamespace, matter: Matter, quantity: str) -> None:
    with pytest.raises(OrderError, match="大于零"):
        sent(hands, matter, quantity=quantity)


def test_an_order_keeps_the_price_it_was_given_at(hands: SimpleNamespace, matter: Matter) -> None:
    order, old = sent(hands, matter), price("围挡")
    dearer = (NewPrice("fence", "围挡", "米", Decimal("50.00")),)
    backstop.save_crew(hands.shift, NewCrew("torch", "torch", "托底一队", ("fence",), dearer, post="torch.lead"))
    order.refresh_from_db()
    assert (order.price, price("围挡").price) == (Decimal("35.00"), Decimal("50.00"))
    old.refresh_from_db()
    with pytest.raises(OrderError, match="停用"):
        backstop.send_crew(hands.desk, matter, old, Decimal(1))
    assert not CrewPrice.objects.filter(name="清运", until__isnull=True).exists()


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"office": "committee"}, "派不出队伍"),
        ({"post": "uoc.duty"}, "自己的单位"),
        ({"post": None}, "半夜要找得到人"),
        ({"works": ()}, "至少选一项"),
        ({"prices": (NewPrice("tow", "拖车", "辆", Decimal(1)),)}, "不在这支队伍"),
    ],
)
def test_a_crew_that_nobody_could_send_is_not_entered(
    hands: SimpleNamespace, change: dict[str, object], words: str
) -> None:
    given = {
        "code": "new",
        "office": "torch",
        "name": "新队",
        "works": ("fence",),
        "prices": (),
        "post": "torch.lead",
        **change,
    }
    with pytest.raises(CrewError) as refused:
        backstop.save_crew(hands.shift, NewCrew(**given))  # type: ignore[arg-type]
    assert words in str(refused.value)
    with pytest.raises(NotAllowedError):
        backstop.save_crew(hands.desk, NewCrew("new", "torch", "新队", ("fence",), (), post="torch.lead"))


def test_a_crew_that_is_dissolved_is_sent_nowhere(hands: SimpleNamespace, matter: Matter) -> None:
    old = price("围挡")
    backstop.end_crew(hands.shift, hands.crew)
    assert crews_tonight(EAST) == []
    with pytest.raises(OrderError, match="停用"):
        backstop.send_crew(hands.desk, matter, Crew.objects.get(pk="torch").prices.get(pk=old.pk), Decimal(1))


def test_carried_for_whom_follows_from_what_was_done(hands: SimpleNamespace, matter: Matter) -> None:
    backstop.finish(hands.lead, matter, sent(hands, matter), "已围挡")
    (line,) = ledger(hands.desk)
    assert (line.carried.month, line.carried.by, line.carried.on_behalf_of) == ("2026-11", "grid.east", "")
    assert (line.carried.orders, line.carried.cost) == (1, Decimal("420.00"))
    with clock.at(TUESDAY + HOUR):
        matters.dispatch(
            hands.desk, matter, kind=matter.kind, holder=hands.town.posts["greening.street"], text="按裁定归市容所"
        )
    (line,) = ledger(hands.desk)
    assert (line.carried.on_behalf_of, line.carried.held) == ("绿化市容所", HOUR)
    assert ledger(hands.market) == []
    assert ledger(hands.desk, month="2026-10") == [] == ledger(hands.desk, body="区水务局")


def test_the_town_sees_no_ledger_of_what_it_may_not_see(hands: SimpleNamespace, matter: Matter) -> None:
    Matter.objects.update(restricted=True)
    assert ledger(hands.desk) == []
    assert len(ledger(hands.shift)) == 1
