"""The machine is worth what it finds: each fault made by hand is met within a few walks."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from hypothesis.stateful import run_state_machine_as_test

from tests.model.answers import Answers
from tests.model.asking import Asking
from tests.model.mutants import MUTANTS, Mutant, made
from tests.model.pressed import Pressed
from tests.model.test_matter_machine import way
from tests.model.walk import Walk
from tests.model.work import Work

#: All that people do; then from where much has happened already; then less and less of it, so that rare things come sooner.
WALKS: tuple[tuple[type[Walk], int], ...] = ((Answers, 150), (Pressed, 120), (Asking, 120), (Work, 120))


def walk_on() -> None:
    for machine, walks in WALKS:
        run_state_machine_as_test(machine, settings=way(walks, known=True, shrink=False))


@pytest.mark.mutants
@pytest.mark.only("sqlite", "the faults are in the services: one database is enough")
@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda one: one.says.replace(" ", "-"))
def test_the_fault_is_met(town: SimpleNamespace, mutant: Mutant) -> None:
    Walk.town = town
    with made(mutant), pytest.raises(BaseException) as met:  # noqa: PT011 - an assertion, a refusal or the database's own
        walk_on()
    assert not isinstance(met.value, KeyboardInterrupt | SystemExit)


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda one: one.says.replace(" ", "-"))
def test_the_fault_fits_the_services_as_they_are(mutant: Mutant) -> None:
    with made(mutant):
        pass


def test_a_fault_stands_only_while_it_is_made() -> None:
    from doudi.web.matters import services
    from doudi.web.matters.services import steps

    sound = steps.verify
    mutant = next(one for one in MUTANTS if one.function == "verify")
    with made(mutant):
        assert services.verify is steps.verify is not sound
    assert services.verify is steps.verify is sound
