"""A draft meets the town's past: who would have held what, told only to whoever may see it."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace

import pytest

from doudi.engine.duties.bonds import Support
from doudi.web.drafting import services as drafting
from doudi.web.drafting.models import Replay, ReplayChange
from doudi.web.drafting.past import history_for
from doudi.web.drafting.queries import changes_seen, summary
from doudi.web.drafting.services import ReplayError, begin_replay, cancel_replay
from doudi.web.people.errors import NotAllowedError
from doudi.web.rulebook import services
from doudi.web.rulebook.models import Version
from doudi.web.rulebook.proving import ground_of, prove
from doudi.web.timers.running import run_due
from doudi.web.triage.services import Incoming, receive
from tests.web.rulebook.drafting import begun, book_of, rule
from tests.web.town import actor


@pytest.fixture
def past(town: SimpleNamespace) -> list[object]:
    """Two stalls at the shop, one on the empty ground, an open manhole that nobody owns, and something unclear."""
    said = [
        ("有人占道摆摊", town.shop),
        ("又有人占道摆摊", town.shop),
        ("有人占道摆摊", town.spot),
        ("窨井盖不见了", town.manhole),
        ("说不清的事情", town.spot),
    ]
    return [receive([Incoming("scan", words, unit_code=unit.code)])[0].matters[0] for words, unit in said]


@pytest.fixture
def draft(town: SimpleNamespace, past: list[object]) -> Version:
    """Stalls on empty ground go to the cleaners, and so do manholes whose owner nobody knows."""
    made = begun(town)
    manholes = rule("D-101", kinds="event.street.manhole", facts="owner=unknown")
    services.add_rules(actor(town.people.shift), made, [rule("D-100", unit_types="spot"), manholes])
    return made


def replayed(town: SimpleNamespace, draft: Version) -> Replay:
    replay = begin_replay(actor(town.people.shift), draft)
    run_due(sweep=False)
    replay.refresh_from_db()
    return replay


def test_it_says_what_would_change_hands_and_what_would_leave_the_backstop(
    town: SimpleNamespace, draft: Version
) -> None:
    replay = replayed(town, draft)
    assert (replay.state, replay.done, replay.total) == ("done", 5, 5)
    found = summary(actor(town.people.shift), replay)
    assert (found.changed, found.figures) == (2, {"hands": 2, "leave_backstop": 1, "fall_to_backstop": 0})
    assert {one.code for one in found.kinds} == {"event.street.stall", "event.street.manhole"}
    assert {one.code: one.gains - one.loses for one in found.posts} == {
        "greening.street": 2,
        "chengguan.west": -1,
        "grid.east": -1,
    }
    (left,) = changes_seen(actor(town.people.shift), replay, {"figure": "leave_backstop"})
    assert (left.was, left.becomes, left.rules) == ("gap", "rule", ["D-101"])


def test_it_says_how_many_holders_wait_for_help_before_and_after(town: SimpleNamespace, draft: Version) -> None:
    shift = actor(town.people.shift)
    stalls = next(one for one in book_of(draft).rules if one.id == "D-001")
    services.replace_rules(shift, draft, [replace(stalls, supports=(Support("committee.staff", "informs"),))])
    replay = replayed(town, draft)
    assert (replay.waiting_before, replay.waiting_after) == (2, 0)


def test_it_goes_on_portion_by_portion_and_a_kill_repeats_nothing(
    town: SimpleNamespace, draft: Version, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(drafting, "MATTERS_PER_JOB", 2)
    replay = begin_replay(actor(town.people.shift), draft)
    assert not drafting.continue_replay(replay.pk)
    assert Replay.objects.get().done == 2
    run_due(sweep=False)
    assert (Replay.objects.get().done, ReplayChange.objects.count()) == (5, 2)


def test_a_draft_that_changes_meanwhile_stops_it_and_it_may_be_stopped_by_hand(
    town: SimpleNamespace, draft: Version
) -> None:
    shift = actor(town.people.shift)
    begin_replay(shift, draft)
    with pytest.raises(ReplayError, match="正在重演"):
        begin_replay(shift, draft)
    services.remove_rules(shift, draft, ["D-100"])
    run_due(sweep=False)
    assert (Replay.objects.get().state, Replay.objects.get().words) == ("failed", "重演时草案又改了，请重新重演。")
    second = begin_replay(shift, draft)
    cancel_replay(shift, second)
    run_due(sweep=False)
    assert [(one.state, one.done) for one in Replay.objects.all()] == [("failed", 0)]


def test_figures_and_lists_hold_only_what_exists_for_the_reader(
    town: SimpleNamespace, draft: Version, past: list[object]
) -> None:
    replay = replayed(town, draft)
    past[2].__class__.objects.filter(pk=past[2].pk).update(restricted=True)  # type: ignore[attr-defined]
    assert summary(actor(town.people.leader), replay).changed == 2
    assert summary(actor(town.people.reviewer), replay).changed == 1
    assert summary(actor(town.people.auditor), replay).changed == 0
    with pytest.raises(NotAllowedError):
        begin_replay(actor(town.people.desk), draft)


def test_gaps_are_weighed_by_the_matters_of_the_last_year(town: SimpleNamespace, past: list[object]) -> None:
    book = book_of(begun(town))
    ground = ground_of(book)
    history = history_for(book, ground)
    assert history.size == 5
    assert history_for(book, ground) is history
    gaps = prove(book, history=history, ground=ground).gaps.regions
    assert max(one.share or 0.0 for one in gaps) == pytest.approx(0.2)
