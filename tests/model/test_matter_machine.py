"""Random people do random things for days and nights; after every step all that is always true is true.

``DOUDI_MODEL_STEPS`` walks further than the usual 5,000 steps, and other ways each time.
"""

from __future__ import annotations

import os
from types import SimpleNamespace

import pytest
from django.db import connection
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.model.answers import Answers
from tests.model.walk import Walk

PER_WALK = 100


def way(walks: int, *, known: bool, shrink: bool) -> settings:
    """How far to walk. ``known``: the same ways each time."""
    phases = (Phase.explicit, Phase.generate, Phase.shrink) if shrink else (Phase.explicit, Phase.generate)
    return settings(
        max_examples=walks,
        stateful_step_count=PER_WALK,
        deadline=None,
        database=None,
        derandomize=known,
        suppress_health_check=list(HealthCheck),
        phases=phases,
        print_blob=not known,
        report_multiple_bugs=False,
    )


@pytest.mark.slow
def test_whatever_people_do_what_is_always_true_stays_true(town: SimpleNamespace) -> None:
    asked = int(os.environ.get("DOUDI_MODEL_STEPS", 0))
    # PostgreSQL is asked for a shorter walk: the same services, another store.
    wanted = asked or (5_000 if connection.vendor == "sqlite" else 1_000)
    Answers.town, Walk.walks, Walk.steps, Walk.refused = town, 0, 0, 0
    while Walk.steps < wanted:
        walks = max(10, (wanted - Walk.steps) // (PER_WALK * 3 // 5))
        run_state_machine_as_test(
            Answers, settings=way(walks, known=not asked, shrink=bool(os.environ.get("DOUDI_MODEL_SHRINK")))
        )
        if not asked:
            break
    print(f"{Walk.steps} steps in {Walk.walks} walks, {Walk.refused} refused")  # noqa: T201
    assert Walk.steps >= wanted
    assert Walk.refused < Walk.steps * 0.7
