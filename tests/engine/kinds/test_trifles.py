"""What may be closed by whoever comes by: nothing that presses, nothing that more is wanted of than photographs."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from doudi.engine.kinds.entries import Emergency, Lane, MatterKind, Verification
from doudi.engine.kinds.trifles import is_trifle

RUBBISH = MatterKind(
    code="a.b",
    name="暴露垃圾",
    parent=None,
    words=(),
    lane=Lane.NORMAL,
    verification=Verification.SAMPLED,
    module="",
    filing=(),
    evidence=("before_photo", "after_photo", "record_text"),
    competent=None,
    emergency=None,
    source="",
    pickable=True,
    icon="trash",
)


def test_what_is_checked_by_sample_and_shown_by_photographs_is_a_trifle() -> None:
    assert is_trifle(RUBBISH)


@pytest.mark.parametrize(
    "otherwise",
    [
        {"lane": Lane.URGENT},
        {"lane": Lane.LIFE},
        {"verification": Verification.SECOND_PERSON},
        {"verification": Verification.UPSTREAM},
        {"emergency": Emergency("119", "着火")},
        {"evidence": ("after_photo", "minutes_text")},
    ],
)
def test_nothing_else_is(otherwise: dict[str, Any]) -> None:
    assert not is_trifle(replace(RUBBISH, **otherwise))
