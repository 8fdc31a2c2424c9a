"""Whether the holder waits for a post that supports: it is only informed, or it keeps the matter from a step."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum


class Bond(StrEnum):
    """``INFORMS`` keeps nothing back; the others keep the matter from being handled, or from being closed, until done."""

    INFORMS = "informs"
    BEFORE_HANDLED = "before_handled"
    BEFORE_CLOSED = "before_closed"

    @property
    def label(self) -> str:
        """The bond as people say it, in Chinese."""
        return _LABELS[self]


_LABELS = {Bond.INFORMS: "知会", Bond.BEFORE_HANDLED: "处置前", Bond.BEFORE_CLOSED: "结案前"}

UNSAID = ""
"""The bond of a support of which its version says nothing: it blocks, as such versions were published."""

_WEAKEST_FIRST = (Bond.INFORMS, Bond.BEFORE_CLOSED, Bond.BEFORE_HANDLED, UNSAID)


@dataclass(frozen=True, slots=True)
class Support:
    """A role that supports and its bond, or ``UNSAID``; written ``role:bond``, or the role alone."""

    role: str
    bond: str = UNSAID

    def __str__(self) -> str:
        return f"{self.role}:{self.bond}" if self.bond else self.role

    @property
    def waited_for(self) -> bool:
        return waited_for(self.bond)


def waited_for(bond: str, *, closing: bool = True) -> bool:
    """Whether an open support with this bond keeps the matter from being closed; without ``closing``, from being handled."""
    return bond != Bond.INFORMS and (closing or bond != Bond.BEFORE_CLOSED)


def strongest(bonds: Iterable[tuple[str, str]]) -> Mapping[str, str]:
    """Post and bond, a post once: where it is named several times, the bond that keeps back most."""
    found: dict[str, str] = {}
    for post, bond in bonds:
        found[post] = max(found.get(post, bond), bond, key=_WEAKEST_FIRST.index)
    return found
