"""Where an address written by hand may lie: the village or neighbourhood that it names."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from doudi.web.areas.models import Area

_ENDINGS = ("村民委员会", "居民委员会", "村委会", "居委会", "居民区", "社区", "村")


def named_in(text: str, areas: Iterable[Area]) -> str | None:
    """The code of the one village or neighbourhood whose name stands in ``text``; None when none does or several do."""
    if not text:
        return None
    found = {
        area.code
        for area in areas
        if area.kind in (Area.Kind.VILLAGE, Area.Kind.NEIGHBOURHOOD) and any(name in text for name in _names(area.name))
    }
    return found.pop() if len(found) == 1 else None


@lru_cache(maxsize=10_000)
def _names(name: str) -> tuple[str, ...]:
    """A name and its everyday short form, where that is long enough to mean only this place."""
    for ending in _ENDINGS:
        short = name.removesuffix(ending)
        if short != name and len(short) >= 2:
            return name, short + ending[-1:], *((short,) if len(short) >= 3 else ())
    return (name,)
