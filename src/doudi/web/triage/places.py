"""Where an address written by hand may lie: the village or neighbourhood that it names."""

from __future__ import annotations

from doudi.web.areas.queries import AreaDirectory


def named_in(text: str, places: AreaDirectory) -> str | None:
    """The code of the one village or neighbourhood whose name stands in ``text``; None when none does or several do."""
    if not text:
        return None
    found = {code for code, name in places.called if name in text}
    return found.pop() if len(found) == 1 else None
