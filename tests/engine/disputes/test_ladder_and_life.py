"""A dispute goes up and never down, ends once, and says why in every row."""

from __future__ import annotations

import pytest

from doudi.engine.disputes.ladder import LADDER, Late, LevelError, next_level, require_above, rung_of, term_of
from doudi.engine.disputes.life import STEPS, DisputeStepError, take
from doudi.engine.disputes.vocabulary import DisputeState, Level
from doudi.engine.workdays import Term, TimeUnit


def test_there_are_four_levels_and_each_says_why() -> None:
    assert [rung.level for rung in LADDER] == list(Level) == ["desk", "on_site", "town", "district"]
    assert all(len(rung.reason) > 15 for rung in LADDER)
    assert [rung.widest for rung in LADDER] == [False, False, True, True], "only the town makes rules"


def test_the_lower_levels_pass_on_by_themselves_and_the_town_is_urged() -> None:
    assert [rung.late for rung in LADDER] == [Late.RAISE, Late.RAISE, Late.URGE, Late.URGE]


def test_the_towns_own_figure_is_its_limit() -> None:
    assert term_of("desk", {"desk_decision": {"amount": 10, "unit": "minute"}}) == Term(10, TimeUnit.MINUTE)
    assert term_of("desk", {}) == Term(30, TimeUnit.MINUTE)
    assert term_of("on_site", {}) == Term(1, TimeUnit.WORKING_DAY)
    assert term_of("town", {}) == Term(2, TimeUnit.WORKING_DAY)


def test_a_dispute_only_goes_up() -> None:
    assert [next_level(level) for level in list(Level)[:-1]] == list(Level)[1:]
    with pytest.raises(LevelError, match="没有更高的一级"):
        next_level("district")
    assert require_above("desk", "town") is Level.TOWN
    for lower in ("desk", "on_site", "town", "nowhere"):
        with pytest.raises(LevelError, match=rung_of("town").label):
            require_above("town", lower)


@pytest.mark.parametrize("step", [step.name for step in STEPS])
@pytest.mark.parametrize("ended", [state for state in DisputeState if state is not DisputeState.OPEN])
def test_what_has_ended_stays_ended(step: str, ended: DisputeState) -> None:
    with pytest.raises(DisputeStepError, match="已经结束"):
        take(step, ended, text="有理由")


@pytest.mark.parametrize("step", STEPS, ids=lambda step: step.name)
def test_a_step_that_needs_words_asks_for_them(step: object) -> None:
    assert step.reason  # type: ignore[attr-defined]
    if step.needs_words:  # type: ignore[attr-defined]
        with pytest.raises(DisputeStepError, match="请写明"):
            take(step.name, "open", text="  ")  # type: ignore[attr-defined]
    assert take(step.name, "open", text="说得清") is step.after  # type: ignore[attr-defined]
