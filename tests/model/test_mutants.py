"""The machine is worth what it finds: each fault made by hand is met within a few walks."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from django.db import IntegrityError
from hypothesis.stateful import run_state_machine_as_test

from doudi.engine.errors import DoudiError
from tests.model.answers import Answers
from tests.model.applying import Applying
from tests.model.mutants import MUTANTS, Mutant, made
from tests.model.pressed import Late, Named, Pressed
from tests.model.test_matter_machine import way
from tests.model.walk import Walk
from tests.model.work import Work

#: Where a limit passed in silence; where somebody was just named; all that people do; from where much has happened already;
#: then less and less of it, so that rare things come sooner.
WALKS: tuple[tuple[type[Walk], int], ...] = (
    (Late, 10),
    (Named, 60),
    (Answers, 150),
    (Pressed, 120),
    (Applying, 120),
    (Work, 120),
)

#: what says that a fault was met: a belief, a refusal of ours, or a promise that the database holds
MET = (AssertionError, DoudiError, IntegrityError)


def walk_on() -> None:
    for machine, walks in WALKS:
        run_state_machine_as_test(machine, settings=way(walks, known=True, shrink=False))


@pytest.mark.mutants
@pytest.mark.only("sqlite", "the faults are in the services: one database is enough")
@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda one: one.says.replace(" ", "-"))
def test_the_fault_is_met(town: SimpleNamespace, mutant: Mutant) -> None:
    Walk.town = town
    with made(mutant), pytest.raises(MET):
        walk_on()


@pytest.mark.mutants
@pytest.mark.only("sqlite", "the faults are in the services: one database is enough")
def test_without_a_fault_the_same_walks_meet_nothing(town: SimpleNamespace) -> None:
    """The control: what the walks call a fault is the one that was made, and not the walks themselves."""
    Walk.town = town
    walk_on()


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
