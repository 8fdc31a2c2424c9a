"""A desk changes hands: what is laid out is signed for, or stays with the leader on duty."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from doudi.web import clock
from doudi.web.fsck.queries import examine as faults
from doudi.web.journal.models import Leaf
from doudi.web.matters.models import Matter
from doudi.web.notices.models import Notice
from doudi.web.people.actor import Actor
from doudi.web.people.errors import NotAllowedError
from doudi.web.records.errors import StaleError
from doudi.web.retention.services import erasing
from doudi.web.shifts import queries, services
from doudi.web.shifts.models import Handover, HandoverItem
from doudi.web.shifts.services import HandoverError, NewItem
from doudi.web.timers.running import run_due
from tests.web.desk.conftest import closed, dispatched, report
from tests.web.town import TUESDAY, actor


def begun(town: SimpleNamespace, *said: str, matter: Matter | None = None) -> Handover:
    items = [NewItem(None, one) for one in said]
    return services.begin(actor(town.people.desk), [*([NewItem(matter, "盯紧")] if matter else []), *items], "一切正常")


def states(handover: Handover) -> list[str]:
    return list(handover.items.order_by("position").values_list("state", flat=True))


def test_each_thing_is_signed_for(town: SimpleNamespace, next_one: Any) -> None:
    handover = begun(town, "对讲机有一台没电", matter=report(town))
    done = services.settle(actor(next_one), handover, [1, 2], {})
    assert (done.signed, done.left, handover.state) == (2, 0, "signed")
    assert states(handover) == ["signed", "signed"] and handover.to_person == next_one
    told = list(Leaf.objects.filter(body__contains="handover").order_by("seq").values_list("body", flat=True))
    assert len(told) == 2 and all("对讲机" not in one for one in told) and not list(faults())


def test_what_nobody_signs_for_stays_with_the_leader_on_duty(town: SimpleNamespace, next_one: Any) -> None:
    handover = begun(town, "钥匙在抽屉", "车没油了")
    with pytest.raises(HandoverError):
        services.settle(actor(next_one), handover, [1], {2: "  "})
    assert states(handover) == ["open", "open"]
    done = services.settle(actor(next_one), handover, [1], {2: "没看到车"})
    assert (done.signed, done.left, handover.state) == (1, 1, "part")
    left = handover.items.get(position=2)
    assert left.leader_id == "uoc.shift_leader" and left.why is not None and left.why.text == "没看到车"
    notice = Notice.objects.get(kind="handover_left")
    assert notice.urgent and notice.post_id == "uoc.shift_leader"
    services.take_left(actor(town.people.shift), left)
    assert states(handover) == ["signed", "signed"]
    with pytest.raises(StaleError):
        services.take_left(actor(town.people.shift), left)
    assert not list(faults())


def test_nobody_signs_for_himself_or_twice(town: SimpleNamespace, next_one: Any) -> None:
    handover = begun(town, "钥匙在抽屉")
    with pytest.raises(HandoverError):
        services.settle(actor(town.people.desk), handover, [1], {})
    services.settle(actor(next_one), handover, [1], {})
    with pytest.raises(StaleError):
        services.settle(actor(town.people.shift), Handover.objects.get(), [1], {})


def test_what_is_changed_past_the_services_is_found(town: SimpleNamespace, next_one: Any) -> None:
    handover = begun(town, "钥匙在抽屉")
    services.settle(actor(next_one), handover, [1], {})
    HandoverItem.objects.update(state="open")
    assert [one.code for one in faults()] == ["shift.item_state"]
    HandoverItem.objects.update(state="signed")
    Handover.objects.update(to_person=town.people.desk)
    assert [one.code for one in faults()] == ["shift.own_signature"]


def test_a_desk_has_one_open_handover(town: SimpleNamespace, next_one: Any) -> None:
    first = begun(town, "钥匙在抽屉")
    with pytest.raises(HandoverError):
        begun(town, "再来一次")
    with pytest.raises(HandoverError):
        services.cancel(actor(next_one), first)
    services.cancel(actor(town.people.desk), first)
    assert states(first) == ["cancelled"]
    assert begun(town, "重新列").pk != first.pk and not list(faults())


def test_an_empty_one_needs_a_word(town: SimpleNamespace) -> None:
    with pytest.raises(HandoverError):
        services.begin(actor(town.people.desk), [], " ")
    assert services.begin(actor(town.people.desk), [], "本班无遗留").state == "open"


@pytest.mark.parametrize("who", ["leader", "east_officer", "grid_east", "auditor", "admin"])
def test_only_a_desk_is_handed_over(town: SimpleNamespace, who: str) -> None:
    with pytest.raises(NotAllowedError):
        services.begin(actor(getattr(town.people, who)), [], "无")


def test_what_waits_too_long_calls_the_shift_leader(town: SimpleNamespace, next_one: Any) -> None:
    handover = begun(town, "钥匙在抽屉")
    with clock.at(TUESDAY + timedelta(hours=1, minutes=1)):
        while run_due():
            pass
    assert Notice.objects.filter(path=handover.get_absolute_url(), post="uoc.shift_leader").exists()
    services.settle(actor(next_one), handover, [], {1: "不在"})
    with clock.at(TUESDAY + timedelta(hours=6)):
        while run_due():
            pass
    assert Notice.objects.filter(path=handover.get_absolute_url(), urgent=True).count() >= 2


def test_what_is_proposed_is_danger_what_is_due_and_what_the_desk_holds(town: SimpleNamespace) -> None:
    held = report(town, "有人占道摆摊")
    danger = report(town, "楼下有很浓的煤气味，有人晕倒了")
    later = dispatched(town)
    Matter.objects.filter(pk=later.pk).update(due_at=TUESDAY + timedelta(days=5))
    found = queries.proposed(actor(town.people.desk))
    assert found[0].pk == danger.pk and held in found and later not in found
    Matter.objects.filter(pk=later.pk).update(due_at=TUESDAY + queries.SHIFT)
    assert later in queries.proposed(actor(town.people.desk))


def test_what_was_written_about_a_matter_goes_with_it(town: SimpleNamespace, next_one: Any) -> None:
    matter = closed(town)
    handover = begun(town, "钥匙在抽屉", matter=matter)
    services.settle(actor(next_one), handover, [2], {1: "这家的事我不清楚"})
    [demand] = matter.demands.all()
    Report = type(demand.report)
    Report.objects.filter(pk=demand.report_id).update(status="closed")
    erasing.erase_report(Actor.of(town.people.shift), demand.report, over=True)
    about, other = HandoverItem.objects.order_by("position").select_related("words", "why")
    assert about.words is not None and about.why is not None and other.words is not None
    assert (about.words.text, about.why.text, other.words.text) == ("", "", "钥匙在抽屉")
