"""Which kinds of matter a text may mean, by the words that the catalogue lists for each kind.

The text only ever proposes kinds. Whose the matter is, the duties say.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from doudi.engine.kinds.catalogue import Catalogue
from doudi.engine.triage.keywords import keywords_of

# A kind with less than this part of the best kind's weight was only brushed by a passing word.
WORTH_NAMING = 0.4
TITLE_COUNTS = 2


@dataclass(frozen=True, slots=True)
class Candidate:
    """A kind, its share of all the weight found in the text (above 0, at most 1), and the words that spoke for it.

    One that is not ``likely`` is only shown to choose from: it makes nothing unclear.
    """

    kind: str
    score: float
    matched: tuple[str, ...]
    likely: bool = True


def likely_kinds(text: str, catalogue: Catalogue, *, most: int = 3, title: str = "") -> tuple[Candidate, ...]:
    """The kinds that ``text`` speaks of, the likeliest first, at most ``most``; none if no word is known.

    Words in ``title`` count double. The same text and catalogue always give the same answer.
    """
    keywords = keywords_of(catalogue)
    in_title, in_text = keywords.found_in(title), keywords.found_in(text)
    weights: dict[str, float] = defaultdict(float)
    matched: dict[str, list[str]] = defaultdict(list)
    for word in sorted(in_title.keys() | in_text.keys()):
        for kind in keywords.kinds(word):
            # A word repeated in anger says no more than once.
            weights[kind] += keywords.weight(word) * (TITLE_COUNTS if word in in_title else 1)
            matched[kind].append(word)
    if not weights:
        return ()
    total, best = sum(weights.values()), max(weights.values())
    ranked = sorted(weights, key=lambda kind: (-weights[kind], kind))
    return tuple(
        Candidate(kind, weights[kind] / total, tuple(matched[kind]))
        for kind in ranked[:most]
        if weights[kind] >= WORTH_NAMING * best
    )
