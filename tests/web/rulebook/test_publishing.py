"""Nobody makes law alone: a version is proven, approved by others, published with a day, and in force on that day."""

from __future__ import annotations

from datetime import date, timedelta
from types import SimpleNamespace

import pytest

from doudi.web import clock
from doudi.web.fsck.queries import examine
from doudi.web.jobs.models import Job
from doudi.web.notices.models import Notice
from doudi.web.people.errors import NotAllowedError
from doudi.web.rulebook import services
from doudi.web.rulebook.errors import DraftError, NotPublishableError
from doudi.web.rulebook.models import Version, VersionEvent
from doudi.web.rulebook.queries import rulebook_on
from doudi.web.rulebook.reviewing import review_of
from doudi.web.timers.running import run_due
from doudi.web.triage.services import Incoming, receive
from tests.web.rulebook.drafting import begun, book_of, fill_all_gaps, rule
from tests.web.town import TUESDAY, actor

TODAY = TUESDAY.date()


@pytest.fixture
def draft(town: SimpleNamespace) -> Version:
    """Stalls on empty ground go to the cleaners; all that is open is accepted."""
    made = begun(town)
    services.add_rules(actor(town.people.shift), made, [rule("D-100", unit_types="spot")])
    fill_all_gaps(town, made)
    return made


def proposed(town: SimpleNamespace, draft: Version) -> None:
    services.propose(actor(town.people.shift), draft, "请审核")


def approved(town: SimpleNamespace, draft: Version) -> None:
    proposed(town, draft)
    services.approve(actor(town.people.reviewer), draft, "legality", "于法有据")
    services.approve(actor(town.people.leader), draft, "leader")


def test_the_whole_way_from_draft_to_the_next_report(town: SimpleNamespace, draft: Version) -> None:
    said = Incoming("scan", "有人占道摆摊", unit_code=town.spot.code)
    (before,) = receive([said], auto_dispatch=True)
    approved(town, draft)
    published = services.publish(actor(town.people.shift), draft, TODAY)
    (after,) = receive([said], auto_dispatch=True)
    assert [(one.matters[0].holder_id, one.matters[0].rulebook_id) for one in (before, after)] == [
        ("chengguan.west", 1),
        ("greening.street", published.number),
    ]
    assert services.take_effect() == 1
    assert services.take_effect() == 0
    assert {one.about for one in examine() if one.code.startswith(("rulebook", "event", "words"))} == set()


def test_a_version_with_open_gaps_is_not_proposed_and_they_are_named(town: SimpleNamespace) -> None:
    with pytest.raises(NotPublishableError) as refused:
        proposed(town, begun(town))
    said = "\n".join(map(str, refused.value.hindrances))
    assert "没有人按名接受" in said
    assert "D-003、D-004" in said


def test_who_proposed_never_approves_and_nobody_approves_twice(
    town: SimpleNamespace, draft: Version, monkeypatch: pytest.MonkeyPatch
) -> None:
    proposed(town, draft)
    shift, leader = actor(town.people.shift), actor(town.people.leader)
    with pytest.raises(NotAllowedError):
        services.approve(shift, draft, "legality")
    for one in (shift, leader):
        monkeypatch.setitem(one.__dict__, "powers", one.powers | {"review_rulebook", "approve_rulebook"})
    with pytest.raises(DraftError, match="不能审核自己"):
        services.approve(shift, draft, "legality")
    services.approve(leader, draft, "leader")
    with pytest.raises(DraftError, match="两位同志"):
        services.approve(leader, draft, "legality")
    assert review_of(draft).open == ("legality",)


def test_while_it_is_reviewed_nothing_changes_and_a_refusal_sends_it_back(
    town: SimpleNamespace, draft: Version
) -> None:
    shift, reviewer = actor(town.people.shift), actor(town.people.reviewer)
    proposed(town, draft)
    with pytest.raises(DraftError, match="送审中"):
        services.remove_rules(shift, draft, ["D-100"])
    services.approve(actor(town.people.leader), draft, "leader")
    with pytest.raises(DraftError, match="写明理由"):
        services.refuse(reviewer, draft, "legality", " ")
    services.refuse(reviewer, draft, "legality", "来源写错了文号")
    services.remove_rules(shift, draft, ["D-100"])
    proposed(town, draft)
    assert review_of(draft).open == ("legality", "leader"), "an approval of something else does not count"
    services.recall(shift, draft)
    assert Version.objects.get(pk=draft.pk).state == "draft"


def test_without_approvals_it_is_not_published(town: SimpleNamespace, draft: Version) -> None:
    with pytest.raises(DraftError):
        services.publish(actor(town.people.shift), draft, TODAY)
    proposed(town, draft)
    services.approve(actor(town.people.leader), draft, "leader")
    with pytest.raises(DraftError, match="送审中"):
        services.publish(actor(town.people.shift), draft, TODAY)


