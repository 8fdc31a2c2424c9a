"""What waits for a leader or a reviewer: read on one page, agreed with one press, sent back with a word and one press."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest

from doudi.web.disputes import services as disputes
from doudi.web.disputes.models import Dispute, Ruling
from doudi.web.matters import services as matters
from doudi.web.matters.models import Application, Matter, Urge
from doudi.web.rulebook import services as rulebook
from doudi.web.rulebook.models import Version
from doudi.web.triage.services import Incoming, receive
from tests.web.desk.conftest import STALL, Visitor, report
from tests.web.disputes.arguing import manhole, opened, to_town
from tests.web.rulebook.drafting import begun, fill_all_gaps, rule
from tests.web.town import actor

Sit = Callable[[Any], Visitor]
HERE = "/decide"


@pytest.fixture
def draft(town: SimpleNamespace) -> Version:
    made = begun(town)
    rulebook.add_rules(actor(town.people.shift), made, [rule("D-100", unit_types="spot")])
    fill_all_gaps(town, made)
    rulebook.propose(actor(town.people.shift), made, "请审核")
    return Version.objects.get(pk=made.pk)


@pytest.fixture
def wish(town: SimpleNamespace) -> Application:
    """The desk asks to send a leak of gas against the lists."""
    (received,) = receive([Incoming("scan", "闻到煤气味，燃气泄漏", unit_code=town.shop.code)], auto_dispatch=True)
    return matters.apply(
        actor(town.people.desk),
        Matter.objects.get(pk=received.matters[0].pk),
        "overrule",
        reason="网格人手都在防汛",
        basis="今晚防汛值班安排",
        proposed_holder=town.posts["greening.street"],
    )


def step(draft: Version, name: str) -> str:
    return f"/rulebook/versions/{draft.number}/steps/{name}"


def test_a_rule_is_approved_by_one_press_and_the_page_comes_back(
    town: SimpleNamespace, sit: Sit, draft: Version
) -> None:
    for who, name, other in (("reviewer", "legality", "leader"), ("leader", "leader", "legality")):
        person = sit(getattr(town.people, who))
        page = person.read(HERE)
        assert step(draft, f"approve-{name}") in page and step(draft, f"approve-{other}") not in page
        assert person.press(step(draft, f"approve-{name}"), next=HERE)["Location"] == HERE
        assert "现在没有等您定的事" in person.read(HERE)
    draft.refresh_from_db()
    assert draft.state == Version.State.REVIEWED


def test_a_rule_is_sent_back_with_a_word_and_not_without(town: SimpleNamespace, sit: Sit, draft: Version) -> None:
    leader = sit(town.people.leader)
    assert leader.press(step(draft, "refuse-leader"), next=HERE, words="").status_code == 400
    draft.refresh_from_db()
    assert draft.state == Version.State.PROPOSED
    assert leader.press(step(draft, "refuse-leader"), next=HERE, words="缺依据")["Location"] == HERE
    draft.refresh_from_db()
    assert draft.state == Version.State.DRAFT


def test_an_application_is_answered_by_one_press(town: SimpleNamespace, sit: Sit, wish: Application) -> None:
    leader = sit(town.people.leader)
    page = leader.read(HERE)
    assert "网格人手都在防汛" in page and "与清单不符的派遣" in page
    path = f"/matters/{wish.matter.number}/answer"
    seen = {"row": wish.pk, "version": Matter.objects.get().version, "next": HERE}
    assert leader.press(path, granted="no", words="", **seen).status_code in (400, 409)
    assert leader.press(path, granted="yes", words="", **seen)["Location"] == HERE
    wish.refresh_from_db()
    assert wish.state == Application.State.GRANTED and Matter.objects.get().holder_id == "greening.street"


def test_nobody_is_shown_what_another_has_to_decide(town: SimpleNamespace, sit: Sit, wish: Application) -> None:
    assert "网格人手都在防汛" not in sit(town.people.reviewer).read(HERE)
    for who in ("desk", "shift", "east_officer", "auditor", "admin"):
        sit(getattr(town.people, who)).read(HERE, 404)


def test_a_dispute_before_the_town_is_ruled_as_proposed_by_one_press(town: SimpleNamespace, sit: Sit) -> None:
    town.matter = manhole(town)
    dispute = opened(town, "greening.street")
    leader = sit(town.people.leader)
    assert "按方案裁定" not in leader.read(HERE)
    dispute = to_town(town, dispute)
    assert "看陈述、作出裁定" in leader.read(HERE)
    disputes.propose(actor(town.people.leader), dispute, town.posts["greening.street"], "就近看护")
    page = leader.read(HERE)
    assert "方案：由市容保洁岗承办" in page and "就近看护" in page
    fields = {
        "lead": "greening.street",
        "scope": "matter",
        "valid_since": "2026-11-24",
        "words": "同意方案",
        "next": HERE,
    }
    answer = leader.press(f"/disputes/{town.matter.number}/{dispute.seq}/rule", **fields)
    assert answer["Location"] == HERE
    assert Dispute.objects.get().state == Dispute.State.RULED and Ruling.objects.get().lead_id == "greening.street"


def test_what_one_ordered_stays_in_sight_and_each_figure_opens_its_list(town: SimpleNamespace, sit: Sit) -> None:
    matter = report(town)
    matters.dispatch(actor(town.people.desk), matter, kind=STALL)
    matter = Matter.objects.get()
    matters.urge(actor(town.people.leader), matter, Urge.Kind.ORDER, "今天之内清掉")
    leader = sit(town.people.leader)
    page = leader.read(HERE)
    assert "我督办的" in page and "今天之内清掉" in page
    assert 'href="/desk?tab=ordered"><b>1</b>' in page
    assert matter.number in leader.read("/desk?tab=ordered")
    assert "我督办的" not in sit(town.people.reviewer).read(HERE)
