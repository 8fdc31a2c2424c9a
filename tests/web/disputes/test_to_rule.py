"""From an argument to a rule: the next report at the same spot goes to whom it was ruled, and nothing else moves."""

from __future__ import annotations

from types import SimpleNamespace

from doudi.engine.units.codes import check_character
from doudi.web import clock
from doudi.web.disputes import services as disputes
from doudi.web.matters.models import Matter
from doudi.web.rulebook import services as rulebook
from doudi.web.rulebook.models import Version
from doudi.web.rulebook.queries import rulebook_on
from doudi.web.triage.services import Incoming, receive
from doudi.web.units.models import Unit
from tests.web.disputes.arguing import fume, manhole, opened, ruling, stall, to_town
from tests.web.rulebook.drafting import fill_all_gaps
from tests.web.town import actor


def published(town: SimpleNamespace, draft: Version) -> None:
    """The way of any draft: proposed by one, reviewed by another, approved by a third, published."""
    fill_all_gaps(town, draft)
    shift = actor(town.people.shift)
    rulebook.propose(shift, draft)
    rulebook.approve(actor(town.people.reviewer), draft, "legality", "合法")
    rulebook.approve(actor(town.people.leader), draft, "leader", "同意")
    rulebook.publish(shift, draft, clock.today())


def other_manhole(town: SimpleNamespace) -> Unit:
    drawn = "3123456789AB"
    return Unit.objects.create(
        code=drawn + check_character(drawn),
        type="manhole",
        name="东苑二路窨井",
        area_id=town.manhole.area_id,
        since=town.manhole.since,
        facts={"owner": "unknown"},
    )


def test_the_next_report_at_the_spot_goes_to_whom_it_was_ruled(gap: SimpleNamespace) -> None:
    dispute = to_town(gap, opened(gap))
    made = disputes.rule(actor(gap.people.leader), dispute, ruling(gap, "greening.street", scope="spot"))
    before = manhole(gap)
    assert (before.holder_id, before.unclear) == ("grid.east", "gap"), "a draft decides nothing"
    published(gap, Version.objects.get(pk=made.draft_id))
    assert rulebook_on().version.number == made.draft_id
    after = manhole(gap)
    assert (after.holder_id, after.unclear, after.layer) == ("greening.street", "", "gap_ruling")
    assert after.decisions.get().rules == made.rules
    (elsewhere,) = receive([Incoming("scan", "窨井没有盖子", unit_code=other_manhole(gap).code)], auto_dispatch=True)
    assert (elsewhere.matters[0].holder_id, elsewhere.matters[0].unclear) == ("grid.east", "gap")
    assert stall(gap).holder_id == "chengguan.east"
    assert Matter.objects.get(pk=before.pk).holder_id == "grid.east", "what was accepted keeps its version"


def test_the_next_conflict_is_none(conflict: SimpleNamespace) -> None:
    dispute = to_town(conflict, opened(conflict, "market.food"))
    made = disputes.rule(actor(conflict.people.leader), dispute, ruling(conflict, "market.food", scope="kind"))
    published(conflict, Version.objects.get(pk=made.draft_id))
    after = fume(conflict)
    assert (after.holder_id, after.unclear, after.layer) == ("market.food", "", "tie_break")
