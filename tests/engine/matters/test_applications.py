"""An application never moves anything by itself: what it needs, whom it is asked of, and how it ends."""

from __future__ import annotations

from itertools import product

import pytest

from doudi.engine.matters.applications import (
    APPLICATION_LIFE,
    APPLICATION_TYPES,
    UNDECIDED,
    application_step,
    application_type,
)
from doudi.engine.matters.life import StepError
from doudi.engine.matters.vocabulary import ApplicationKind, ApplicationState, AskedOf


def test_every_sort_is_described_once_and_asked_of_somebody() -> None:
    assert [one.kind for one in APPLICATION_TYPES] and {one.kind for one in APPLICATION_TYPES} == set(ApplicationKind)
    assert len(APPLICATION_TYPES) == len(ApplicationKind)
    assert all(one.asked_of and one.power for one in APPLICATION_TYPES)


def test_not_ours_needs_a_basis_and_a_place_to_go() -> None:
    assert application_type("transfer").needs == {"basis", "holder"}
    assert application_type("transfer").asked_of == {AskedOf.DESK}
    assert application_type("return").asked_of == {AskedOf.UPSTREAM}


@pytest.mark.parametrize(("state", "step"), list(product(ApplicationState, APPLICATION_LIFE)))
def test_every_pair_is_in_the_table_or_refused(state: ApplicationState, step: object) -> None:
    if state in step.before:  # type: ignore[attr-defined]
        assert application_step(step.name, state, text="因为") == step.after  # type: ignore[attr-defined]
    else:
        with pytest.raises(StepError):
            application_step(step.name, state, text="因为")  # type: ignore[attr-defined]


def test_what_is_decided_stays_decided() -> None:
    decided = set(ApplicationState) - UNDECIDED
    assert not decided & set().union(*(step.before for step in APPLICATION_LIFE))


def test_a_refusal_needs_words() -> None:
    with pytest.raises(StepError, match="不同意要说明理由"):
        application_step("refuse", "open")
