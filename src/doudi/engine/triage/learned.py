"""Which kinds a whole text may mean by what was learned: from the catalogue alone at first, later from what was decided.

What is taught is only ever a proposal of kinds. A kind that brings everybody running is not proposed by likeness:
danger is judged for itself, and here its own words have to stand in the text.
"""

from __future__ import annotations

from collections.abc import Sequence

from doudi.engine.kinds.catalogue import Catalogue, Lane
from doudi.engine.triage.candidates import Candidate
from doudi.engine.triage.keywords import GAP, keywords_of
from doudi.engine.triage.whole_text import Seen, WholeText

SHOWN, MOST_LIKELY, LOOKED_AT = 3, 5, 24
ENOUGH_WEIGHT = 0.8
"""While nothing was decided yet: the likely kinds are the fewest that have so much of all weight together."""
NEW_BELOW = 0.02
"""Fewer known texts than this look as strange: it may be a new sort of matter."""


def catalogue_lessons(catalogue: Catalogue) -> list[tuple[str, str]]:
    """What the catalogue itself teaches: for each kind its name, its words and its examples."""
    return [
        (kind.code, text.replace(GAP, ""))
        for kind in catalogue.leaves()
        for text in dict.fromkeys((kind.name, *kind.words, *kind.examples))
    ]


def families_of(catalogue: Catalogue, kinds: Sequence[str]) -> list[int]:
    """For each kind the number of its family: the group above it."""
    above = [catalogue.tree.parent(kind) or "" for kind in kinds]
    numbers = {parent: number for number, parent in enumerate(sorted(set(above)))}
    return [numbers[parent] for parent in above]


def learned_kinds(text: str, catalogue: Catalogue, model: WholeText) -> tuple[tuple[Candidate, ...], bool]:
    """The kinds ranked, each with whether it is likely, and whether the text looks like a new sort of matter."""
    seen = model.look(text)
    ranked = _ranked(seen, text, catalogue, model.classes)
    likely = _likely(seen, ranked, model.calibrated)
    count = min(max(SHOWN, len(likely)), MOST_LIKELY)
    chosen = [int(label) for label in ranked[:count]]
    found = tuple(
        Candidate(model.classes[label], float(seen.shares[label]), words, label in likely)
        for label, words in zip(chosen, model.words_for(text, chosen), strict=True)
    )
    return found, model.calibrated and seen.known < NEW_BELOW


def _likely(seen: Seen, ranked: Sequence[int], calibrated: bool) -> frozenset[int]:
    if calibrated:
        chosen = frozenset(int(label) for label in ranked if seen.likely[label])
        return chosen or frozenset(map(int, ranked[:1]))
    weight, fewest = 0.0, set[int]()
    for label in map(int, ranked):
        fewest.add(label)
        weight += float(seen.shares[label])
        if weight >= ENOUGH_WEIGHT:
            break
    return frozenset(fewest)


def _ranked(seen: Seen, text: str, catalogue: Catalogue, classes: Sequence[str]) -> list[int]:
    """The classes that may be proposed, the likeliest first; of very many the first ones alone."""
    order = [int(label) for label in (-seen.shares).argsort(kind="stable")[:LOOKED_AT]]
    named = {label: catalogue.kind(classes[label]).lane for label in order if classes[label] in catalogue}
    if Lane.LIFE not in named.values():
        return list(named)
    keywords = keywords_of(catalogue)
    said = {kind for word in keywords.found_in(text) for kind in keywords.kinds(word)}
    return [label for label, lane in named.items() if lane is not Lane.LIFE or classes[label] in said]
