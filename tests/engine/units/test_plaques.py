"""The life of a plaque: one table, each step with its reason, and no way back from void."""

from __future__ import annotations

import pytest

from doudi.engine.units.plaques import (
    PLAQUE_LIFE,
    PlaqueState,
    PlaqueStep,
    PlaqueStepError,
    is_far,
    state_after,
    states_before,
)


def test_each_step_stands_in_the_table_once_and_says_why() -> None:
    assert [row.step for row in PLAQUE_LIFE] == list(PlaqueStep)
    assert all(row.label and row.reason for row in PLAQUE_LIFE)


def test_every_state_is_reached_and_nothing_leads_out_of_void() -> None:
    reached = {PlaqueState.MINTED}
    for _ in PLAQUE_LIFE:
        reached |= {row.after for row in PLAQUE_LIFE if row.before & reached}
    assert reached == set(PlaqueState)
    assert not any(PlaqueState.REVOKED in row.before for row in PLAQUE_LIFE)


def test_a_sign_is_in_use_only_after_it_was_put_up_and_seen() -> None:
    assert states_before(PlaqueStep.ACTIVATE) == {PlaqueState.PLACED}
    assert states_before(PlaqueStep.PLACE) == {PlaqueState.MINTED, PlaqueState.PRINTED}


@pytest.mark.parametrize("step", [PlaqueStep.SUSPECT, PlaqueStep.CLEAR, PlaqueStep.REVOKE])
def test_whoever_doubts_clears_or_voids_says_why(step: PlaqueStep) -> None:
    with pytest.raises(PlaqueStepError):
        state_after(step, " ")
    assert state_after(step, "看过了")


@pytest.mark.parametrize(
    ("metres", "accuracy", "far"),
    [(80, 0, False), (81, 0, True), (180, 100, False), (181, 100, True), (None, 0, False)],
)
def test_what_the_phone_does_not_know_of_its_place_is_granted_to_it(
    metres: float | None, accuracy: float, far: bool
) -> None:
    assert is_far(metres, accuracy) is far