def test_where_the_town_asks_for_no_approval_somebody_else_publishes(
    town: SimpleNamespace, draft: Version, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(rulebook_on().parameters, "publishing", {"approvals": []})
    proposed(town, draft)
    with pytest.raises(DraftError, match="不能独自发布"):
        services.publish(actor(town.people.shift), draft, TODAY)
    other = actor(town.people.leader)
    monkeypatch.setitem(other.__dict__, "powers", other.powers | {"manage_rulebook"})
    assert services.publish(other, draft, TODAY).state == "published"


def test_the_day_is_neither_past_nor_before_an_earlier_version(town: SimpleNamespace, draft: Version) -> None:
    approved(town, draft)
    with pytest.raises(DraftError, match="不能早于今天"):
        services.publish(actor(town.people.shift), draft, TODAY - timedelta(days=1))


def test_a_scheduled_version_waits_for_its_day_and_may_be_withdrawn_before(
    town: SimpleNamespace, draft: Version
) -> None:
    approved(town, draft)
    services.publish(actor(town.people.shift), draft, TODAY + timedelta(days=7))
    assert rulebook_on().version.number == 1
    assert services.take_effect() == 0
    assert rulebook_on(TODAY + timedelta(days=7)).version.number == draft.number
    services.withdraw(actor(town.people.shift), draft, "上级另有部署")
    assert rulebook_on(TODAY + timedelta(days=7)).version.number == 1


def test_what_is_in_force_is_not_withdrawn(town: SimpleNamespace, draft: Version) -> None:
    approved(town, draft)
    services.publish(actor(town.people.shift), draft, TODAY)
    with pytest.raises(DraftError, match="已经施行"):
        services.withdraw(actor(town.people.shift), draft, "算了")


def test_a_draft_whose_ground_has_moved_is_not_published(town: SimpleNamespace, draft: Version) -> None:
    second = begun(town, "另一份")
    fill_all_gaps(town, second)
    approved(town, draft)
    services.publish(actor(town.people.shift), draft, TODAY)
    with pytest.raises(DraftError, match="又发布了第"):
        proposed(town, second)


def test_a_draft_is_brought_onto_a_version_published_meanwhile(town: SimpleNamespace, draft: Version) -> None:
    shift, second = actor(town.people.shift), begun(town, "另一份")
    services.add_rules(shift, second, [rule("D-200", kinds="event.street.rubbish", unit_types="shop")])
    services.remove_rules(shift, second, ["D-002"])
    with pytest.raises(DraftError, match="不用并"):
        services.rebase(shift, second)
    approved(town, draft)
    services.publish(shift, draft, TODAY)
    services.rebase(shift, second)
    assert {one.id for one in book_of(second).rules} == {"D-001", "D-003", "D-004", "D-005", "D-006", "D-100", "D-200"}
    assert {one.id for one in book_of(second).acceptances} == {one.id for one in book_of(draft).acceptances}
    fill_all_gaps(town, second)
    proposed(town, second)


def test_what_both_sides_changed_is_named_until_somebody_chooses(town: SimpleNamespace, draft: Version) -> None:
    shift, second = actor(town.people.shift), begun(town, "另一份")
    services.add_rules(shift, second, [rule("D-100", unit_types="shop")])
    approved(town, draft)
    services.publish(shift, draft, TODAY)
    with pytest.raises(DraftError, match="规则 D-100 在草案和第 2 版里都改过"):
        services.rebase(shift, second)
    services.rebase(shift, second, "draft")
    assert {one.id: one.unit_types for one in book_of(second).rules}["D-100"] == {"shop"}


def test_the_timer_notes_the_day_once_and_tells_it(town: SimpleNamespace, draft: Version) -> None:
    approved(town, draft)
    services.publish(actor(town.people.shift), draft, TODAY + timedelta(days=1))
    with clock.at(TUESDAY + timedelta(days=1)):
        assert services.take_effect() == 1
        assert services.take_effect() == 0
    event = VersionEvent.objects.get(version=draft, kind="took_effect")
    assert event.payload["valid_from"] == date.isoformat(TODAY + timedelta(days=1))
    assert Job.objects.filter(kind="tell_rulebook", payload__event=str(event.pk)).exists()


def test_each_step_reaches_those_who_must_act(town: SimpleNamespace, draft: Version) -> None:
    approved(town, draft)
    services.publish(actor(town.people.shift), draft, TODAY)
    run_due()
    run_due()
    told = set(Notice.objects.filter(path=f"/rulebook/versions/{draft.number}").values_list("kind", "post_id"))
    assert {("proposed", "legal.review"), ("proposed", "leader"), ("approved", "uoc.shift_leader")} <= told
    assert ("rulebook_published", "uoc.duty") in told and ("took_effect", "uoc.duty") in told
    assert ("proposed", "uoc.duty") not in told
