"""One dispute, one ruling: it moves the holder, it may become rules for exactly what was unclear, and statute stands."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace

import pytest

from doudi.engine.duties.clipping import ClippingError
from doudi.engine.duties.layers import Layer
from doudi.web.disputes import services as disputes
from doudi.web.disputes.errors import DisputeError
from doudi.web.disputes.models import Dispute, DisputeClock, Ruling
from doudi.web.fsck.queries import examine
from doudi.web.matters import services as matters
from doudi.web.matters.models import Assignment, Decision, Matter, MatterClock, MatterEvent
from doudi.web.notices.models import Notice
from doudi.web.people.errors import NotAllowedError
from doudi.web.records.errors import StaleError
from doudi.web.reports.models import Report
from doudi.web.rulebook.models import Version
from doudi.web.rulebook.queries import rulebook_of
from doudi.web.timers.running import run_due
from tests.web.disputes.arguing import fresh, opened, ruling, says, stall, to_town
from tests.web.town import TUESDAY, actor


def test_the_desk_rules_on_one_matter_and_the_holder_changes_with_its_receipt(gap: SimpleNamespace) -> None:
    dispute = opened(gap, "greening.street")
    made = disputes.rule(
        actor(gap.people.desk), dispute, ruling(gap, "greening.street", cost_bearer="镇财政", competent_body="产权单位")
    )
    matter = Matter.objects.get()
    assert (matter.holder_id, matter.unclear, matter.layer, matter.competent_body) == (
        "greening.street",
        "",
        "ruling",
        "产权单位",
    )
    assert Assignment.objects.get(until__isnull=True, role="lead").why == "ruling"
    receipt = Decision.objects.get(pk=made.decision_id)
    assert (receipt.status, receipt.words.text) == ("ruling", "现场看过，就近承办")
    assert Report.objects.get().answerer_id == "greening.street"
    told = MatterEvent.objects.get(kind="ruled").payload
    assert (told["ruling"], told["scope"], told["cost_bearer"]) == (str(made.pk), "matter", "镇财政")
    assert DisputeClock.objects.get().ended_at == TUESDAY
    assert [str(one) for one in examine() if not one.code.startswith("job.")] == []


def test_a_ruling_for_whoever_holds_leaves_the_work_as_it_is(gap: SimpleNamespace) -> None:
    dispute = opened(gap)
    made = disputes.rule(actor(gap.people.desk), dispute, ruling(gap, "grid.east"))
    assert (made.decision, Matter.objects.get().unclear) == (None, "")
    assert Assignment.objects.filter(role="lead").count() == 1


def test_a_ruling_that_keeps_the_holder_asks_the_helpers_that_it_names(gap: SimpleNamespace) -> None:
    matter, desk = Matter.objects.get(), actor(gap.people.desk)
    matters.add_support(desk, matter, gap.posts["market.food"], bond="informs")
    helpers = [gap.posts[code] for code in ("greening.street", "market.food", "grid.east")]
    disputes.rule(desk, opened(gap), ruling(gap, "grid.east", supports=helpers, bond="before_closed"))
    found = Assignment.objects.filter(role="support", until=None).order_by("post")
    assert [(one.post_id, one.bond, one.why) for one in found] == [
        ("greening.street", "before_closed", "ruling"),
        ("market.food", "before_closed", "ruling"),
    ]
    assert set(MatterClock.objects.filter(which="support", ended_at=None).values_list("stage", flat=True)) == {
        "greening.street",
        "market.food",
    }
    told = MatterEvent.objects.get(kind="ruled").payload
    assert told["bonds"] == dict.fromkeys(told["supports"], "before_closed")
    run_due()
    assert Notice.objects.filter(post="greening.street", kind="support_asked").exists()
    assert [str(one) for one in examine() if not one.code.startswith("job.")] == []


def test_of_two_rulings_the_second_is_told_so(gap: SimpleNamespace) -> None:
    dispute = opened(gap)
    page = fresh(dispute)
    disputes.rule(actor(gap.people.desk), dispute, ruling(gap, "greening.street"))
    with pytest.raises(StaleError):
        disputes.rule(actor(gap.people.desk), page, ruling(gap, "market.food"))
    assert Ruling.objects.get().lead_id == "greening.street"


@pytest.mark.parametrize("who", ["east_officer", "grid_east", "committee", "market", "auditor", "leader"])
def test_at_the_desk_only_the_desk_rules(gap: SimpleNamespace, who: str) -> None:
    dispute = opened(gap)
    with pytest.raises((NotAllowedError, DisputeError)):
        disputes.rule(actor(getattr(gap.people, who)), dispute, ruling(gap, "greening.street"))
    assert not Ruling.objects.exists()


def test_on_site_the_convenor_settles_what_all_agree_on_and_nothing_else(gap: SimpleNamespace) -> None:
    dispute = opened(gap, "greening.street")
    disputes.raise_level(actor(gap.people.desk), dispute, "到现场看")
    dispute = fresh(dispute)
    assert (dispute.level, dispute.convenor_id) == ("on_site", "grid.east")
    grid = actor(gap.people.grid_east)
    disputes.propose(grid, dispute, gap.posts["greening.street"], "路边由市容看护")
    with pytest.raises(DisputeError, match="各方都同意"):
        disputes.rule(grid, fresh(dispute), ruling(gap, "greening.street"))
    says(gap, "grid_east", dispute, "agree")
    says(gap, "cleaner", dispute, "object", "不在清单", "清单第3项")
    with pytest.raises(DisputeError, match="各方都同意"):
        disputes.rule(grid, fresh(dispute), ruling(gap, "greening.street"))
    says(gap, "cleaner", dispute, "take")
    with pytest.raises(DisputeError, match="各方都同意"):
        disputes.rule(grid, fresh(dispute), ruling(gap, "market.food"))
    with pytest.raises(DisputeError, match="请提到镇级"):
        disputes.rule(grid, fresh(dispute), ruling(gap, "greening.street", scope="spot"))
    disputes.rule(grid, fresh(dispute), ruling(gap, "greening.street"))
    assert Matter.objects.get().holder_id == "greening.street"


def test_the_town_rules_on_a_spot_and_a_rule_is_drafted_for_that_spot_alone(gap: SimpleNamespace) -> None:
    dispute = to_town(gap, opened(gap))
    made = disputes.rule(actor(gap.people.leader), dispute, ruling(gap, "greening.street", scope="spot"))
    draft = Version.objects.get(pk=made.draft_id)
    assert draft.state == "draft"
    book = rulebook_of(draft.number)
    (rule,) = [one for one in book.rules if one.id in made.rules]
    assert (rule.layer, rule.kinds, rule.holder) == (Layer.GAP_RULING, {"event.street.manhole"}, "sanitation.street")
    assert rule.facts == {"owner": "unknown", "spot": gap.manhole.code}
    assert rule.id == f"R-{gap.matter.number}-1"
    assert {one["fact"]: one["values"] for one in book.facts}["spot"] == {gap.manhole.code: "东苑路窨井"}


def test_the_town_settles_a_conflict_by_a_tie_break_that_names_both_rules(conflict: SimpleNamespace) -> None:
    dispute = to_town(conflict, opened(conflict, "market.food", "chengguan.east"))
    made = disputes.rule(
        actor(conflict.people.leader),
        dispute,
        ruling(conflict, "market.food", scope="kind", valid_until=date(2027, 12, 1)),
    )
    (rule,) = [one for one in rulebook_of(made.draft_id).rules if one.id in made.rules]
    assert (rule.layer, rule.settles, rule.hours) == (Layer.TIE_BREAK, ("D-003", "D-004"), "work")
    assert (rule.unit_types, rule.until) == ({"shop"}, date(2027, 12, 1))


def test_in_this_area_means_the_village_of_the_grid(gap: SimpleNamespace) -> None:
    dispute = to_town(gap, opened(gap))
    made = disputes.rule(actor(gap.people.leader), dispute, ruling(gap, "grid.east", scope="kind_area"))
    (rule,) = [one for one in rulebook_of(made.draft_id).rules if one.id in made.rules]
    assert rule.areas == {"310199101001"}


def test_no_ruling_of_any_scope_names_a_holder_against_statute(town: SimpleNamespace) -> None:
    from doudi.web.triage.services import Incoming, receive

    (received,) = receive([Incoming("scan", "闻到煤气味，燃气泄漏", unit_code=town.shop.code)], auto_dispatch=True)
    town.matter = Matter.objects.get(pk=received.matters[0].pk)
    assert town.matter.kind == "event.life.gas"
    dispute = opened(town)
    with pytest.raises(ClippingError, match="上位规则 D-006") as refused:
        disputes.rule(actor(town.people.desk), dispute, ruling(town, "greening.street"))
    assert "grid.head" not in str(refused.value) and "网格长" in str(refused.value), "a role by its name"
    assert Matter.objects.get().holder_id == "grid.east"


def test_a_rule_that_decides_already_is_changed_in_the_rulebook_and_not_by_a_ruling(town: SimpleNamespace) -> None:
    town.matter = stall(town)
    dispute = to_town(town, opened(town))
    with pytest.raises(ClippingError, match="规则 D-001"):
        disputes.rule(actor(town.people.leader), dispute, ruling(town, "greening.street", scope="kind"))
    assert not Version.objects.filter(state="draft").exists(), "nothing is left of what was refused"
    disputes.rule(actor(town.people.leader), fresh(dispute), ruling(town, "greening.street"))
    assert Matter.objects.get().holder_id == "greening.street"


def test_a_role_that_leads_to_another_post_here_is_said(gap: SimpleNamespace) -> None:
    dispute = to_town(gap, opened(gap))
    with pytest.raises(DisputeError, match="城管街面岗”不是城管西片岗"):
        disputes.rule(actor(gap.people.leader), dispute, ruling(gap, "chengguan.west", scope="spot"))


@pytest.mark.parametrize(
    ("columns", "refused"),
    [
        ({"scope": "galaxy"}, "多大范围"),
        ({"valid_until": date(2026, 11, 24)}, "失效日必须晚于"),
        ({"scope": "spot", "valid_since": date(2026, 11, 1)}, "不能早于今天"),
    ],
)
def test_what_is_not_sound_is_refused(gap: SimpleNamespace, columns: dict[str, object], refused: str) -> None:
    dispute = to_town(gap, opened(gap))
    with pytest.raises(DisputeError, match=refused):
        disputes.rule(actor(gap.people.leader), dispute, ruling(gap, "greening.street", **columns))


def test_a_committee_holds_nothing_by_ruling(gap: SimpleNamespace) -> None:
    dispute = opened(gap)
    with pytest.raises(DisputeError, match="不能承办"):
        disputes.rule(actor(gap.people.desk), dispute, ruling(gap, "committee.east"))
    assert Dispute.objects.get().state == "open"
