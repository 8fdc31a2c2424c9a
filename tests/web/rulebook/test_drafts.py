"""A draft is changed rule by rule, and what is wrong in it is named before anybody falls into it."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace

import pytest

from doudi.web.edition_cache import forget_all
from doudi.web.journal.models import Leaf
from doudi.web.people.errors import NotAllowedError
from doudi.web.people.models import Post
from doudi.web.rulebook import services
from doudi.web.rulebook.documents import digest_of, mark_of
from doudi.web.rulebook.errors import DraftError, RuleCellsError, RuleContradictionError
from doudi.web.rulebook.models import Version, VersionEvent
from doudi.web.rulebook.proving import difference_of, prove
from doudi.web.rulebook.queries import rulebook_of, rulebook_on
from tests.web.rulebook.drafting import begun, book_of, fill_all_gaps, rule
from tests.web.town import actor


def test_a_draft_begins_with_what_is_in_force_and_changes_nothing_there(town: SimpleNamespace) -> None:
    draft = begun(town)
    services.add_rules(actor(town.people.shift), draft, [rule("D-100", unit_types="spot")])
    assert {one.id for one in book_of(draft).rules} - {one.id for one in rulebook_of(1).rules} == {"D-100"}
    assert rulebook_on().version.number == 1
    assert digest_of(Version.objects.get(number=1).documents) == town.rulebook.digest
    told = [one.kind for one in VersionEvent.objects.filter(version=draft)]
    assert told == ["draft_begun", "rules_changed"]
    assert Leaf.objects.filter(body__contains=f'"about":"rulebook/{draft.number}"').count() == 2


def test_rules_are_replaced_and_removed_only_in_a_draft(town: SimpleNamespace) -> None:
    editor, draft = actor(town.people.shift), begun(town)
    (stall,) = (one for one in book_of(draft).rules if one.id == "D-001")
    services.replace_rules(editor, draft, [replace(stall, holder="sanitation.street")], seen={"D-001": mark_of(stall)})
    services.remove_rules(editor, draft, ["D-002"])
    assert {one.id: one.holder for one in book_of(draft).rules}["D-001"] == "sanitation.street"
    for change in (services.remove_rules, services.replace_rules, services.add_rules):
        with pytest.raises(DraftError, match="第 1 版现在是“已发布”"):
            change(editor, town.rulebook, ["D-001"] if change is services.remove_rules else [stall])  # type: ignore[operator]


def test_two_editors_of_one_rule_do_not_overwrite_each_other(town: SimpleNamespace) -> None:
    editor, draft = actor(town.people.shift), begun(town)
    (stall,) = (one for one in book_of(draft).rules if one.id == "D-001")
    services.replace_rules(editor, draft, [replace(stall, note="先劝导")])
    with pytest.raises(DraftError, match="刚刚被别人改过"):
        services.replace_rules(editor, draft, [replace(stall, note="直接处罚")], seen={"D-001": mark_of(stall)})


@pytest.mark.parametrize(
    ("cells", "column"),
    [
        ({"kinds": "event.nowhere"}, "kinds"),
        ({"unit_types": "castle"}, "unit_types"),
        ({"areas": "999"}, "areas"),
        ({"facts": "owner=nobody"}, "facts"),
        ({"holder": "ghost"}, "holder"),
        ({"holder": "committee.staff"}, "holder"),
        ({"supports": "ghost"}, "supports"),
        ({"layer": "tie_break", "settles": "D-003|D-999"}, "settles"),
    ],
)
def test_what_nobody_registered_is_refused_by_its_cell(
    town: SimpleNamespace, cells: dict[str, str], column: str
) -> None:
    draft = begun(town)
    with pytest.raises(RuleCellsError) as refused:
        services.add_rules(actor(town.people.shift), draft, [rule("D-100"), rule("D-101", **cells)])
    assert [(one.rule, one.column) for one in refused.value.faults] == [("D-101", column)]
    assert len(book_of(draft).rules) == 6


def test_an_id_is_never_used_twice(town: SimpleNamespace) -> None:
    editor, draft = actor(town.people.shift), begun(town)
    with pytest.raises(DraftError, match="D-001 已有规则"):
        services.add_rules(editor, draft, [rule("D-001")])
    services.remove_rules(editor, draft, ["D-002"])
    services.add_rules(editor, draft, [rule("D-200", kinds="event.street.rubbish")])
    fill_all_gaps(town, draft)
    publish(town, draft)
    second = begun(town, "再改一次")
    with pytest.raises(RuleCellsError) as refused:
        services.add_rules(editor, second, [rule("D-002")])
    assert refused.value.faults[0].column == "id"


def publish(town: SimpleNamespace, draft: Version) -> Version:
    services.propose(actor(town.people.shift), draft)
    services.approve(actor(town.people.reviewer), draft, "legality")
    services.approve(actor(town.people.leader), draft, "leader")
    return services.publish(actor(town.people.shift), draft, draft.valid_from)


def test_a_town_rule_against_statute_is_refused_by_name(town: SimpleNamespace) -> None:
    draft = begun(town)
    with pytest.raises(RuleContradictionError, match=r"规则 D-100 与上位规则 D-006.*相抵触"):
        services.add_rules(actor(town.people.shift), draft, [rule("D-100", kinds="event.life.gas", unit_types="shop")])
    services.add_rules(
        actor(town.people.shift), draft, [rule("D-101", kinds="event.life.gas", holder="grid.head", layer="statute")]
    )


def test_gaps_and_conflicts_are_shown_and_accepted_by_name(town: SimpleNamespace) -> None:
    editor, draft = actor(town.people.shift), begun(town)
    found = prove(book_of(draft))
    assert found.proof.proven
    assert any("权属不明" in str(one.say(found.wording)) for one in found.gaps.regions)
    (rivals,) = found.conflicts
    assert rivals.rules == ("D-003", "D-004")
    fill_all_gaps(town, draft)
    settled = prove(book_of(draft))
    assert settled.settled
    assert settled.proof.gap_points == found.proof.gap_points, "an accepted gap is still a gap"
    assert all(one.regions for one in settled.admitted)
    services.withdraw_acceptance(editor, draft, "G-01")
    assert not prove(book_of(draft)).settled


def test_a_gap_is_accepted_only_to_somebody_who_may_hold(town: SimpleNamespace) -> None:
    editor, draft = actor(town.people.shift), begun(town)
    gap = prove(book_of(draft)).gaps.regions[0]
    with pytest.raises(DraftError, match="兜底岗"):
        services.accept(editor, draft, gap, name="名", why="因", caught_by=[Post.objects.get(code="committee.east")])
    with pytest.raises(DraftError, match="名称和理由"):
        services.accept(editor, draft, gap, name="名", why=" ", caught_by=[Post.objects.get(code="uoc.duty")])


def test_what_is_accepted_stays_accepted_in_the_next_version_and_only_that(town: SimpleNamespace) -> None:
    editor, draft = actor(town.people.shift), begun(town)
    fill_all_gaps(town, draft)
    second = services.begin_draft(editor, "接着改", base=publish(town, draft))
    assert prove(book_of(second)).settled
    services.remove_rules(editor, second, ["D-001"])
    (gap,) = prove(book_of(second)).gaps.regions
    assert gap.witness["kind"] == "event.street.stall"


def test_what_is_proven_after_many_small_edits_is_what_is_proven_from_nothing(town: SimpleNamespace) -> None:
    editor, draft = actor(town.people.shift), begun(town)
    conflict = {"kinds": "event.street.fume", "hours": "work"}
    steps = [
        lambda: services.add_rules(editor, draft, [rule("D-100", unit_types="spot"), rule("D-101", **conflict)]),
        lambda: services.add_rules(
            editor, draft, [rule("D-102", layer="tie_break", unit_types="shop", settles="D-003|D-004", **conflict)]
        ),
        lambda: services.replace_rules(editor, draft, [rule("D-101", holder="market.food", **conflict)]),
        lambda: services.remove_rules(editor, draft, ["D-102", "D-002"]),
        lambda: services.replace_rules(editor, draft, [rule("D-100", unit_types="shop")]),
    ]
    for step in steps:
        step()
        kept = prove(book_of(draft)).proof
        forget_all()
        assert prove(book_of(draft)).proof == kept


def test_the_difference_says_who_gains_what(town: SimpleNamespace) -> None:
    draft = begun(town)
    services.add_rules(actor(town.people.shift), draft, [rule("D-100", unit_types="spot")])
    (change,) = difference_of(rulebook_of(1), book_of(draft)).changes
    assert (change.before.holders, change.after.holders) == (("chengguan.street",), ("sanitation.street",))


@pytest.mark.parametrize("name", ["desk", "east_officer", "leader", "reviewer", "auditor", "admin"])
def test_only_who_may_edit_edits(town: SimpleNamespace, name: str) -> None:
    with pytest.raises(NotAllowedError):
        services.begin_draft(actor(getattr(town.people, name)), "我来改")
    draft = begun(town)
    with pytest.raises(NotAllowedError):
        services.add_rules(actor(getattr(town.people, name)), draft, [rule("D-100")])
