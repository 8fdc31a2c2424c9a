"""The one door for transfers: first the desk answers, then somebody rules, and after a ruling nobody asks any more."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from doudi.web.disputes import services as disputes
from doudi.web.disputes.errors import DisputeError
from doudi.web.disputes.models import Dispute, Statement
from doudi.web.fsck.queries import examine
from doudi.web.matters import services as matters
from doudi.web.matters.errors import ApplicationError
from doudi.web.matters.models import Application, Matter, MatterEvent
from doudi.web.people.errors import NotAllowedError
from tests.web.disputes.arguing import fresh, manhole, ruling, stall, to_town
from tests.web.town import actor


@pytest.fixture
def held(town: SimpleNamespace) -> SimpleNamespace:
    town.matter = stall(town)
    return town


def asks(town: SimpleNamespace, who: str = "east_officer", to: str = "greening.street") -> disputes.Applied:
    matter = Matter.objects.get(pk=town.matter.pk)
    return disputes.apply_for_transfer(
        actor(getattr(town.people, who)),
        matter,
        reason="是垃圾不是摊位",
        basis="职责清单第12项",
        proposed_holder=town.posts[to],
    )


def refused(town: SimpleNamespace, granted: bool = False) -> None:
    matters.answer(
        actor(town.people.desk),
        Matter.objects.get(pk=town.matter.pk),
        Application.objects.get(),
        granted,
        "照片上是摊位",
    )


def test_the_first_time_the_desk_answers_and_the_holder_stays(held: SimpleNamespace) -> None:
    asked = asks(held)
    assert asked.application is not None and asked.dispute is None
    assert Matter.objects.get().holder_id == "chengguan.east"
    refused(held)
    assert Matter.objects.get().holder_id == "chengguan.east"


def test_the_second_time_somebody_has_to_rule(held: SimpleNamespace) -> None:
    asks(held)
    refused(held)
    clocks = list(Matter.objects.get().clocks.order_by("pk").values_list("which", "due_at", "ended_at"))
    asked = asks(held)
    assert asked.dispute is not None and asked.dispute.why == "second"
    assert Matter.objects.get().holder_id == "chengguan.east"
    assert list(Matter.objects.get().clocks.order_by("pk").values_list("which", "due_at", "ended_at")) == clocks, (
        "no clock stops for an argument"
    )
    said = {one.post_id: one.stance for one in Statement.objects.all()}
    assert said == {"chengguan.east": "object", "greening.street": ""}
    assert Application.objects.count() == 1


def test_whoever_was_given_it_cannot_hand_it_back_either(held: SimpleNamespace) -> None:
    """Ping-pong ends before it begins: the second to hold asks for a ruling, not for the first to take it back."""
    asks(held)
    refused(held, granted=True)
    matters.take_over(actor(held.people.cleaner), Matter.objects.get())
    assert Matter.objects.get().holder_id == "greening.street"
    asked = asks(held, "cleaner", "chengguan.east")
    assert asked.dispute is not None
    assert Matter.objects.get().holder_id == "greening.street"


def test_while_it_is_argued_nobody_opens_another_door(held: SimpleNamespace) -> None:
    asks(held)
    refused(held)
    asks(held)
    with pytest.raises(DisputeError, match="已经有一个争议"):
        asks(held)
    with pytest.raises(DisputeError, match="已经有一个争议"):
        disputes.open_dispute(actor(held.people.desk), held.matter, "再来一个")


def test_after_a_ruling_asking_again_is_counted_as_evasion_and_moves_nothing(held: SimpleNamespace) -> None:
    asks(held)
    refused(held)
    dispute = to_town(held, asks(held).dispute)
    disputes.rule(actor(held.people.leader), dispute, ruling(held, "greening.street"))
    asked = asks(held, "cleaner", "chengguan.east")
    assert asked.evasion
    assert Matter.objects.get().holder_id == "greening.street"
    event = MatterEvent.objects.get(kind="evasion")
    assert (event.post_id, event.payload["holder"]) == ("greening.street", "greening.street")
    assert event.words is not None and event.words.text == "是垃圾不是摊位"
    assert [str(one) for one in examine() if not one.code.startswith("job.")] == []


def test_an_application_that_the_desk_cannot_answer_is_referred_and_decided_with_the_ruling(
    held: SimpleNamespace,
) -> None:
    application = asks(held).application
    matter = Matter.objects.get()
    dispute = disputes.refer_application(actor(held.people.desk), matter, application, "两边都有道理")
    assert Application.objects.get().state == "disputed"
    assert [str(one) for one in examine() if not one.code.startswith("job.")] == []
    said = Statement.objects.get(post="chengguan.east")
    assert (said.stance, said.basis.text) == ("object", "职责清单第12项")
    with pytest.raises(DisputeError):
        asks(held)
    disputes.rule(actor(held.people.desk), fresh(dispute), ruling(held, "greening.street"))
    assert Application.objects.get().state == "granted"
    assert Matter.objects.get().holder_id == "greening.street"


def test_a_ruling_for_whoever_holds_refuses_the_application(held: SimpleNamespace) -> None:
    application = asks(held).application
    dispute = disputes.refer_application(actor(held.people.desk), Matter.objects.get(), application, "请定")
    disputes.rule(actor(held.people.desk), fresh(dispute), ruling(held, "chengguan.east"))
    assert Application.objects.get().state == "refused"
    assert Matter.objects.get().holder_id == "chengguan.east"


def test_withdrawing_the_dispute_refuses_what_waited_for_it(held: SimpleNamespace) -> None:
    application = asks(held).application
    dispute = disputes.refer_application(actor(held.people.desk), Matter.objects.get(), application, "请定")
    disputes.withdraw(actor(held.people.desk), fresh(dispute), "双方谈妥了")
    assert (Dispute.objects.get().state, Application.objects.get().state) == ("withdrawn", "refused")


@pytest.mark.parametrize("lacks", ["reason", "basis", "proposed_holder"])
def test_not_mine_is_no_basis(held: SimpleNamespace, lacks: str) -> None:
    given = {"reason": "不归我", "basis": "清单", "proposed_holder": held.posts["greening.street"]}
    given[lacks] = None if lacks == "proposed_holder" else " "
    with pytest.raises(ApplicationError, match="不是依据"):
        disputes.apply_for_transfer(actor(held.people.east_officer), held.matter, **given)


def test_only_the_holder_asks_and_who_sees_nothing_is_told_nothing(held: SimpleNamespace) -> None:
    with pytest.raises(ApplicationError, match="请由承办岗申请"):
        asks(held, "desk")
    with pytest.raises(NotAllowedError):
        asks(held, "market")


def test_the_desk_opens_a_dispute_over_what_no_rule_covers(town: SimpleNamespace) -> None:
    matter = manhole(town)
    dispute = disputes.open_dispute(
        actor(town.people.desk), matter, "管线单位都不认", invited=[town.posts["greening.street"]]
    )
    assert dispute.why == "unclear"
    assert {one.post_id for one in Statement.objects.all()} == {"grid.east", "greening.street"}
    with pytest.raises(NotAllowedError):
        disputes.open_dispute(actor(town.people.east_officer), matter, "我来开")
