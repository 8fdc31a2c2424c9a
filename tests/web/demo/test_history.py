"""The demo town plays on whatever day it is made: what is refused to somebody costs that step and not the town."""

from __future__ import annotations

from datetime import timedelta

import pytest

from doudi.engine.errors import DoudiError
from doudi.web.demo.history import Player
from tests.web.demo.small_town import NOW


def playing(*steps: object) -> Player:
    player = object.__new__(Player)
    player._waiting = [(NOW + timedelta(minutes=at), at, step) for at, step in enumerate(steps)]  # type: ignore[misc]
    return player


def test_who_comes_too_late_is_refused_and_the_town_goes_on() -> None:
    done: list[str] = []

    def too_late() -> None:
        raise DoudiError("这项协办已经结束。")

    playing(too_late, lambda: done.append("later"))._play_until(NOW + timedelta(hours=1))
    assert done == ["later"]


def test_a_fault_of_our_own_is_not_hidden() -> None:
    with pytest.raises(ZeroDivisionError):
        playing(lambda: 1 / 0)._play_until(NOW + timedelta(hours=1))
