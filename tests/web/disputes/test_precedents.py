"""A dispute learns from what was decided before, and is told what became of it."""

from __future__ import annotations

from types import SimpleNamespace

from doudi.web.disputes import services as disputes
from doudi.web.disputes.models import Dispute
from doudi.web.disputes.precedents import precedents_of
from doudi.web.matters import services as matters
from doudi.web.matters.models import Matter
from tests.web.disputes.arguing import fresh, fume, manhole, opened, ruling, to_town
from tests.web.town import actor


def ruled(town: SimpleNamespace, lead: str) -> Dispute:
    town.matter = manhole(town)
    dispute = to_town(town, opened(town))
    disputes.rule(actor(town.people.leader), dispute, ruling(town, lead))
    return fresh(dispute)


def test_a_ruling_is_found_again_by_the_next_like_matter(town: SimpleNamespace) -> None:
    earlier = ruled(town, "greening.street")
    matter = manhole(town)
    (one,) = precedents_of(actor(town.people.desk), matter)
    assert (one.matter, one.lead, one.ruling.dispute, str(one.fate)) == (earlier.matter, "市容保洁岗", earlier, "stood")
    assert [str(said) for said in one.match.reasons][:3] == ["同一事项", "同一地点", "同类场所"]
    assert precedents_of(actor(town.people.desk), fume(town)) == [] or one.match.points > 60


def test_a_decision_of_the_desk_is_a_precedent_too(town: SimpleNamespace) -> None:
    first = manhole(town)
    matters.dispatch(
        actor(town.people.desk),
        first,
        kind="event.street.manhole",
        holder=town.posts["greening.street"],
        text="就近先办",
    )
    (one,) = precedents_of(actor(town.people.desk), manhole(town))
    assert (one.ruling, one.said) == (None, "就近先办")


def test_what_was_overturned_or_handed_back_says_so(town: SimpleNamespace) -> None:
    dispute = ruled(town, "greening.street")
    asked = Matter.objects.get(pk=dispute.matter_id)
    disputes.apply_for_transfer(
        actor(town.people.cleaner), asked, reason="还是不行", basis="清单", proposed_holder=town.posts["market.food"]
    )
    matter = manhole(town)
    (one,) = precedents_of(actor(town.people.desk), matter)
    assert str(one.fate) == "returned"
    again = Matter.objects.get(pk=dispute.matter_id)
    matters.dispatch(actor(town.people.shift), again, kind=again.kind, holder=town.posts["market.food"], text="改了")
    fates = {one.lead: str(one.fate) for one in precedents_of(actor(town.people.desk), matter)}
    assert fates == {"市容保洁岗": "overturned", "市监食品岗": "stood"}


def test_what_a_reader_may_not_see_is_no_precedent_for_that_reader(town: SimpleNamespace) -> None:
    ruled(town, "greening.street")
    assert precedents_of(actor(town.people.market), manhole(town)) == []
