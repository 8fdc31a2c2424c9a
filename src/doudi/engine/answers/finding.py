"""Which of the answers that a town keeps are about what somebody says: by pairs of signs that both have, rare ones first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Mapping
from typing import TypeVar

from doudi.engine.search.folding import folded, pairs, parts

Key = TypeVar("Key", bound=Hashable)

#: pairs that every question has
_COMMON = frozenset(
    pairs(folded("请问怎么什么样什么时候可以不能如何多少是否能否在哪里没有为什么怎么办问题投诉反映要求我们你们他们"))
)
_LEAST_SHARED, _LEAST_SHARE = 2, 0.34


def about(said: str, questions: Mapping[Key, str], *, most: int = 3) -> list[Key]:
    """The keys of the questions that ``said`` is about, the nearest first; of two as near the one that was given first."""
    spoken = pairs(folded(said)) - _COMMON
    asked = {key: pairs(folded(text)) - _COMMON for key, text in questions.items()}
    often = Counter(pair for found in asked.values() for pair in found)
    near: list[tuple[float, int, Key]] = []
    for place, (key, found) in enumerate(asked.items()):
        shared = found & spoken
        share = sum(1 / often[pair] for pair in shared) / (sum(1 / often[pair] for pair in found) or 1)
        if len(shared) >= min(_LEAST_SHARED, len(found)) and share >= _LEAST_SHARE:
            near.append((-share, place, key))
    return [key for _share, _place, key in sorted(near, key=lambda one: one[:2])[:most]]


def stands_in(typed: str, text: str) -> bool:
    """Whether each part that was typed stands in the text, as search reads both; nothing typed stands everywhere."""
    whole = folded(text)
    return all(part in whole for part in parts(typed))
