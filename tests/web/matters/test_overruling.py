"""What statute or the lists name stands against a clerk; the shift leader may say otherwise, for this one matter."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from doudi.web.fsck.queries import examine
from doudi.web.matters import services as matters
from doudi.web.matters.errors import ApplicationError, MatterStepError
from doudi.web.matters.handover import next_of
from doudi.web.matters.models import Application, Demand, Matter
from doudi.web.matters.queries import available_applications, may_answer
from doudi.web.people.errors import NotAllowedError
from doudi.web.triage.services import Incoming, receive
from tests.web.town import actor

GAS = "event.life.gas"


@pytest.fixture
def leak(town: SimpleNamespace) -> Matter:
    (received,) = receive([Incoming("scan", "闻到煤气味，燃气泄漏", unit_code=town.shop.code)], auto_dispatch=True)
    return Matter.objects.get(pk=received.matters[0].pk)


def asked(town: SimpleNamespace, matter: Matter) -> Application:
    return matters.apply(
        actor(town.people.desk),
        matter,
        "overrule",
        reason="网格人手都在防汛",
        basis="今晚防汛值班安排",
        proposed_holder=town.posts["greening.street"],
    )


def test_a_clerk_does_not_dispatch_against_statute_and_is_told_the_way(town: SimpleNamespace, leak: Matter) -> None:
    with pytest.raises(MatterStepError, match="值班长同意") as refused:
        matters.dispatch(
            actor(town.people.desk), leak, kind=GAS, holder=town.posts["greening.street"], text="网格人手都在防汛"
        )
    assert "D-006" in str(refused.value) and town.posts["grid.east"].name in str(refused.value)
    assert Matter.objects.get().holder_id == "grid.east"


def test_the_shift_leader_may_and_a_town_rule_binds_no_clerk(town: SimpleNamespace, leak: Matter) -> None:
    matters.dispatch(actor(town.people.shift), leak, kind=GAS, holder=town.posts["greening.street"], text="先去看")
    assert Matter.objects.get().holder_id == "greening.street"
    stall = receive([Incoming("scan", "有人占道摆摊", unit_code=town.shop.code)], auto_dispatch=True)[0].matters[0]
    desk = actor(town.people.desk)
    matters.dispatch(desk, stall, kind="event.street.stall", holder=town.posts["greening.street"], text="他们在场")
    assert Matter.objects.get(pk=stall.pk).holder_id == "greening.street"


def test_until_the_shift_leader_says_yes_the_holder_stays(town: SimpleNamespace, leak: Matter) -> None:
    row = asked(town, leak)
    leak.refresh_from_db()
    assert leak.holder_id == "grid.east"
    assert not may_answer(actor(town.people.desk), row) and may_answer(actor(town.people.shift), row)
    with pytest.raises(NotAllowedError):
        matters.answer(actor(town.people.desk), leak, row, True)
    matters.answer(actor(town.people.shift), leak, row, True, "同意")
    assert Matter.objects.get().holder_id == "greening.street"
    assert [str(one) for one in examine() if not one.code.startswith(("job.", "notice."))] == []


def test_a_no_leaves_the_matter_where_the_lists_put_it(town: SimpleNamespace, leak: Matter) -> None:
    row = asked(town, leak)
    leak.refresh_from_db()
    matters.answer(actor(town.people.shift), leak, row, False, "按清单办")
    assert (Matter.objects.get().holder_id, Application.objects.get().state) == ("grid.east", "refused")


def test_nor_does_a_clerk_grant_a_transfer_against_statute(town: SimpleNamespace, leak: Matter) -> None:
    row = matters.apply(
        actor(town.people.grid_east),
        leak,
        "transfer",
        reason="不归我们",
        basis="某年会议纪要",
        proposed_holder=town.posts["greening.street"],
    )
    leak.refresh_from_db()
    with pytest.raises(ApplicationError, match="值班长答复同意"):
        matters.answer(actor(town.people.desk), leak, row, True)
    assert next_of(leak) is None and Application.objects.get().state == "open"
    matters.answer(actor(town.people.shift), leak, row, True)
    assert next_of(leak) is not None and Matter.objects.get().holder_id == "grid.east"


def test_nor_does_a_clerk_join_it_with_what_another_post_holds(town: SimpleNamespace, leak: Matter) -> None:
    told = Incoming("scan", "有人占道摆摊", unit_code=town.shop.code)
    stall = Matter.objects.get(pk=receive([told], auto_dispatch=True)[0].matters[0].pk)
    assert stall.holder_id != leak.holder_id
    with pytest.raises(MatterStepError, match="值班长来并"):
        matters.merge(actor(town.people.desk), leak, stall, "同一家店")
    assert Matter.objects.get(pk=leak.pk).holder_id == "grid.east" and Demand.objects.filter(matter=leak).count() == 1
    matters.merge(actor(town.people.shift), leak, stall, "同一家店")
    assert Matter.objects.get(pk=leak.pk).status == "merged" and Demand.objects.filter(matter=leak).count() == 0


def test_what_no_list_names_a_clerk_joins(town: SimpleNamespace, leak: Matter) -> None:
    told = Incoming("scan", "有人占道摆摊", unit_code=town.shop.code)
    stall = Matter.objects.get(pk=receive([told], auto_dispatch=True)[0].matters[0].pk)
    matters.merge(actor(town.people.desk), stall, leak, "同一家店")
    assert Matter.objects.get(pk=stall.pk).status == "merged"


def test_no_holder_asks_in_the_desks_name(town: SimpleNamespace, leak: Matter) -> None:
    holder = actor(town.people.grid_east)
    assert "overrule" not in {str(one.kind) for one in available_applications(holder, leak)}
    assert "overrule" in {str(one.kind) for one in available_applications(actor(town.people.desk), leak)}
    with pytest.raises((ApplicationError, NotAllowedError)):
        matters.apply(
            holder, leak, "overrule", reason="不想办", basis="无", proposed_holder=town.posts["greening.street"]
        )
