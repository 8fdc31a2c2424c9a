"""What a kind wants shown of its work, and for which reasons something of it may be missing.

A kind names its evidence in the catalogue: photographs (names in ``_photo``) and texts. What was done and the reply are
written in any case; everything else is asked for where the work is handed over.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

BEFORE_PHOTO, AFTER_PHOTO = "before_photo", "after_photo"
#: written in any case: the words of the one who handled, and the reply to whoever asked
WRITTEN = ("record_text", "reply_text")


class Lack(StrEnum):
    """Why a photograph or a text that a kind names is not there."""

    UNSAFE = "unsafe"
    PRIVATE = "private"
    FORBIDDEN = "forbidden"
    DARK = "dark"
    NOTHING_TO_SEE = "nothing_to_see"
    TOO_LATE = "too_late"
    NO_CAMERA = "no_camera"
    NOT_NEEDED = "not_needed"


_OF_PHOTOS = (
    Lack.UNSAFE,
    Lack.PRIVATE,
    Lack.FORBIDDEN,
    Lack.DARK,
    Lack.NOTHING_TO_SEE,
    Lack.TOO_LATE,
    Lack.NO_CAMERA,
)
_OF_TEXTS = (Lack.NOT_NEEDED, Lack.FORBIDDEN)


def asked_when_handled(named: Iterable[str]) -> tuple[str, ...]:
    """Of the evidence that a kind names, what is asked for beside the words that everybody writes."""
    return tuple(dict.fromkeys(name for name in named if name not in WRITTEN))


def is_photo(name: str) -> bool:
    return name.endswith("_photo")


def reasons_for(name: str) -> tuple[Lack, ...]:
    """The reasons that count for this piece of evidence."""
    return _OF_PHOTOS if is_photo(name) else _OF_TEXTS
