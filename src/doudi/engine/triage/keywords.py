"""Find the catalogue's words in what people wrote, the longest first.

A word may leave a gap: "困…电梯" is found in 有人困在了电梯里, where a few characters stand between.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Callable
from functools import lru_cache
from math import log, sqrt

from doudi.engine.kinds.catalogue import Catalogue

GAP = "…"
WIDEST_GAP = 8


@lru_cache(maxsize=16)
def plain(text: str) -> str:
    """The text without spaces and signs, full width as half width, letters small."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return "".join(sign for sign in folded if sign.isalnum())


class Keywords:
    """The words of all kinds of one catalogue, each with the kinds that it speaks for and its weight."""

    def __init__(self, catalogue: Catalogue) -> None:
        kinds: dict[str, set[str]] = defaultdict(set)
        for kind in catalogue.leaves():
            for word in (kind.name, *kind.words):
                kinds[GAP.join(filter(None, map(plain, word.split(GAP))))].add(kind.code)
        kinds.pop("", None)
        self._kinds = {word: tuple(sorted(codes)) for word, codes in kinds.items()}
        self._count = len(catalogue.leaves())
        self._whole: dict[str, list[str]] = defaultdict(list)
        for word in sorted(self._kinds, key=lambda word: (-len(word), word)):
            self._whole[word[0]] += [] if GAP in word else [word]
        self._gapped = {
            word: re.compile(f".{{0,{WIDEST_GAP}}}".join(map(re.escape, word.split(GAP))))
            for word in sorted(self._kinds)
            if GAP in word
        }

    def kinds(self, word: str) -> tuple[str, ...]:
        """The codes of the kinds that use ``word``, sorted."""
        return self._kinds[word]

    def weight(self, word: str) -> float:
        """A word that few kinds use says more, and so does a long one. Above zero."""
        return log(1 + self._count / len(self._kinds[word])) * sqrt(len(word))

    def found_in(self, text: str) -> Counter[str]:
        """How often each word stands in ``text``; what a longer word covers is not found again.

        A word with a gap counts beside the others, whatever they cover.
        """
        text, found, at = plain(text), Counter[str](), 0
        while at < len(text):
            word = next((word for word in self._whole.get(text[at], ()) if text.startswith(word, at)), None)
            if word is not None:
                found[word] += 1
            at += len(word) if word else 1
        return found + Counter({word: len(form.findall(text)) for word, form in self._gapped.items()})

    def standing_alone(self, text: str, wanted: Callable[[str], bool]) -> Counter[str]:
        """How often each wanted word stands in ``text``, overlaps included, save where an unwanted word contains it.

        ``found_in`` reads on after each word and may so pass over one that begins inside it; here nothing is passed over.
        """
        text = plain(text)
        spans = [
            (at, at + len(word), word)
            for at, first in enumerate(text)
            for word in self._whole.get(first, ())
            if text.startswith(word, at)
        ]
        others = [(start, end) for start, end, word in spans if not wanted(word)]
        alone = Counter(
            word
            for start, end, word in spans
            if wanted(word) and not any(left <= start and end <= right for left, right in others)
        )
        return alone + Counter({word: len(form.findall(text)) for word, form in self._gapped.items() if wanted(word)})


@lru_cache(maxsize=8)
def keywords_of(catalogue: Catalogue) -> Keywords:
    """The words of ``catalogue``, gathered once; a catalogue never changes."""
    return Keywords(catalogue)
