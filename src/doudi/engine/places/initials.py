"""Names as people type them in a hurry: 综合执法 by the first letters of its sounds, ``zhzf``, or spelled, ``zongherzhifa``.

A character with several readings is found by each of them: 长宁 by ``cn`` and by ``zn``. Tones are never typed.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from functools import cache

from doudi.engine.places.sounds import readings

#: a name of many characters with several readings each is written in no more ways than these
MOST_WAYS = 8


@cache
def _spelled(sign: str) -> tuple[str, ...]:
    """How one character is spelled, once for each reading; letters and digits are what they are, all else is silent."""
    said = readings().get(ord(sign))
    if said is None:
        plain = unicodedata.normalize("NFKC", sign).lower()
        return (plain,) if plain.isascii() and plain.isalnum() else ()
    bare = (_without_tone(one) for one in said.split(","))
    return tuple(dict.fromkeys(one for one in bare if one))


def _without_tone(reading: str) -> str:
    # ü is typed as v.
    parts = unicodedata.normalize("NFD", reading).replace("u\u0308", "v")
    return "".join(sign for sign in parts if sign.isascii() and sign.isalpha())


@cache
def _letters(sign: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(one[0] for one in _spelled(sign)))


def initials(name: str) -> list[str]:
    """The first letters of its sounds, in each way in which it may be read."""
    return _read(_letters, name)


def spellings(name: str) -> list[str]:
    """Its sounds written out."""
    return _read(_spelled, name)


def _read(ways_of: Callable[[str], tuple[str, ...]], name: str) -> list[str]:
    found = [""]
    for sign in name:
        ways = ways_of(sign)
        if len(ways) == 1:
            found = [before + ways[0] for before in found]
        elif ways:
            found = [before + one for one in ways for before in found][:MOST_WAYS]
    return found if found[0] else []


def may_be_sounds(typed: str) -> bool:
    """Whether what was typed can name by sounds: letters and digits, not digits alone."""
    return typed.isascii() and typed.isalnum() and not typed.isdecimal()
