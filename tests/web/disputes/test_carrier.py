"""While it is argued whose a matter is, somebody carries it, also against an objection, and only for so long."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from types import SimpleNamespace

import pytest

from doudi.engine.duties.clipping import ClippingError
from doudi.web import clock
from doudi.web.disputes import services as disputes
from doudi.web.disputes.errors import DisputeError
from doudi.web.disputes.models import Dispute, DisputeClock, InterimCarrier
from doudi.web.fsck.queries import examine
from doudi.web.matters.models import Assignment, Decision, Matter, MatterEvent
from doudi.web.people.actor import Actor
from tests.web.disputes.arguing import fresh, opened, received, ruling, says, to_town
from tests.web.town import actor


def gas(town: SimpleNamespace) -> Matter:
    return received("闻到煤气味，燃气泄漏", town.shop.code)


@pytest.fixture
def argued(town: SimpleNamespace) -> Dispute:
    """Statute names the grid head for leaking gas; the post objects."""
    town.matter = gas(town)
    return opened(town, "greening.street")


def on_site(town: SimpleNamespace, dispute: Dispute) -> Dispute:
    disputes.raise_level(actor(town.people.desk), fresh(dispute), "到现场看")
    says(town, "grid_east", fresh(dispute), "object", "不在我们片区", "三定方案")
    return fresh(dispute)


def convenor(dispute: Dispute) -> Actor:
    from doudi.web.people.models import Appointment

    return actor(Appointment.objects.filter(post=dispute.convenor_id, until=None).first().person)  # type: ignore[union-attr]


def new(town: SimpleNamespace, post: str = "greening.street", **more: str) -> disputes.NewCarrier:
    return disputes.NewCarrier(town.posts[post], "先劝离，留照片", **more)


def sound() -> list[str]:
    return [str(one) for one in examine() if not one.code.startswith(("job.", "notice."))]


def test_on_the_spot_the_convenor_names_who_carries_against_an_objection_and_beneath_statute(
    town: SimpleNamespace, argued: Dispute
) -> None:
    with pytest.raises(ClippingError):
        disputes.rule(actor(town.people.leader), to_town(town, argued), ruling(town, "greening.street"))
    dispute = on_site(town, Dispute.objects.get()) if fresh(argued).level == "desk" else fresh(argued)
    made = disputes.name_carrier(actor(town.people.leader), dispute, new(town, competent_body="区城管局"))
    matter = Matter.objects.get()
    assert (matter.holder_id, matter.layer, matter.competent_body) == ("greening.street", "interim", "区城管局")
    assert Assignment.objects.get(matter=matter, role="lead", until=None).why == "interim"
    reason = Decision.objects.get(pk=made.decision_id).reason
    assert "不执法" in reason["template"] and reason["facts"]["body"] == "区城管局"
    assert fresh(dispute).state == "open"
    assert MatterEvent.objects.filter(kind="carrier_named").count() == 1
    assert sound() == []


def test_the_objection_stands_in_the_receipt(town: SimpleNamespace, argued: Dispute) -> None:
    dispute = on_site(town, argued)
    made = disputes.name_carrier(convenor(dispute), dispute, new(town))
    assert made.objecting == [town.posts["grid.east"].name]
    assert town.posts["grid.east"].name in Decision.objects.get(pk=made.decision_id).reason["facts"]["objecting"]


def test_after_five_working_days_the_next_level_has_it_by_itself(town: SimpleNamespace, argued: Dispute) -> None:
    dispute = on_site(town, argued)
    made = disputes.name_carrier(convenor(dispute), dispute, new(town))
    running = DisputeClock.objects.get(dispute=dispute, ended_at=None)
    assert (running.due_at, running.amount, running.unit) == (made.due_at, 5, "working_day")
    with clock.at(made.due_at - timedelta(minutes=1)):
        disputes.sweep()
        assert fresh(dispute).level == "on_site"
    with clock.at(made.due_at):
        disputes.sweep()
        assert (fresh(dispute).level, fresh(dispute).state) == ("town", "open")
        assert InterimCarrier.objects.get().ended_at == made.due_at
        # The holder stays until somebody decides; the leader may name another, and the town's own term ends with the district.
        assert Matter.objects.get().holder_id == "greening.street"
        again = disputes.name_carrier(actor(town.people.leader), fresh(dispute), new(town, "grid.east"))
    with clock.at(again.due_at):
        disputes.sweep()
        assert fresh(dispute).level == "district"
        assert sound() == []


def test_a_clerk_names_nobody_and_a_level_names_one(town: SimpleNamespace, argued: Dispute) -> None:
    with pytest.raises(DisputeError, match="先提级"):
        disputes.name_carrier(actor(town.people.leader), fresh(argued), new(town))
    dispute = on_site(town, argued)
    with pytest.raises(DisputeError, match="召集人"):
        disputes.name_carrier(actor(town.people.desk), dispute, new(town))
    disputes.name_carrier(convenor(dispute), dispute, new(town))
    with pytest.raises(DisputeError, match="已经指定过"):
        disputes.name_carrier(actor(town.people.leader), fresh(dispute), new(town, "grid.east"))


def test_a_ruling_ends_what_was_meanwhile(town: SimpleNamespace, argued: Dispute) -> None:
    dispute = to_town(town, argued)
    disputes.name_carrier(actor(town.people.leader), dispute, new(town))
    disputes.rule(actor(town.people.leader), fresh(dispute), ruling(town, "grid.east"))
    assert InterimCarrier.objects.get().ended_at is not None
    assert (Matter.objects.get().holder_id, Matter.objects.get().layer) == ("grid.east", "ruling")
    assert sound() == []


def test_whoever_also_sits_elsewhere_names_it_as_the_convenor(town: SimpleNamespace, argued: Dispute) -> None:
    """The first of the seats may be another one; the act is the convenor's."""
    dispute = on_site(town, argued)
    head = convenor(dispute)
    elsewhere = actor(town.people.market).seats
    made = disputes.name_carrier(replace(head, seats=(*elsewhere, *head.seats)), dispute, new(town))
    assert made.by_post_id == dispute.convenor_id != elsewhere[0].post.code
    assert MatterEvent.objects.get(kind="carrier_named").post_id == dispute.convenor_id
