"""When two dangers that one source tells of are the same one: the same sort at the same place. Any doubt makes them two."""

from __future__ import annotations

import re
from dataclasses import dataclass

from doudi.engine.folding import fold
from doudi.engine.triage.similar import likeness

SAME_WORDS = 0.8
"""How alike two texts are that tell the same thing where no unit says the place. Below it they may speak of two places."""
_COUNTED = re.compile(
    r"[0-9]+|[一二两三四五六七八九十百]+(?=[号栋幢座楼层室弄组队期区门单支米公里])|[东西南北左右前后](?=[边侧面门楼])"
)


@dataclass(frozen=True, slots=True)
class Place:
    """Where it is, as far as that is sure: the unit, else area and address. ``counted``: numbers and sides in the words."""

    unit: str
    near: str
    counted: tuple[str, ...]

    @property
    def named(self) -> str:
        """The place in one line."""
        return "\x1f".join((self.unit, self.near, *self.counted))


def place_told(unit: str | None, area: str | None, address: str, text: str) -> Place:
    """The place that a report tells: where a unit is known its words may differ, but not in a number or a side."""
    counted = tuple(sorted(set(_COUNTED.findall(fold(text)))))
    return Place(unit or "", "" if unit else f"{area or ''}/{fold(address)}", counted)


def tells_the_same(place: Place, text: str, before: str) -> bool:
    """Whether ``text`` tells at ``place`` what ``before`` told there already."""
    return bool(place.unit) or likeness(text, before) >= SAME_WORDS
