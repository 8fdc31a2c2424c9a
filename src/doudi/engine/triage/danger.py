"""Hear danger to life in free words, whatever kind of matter was picked.

The words are those of the catalogue's kinds in the life lane; a word that a harmless kind uses too
raises nothing, nor does one inside a longer harmless word. It errs towards the call: a false alarm costs minutes, a missed one a life.
"""

from __future__ import annotations

from dataclasses import dataclass

from doudi.engine.kinds.catalogue import Catalogue, Emergency, Lane
from doudi.engine.triage.keywords import keywords_of


@dataclass(frozen=True, slots=True)
class Alarm:
    """The lane; in the life lane also the call to make first, the kind that asks for it, and the words heard."""

    lane: Lane
    emergency: Emergency | None
    kind: str | None
    matched: tuple[str, ...]


def lane_of(text: str, kind: str | None, catalogue: Catalogue) -> Alarm:
    """The lane of ``kind`` (normal while it is unknown), raised to life by words of danger in ``text``.

    The call is that of ``kind`` if it is itself in the life lane, else that of the life kind with the
    weightiest words.
    """
    picked = catalogue.kind(kind) if kind is not None and kind in catalogue else None
    keywords = keywords_of(catalogue)
    heard: dict[str, list[str]] = {}

    def is_alarming(word: str) -> bool:
        return all(catalogue.kind(code).lane is Lane.LIFE for code in keywords.kinds(word))

    for word in sorted(keywords.standing_alone(text, is_alarming)):
        for code in keywords.kinds(word):
            heard.setdefault(code, []).append(word)
    matched = tuple(sorted({word for found in heard.values() for word in found}))
    if picked is not None and picked.lane is Lane.LIFE:
        return Alarm(Lane.LIFE, picked.emergency, picked.code, matched)
    if heard:
        loudest = min(heard, key=lambda code: (-sum(map(keywords.weight, heard[code])), code))
        return Alarm(Lane.LIFE, catalogue.kind(loudest).emergency, loudest, matched)
    return Alarm(picked.lane if picked else Lane.NORMAL, None, None, ())
