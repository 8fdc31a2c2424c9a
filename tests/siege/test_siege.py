"""A few seconds of each attack: whoever works in the town is answered, and nothing that was acknowledged is lost."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.faults.place import Place
from tests.siege.attacks import ATTACKS
from tests.siege.siege import besiege

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("attack", sorted(ATTACKS))
def test_people_are_answered_while_the_town_is_under_siege(place: Place, tmp_path: Path, attack: str) -> None:
    told = besiege(place, tmp_path, [attack], size=40, seconds=8, calm=3)
    assert told.failed == []
    assert told.lost == 0
    assert told.acknowledged > 0
    assert told.pages["meanwhile"] > 0
    assert sum(told.attacks[attack].values()) >= 40
