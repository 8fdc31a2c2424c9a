"""The learned judgement of whole texts: shares that hold, a set that keeps its promise for each class, what is new.

Made from examples by `teach`, kept as plain arrays by `arrays_of`, read back by `from_arrays`. The same examples
and seed give the same arrays, so a model is named by their digest.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from doudi.engine.triage.calibration import ALPHAS, bounds, fit_shares, in_set, shares
from doudi.engine.triage.features import Features, Floats, features_of, grams_with_places
from doudi.engine.triage.linear import Labels, Linear, learn
from doudi.engine.triage.novelty import familiarity, learn_gate, signs_of

FORM = 1
FOLDS = 5
ONE_FOLD_ABOVE = 20_000
"""More texts than these are held out once, not in turn: they are enough."""
ENOUGH = 200
"""Decided texts from which on shares are called calibrated."""
RANKS = 101
MOST_MARKED = 6
_WEIGHTY, _CLEARLY = 0.05, 0.3


@dataclass(frozen=True, slots=True)
class Seen:
    """What one text looks like: a share for each class, which are in its set, and how many known texts are as strange.

    ``known`` is the part of known texts that look no more familiar: near 0 the text is of a new sort.
    """

    shares: npt.NDArray[np.float64]
    likely: npt.NDArray[np.bool_]
    known: float


@dataclass(frozen=True)
class WholeText:
    """``classes`` are named in the order of the weights; ``limits`` has a row for each of ``ALPHAS``.

    ``calibrated``: whether its shares were held against enough decided texts to be shown as percentages.
    """

    classes: tuple[str, ...]
    linear: Linear
    sharpness: float
    lift: Floats
    limits: Floats
    gate: Floats
    ranks: Floats
    calibrated: bool

    def look(self, text: str, alpha: int = 0) -> Seen:
        return self.look_at(features_of(text), alpha)

    def look_at(self, text: Features, alpha: int = 0) -> Seen:
        margins = self.linear.margins(self.linear.vector(text))
        found = shares(margins, self.sharpness, self.lift)
        familiar = familiarity(signs_of(margins, self.linear.known_share(text)), self.gate)
        known = float(np.searchsorted(self.ranks, familiar, side="right")) / len(self.ranks)
        return Seen(found, in_set(found, self.limits[alpha]), known)

    def words_for(self, text: str, labels: Sequence[int], most: int = MOST_MARKED) -> list[tuple[str, ...]]:
        """For each class the pieces of ``text`` that speak most for it, the weightiest first."""
        hashes, begins, ends = grams_with_places(text)
        each = [self.linear.speaking(hashes, label) for label in labels]
        return [_pieces(text, _by_sign(len(text), begins, ends, speaks), most) for speaks in each]


def _by_sign(
    length: int, begins: npt.NDArray[np.int64], ends: npt.NDArray[np.int64], speaks: Floats
) -> npt.NDArray[np.float64]:
    """What each sign of the text adds, from all grams that cover it."""
    each = speaks / np.maximum(ends - begins, 1)
    edge = np.bincount(begins, each, length + 1) - np.bincount(ends, each, length + 1)
    found: npt.NDArray[np.float64] = np.cumsum(edge)[:length]
    return found


def _pieces(text: str, weights: npt.NDArray[np.float64], most: int) -> tuple[str, ...]:
    """Runs of signs that speak clearly, two or more signs long."""
    least = max(float(weights.max(initial=0)) * _CLEARLY, _WEIGHTY)
    speaks = np.concatenate([[False], weights >= least, [False]])
    edges = np.flatnonzero(speaks[1:] != speaks[:-1])
    found: dict[str, float] = {}
    for start, end in zip(edges[::2], edges[1::2], strict=True):
        for piece in re.split(r"\W+", text[start:end]):
            if len(piece) > 1:
                found[piece] = max(found.get(piece, 0.0), float(weights[start:end].sum()))
    return tuple(sorted(found, key=lambda one: (-found[one], one))[:most])


@dataclass(frozen=True, slots=True)
class Lessons:
    """What to learn from: texts as features with the number of their class.

    ``taught`` are those that a catalogue gives; they teach, but shares and promises are held only against the others.
    """

    texts: Sequence[Features]
    labels: Labels
    taught: npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class HeldOut:
    """The shares that texts got from models which had not learned from them, and which texts these are."""

    shares: npt.NDArray[np.float64]
    texts: npt.NDArray[np.int64]


#: what one that a catalogue gives counts beside one that was decided
TAUGHT_COUNTS = 2.0


def teach(
    classes: Sequence[str],
    lessons: Lessons,
    families: Sequence[int] | None = None,
    *,
    seed: int = 0,
) -> tuple[WholeText, HeldOut]:
    """Learn from all lessons, and say how texts held out on the way fared."""
    count = len(classes)
    of_family = list(families) if families is not None else [0] * count
    weights = np.where(lessons.taught, TAUGHT_COUNTS, 1.0).astype(np.float32)
    margins, held = _held_out(lessons, count, weights, seed)
    labels = lessons.labels[held]
    sharpness, lift = fit_shares(margins, labels)
    found = shares(margins, sharpness, lift)
    limits = np.stack([bounds(found, labels, of_family, alpha) for alpha in ALPHAS])
    told = learn_gate(lessons.texts, lessons.labels, count, seed)
    linear = learn(lessons.texts, lessons.labels, count, weights=weights, seed=seed).packed()
    familiar = np.array(
        [
            familiarity(signs_of(row, linear.known_share(lessons.texts[index])), told)
            for row, index in zip(margins, held, strict=True)
        ]
    )
    ranks = np.quantile(familiar, np.linspace(0, 1, RANKS)).astype(np.float32)
    decided = int((~lessons.taught).sum())
    limits = limits.astype(np.float32)
    model = WholeText(tuple(classes), linear, sharpness, lift, limits, told, ranks, decided >= ENOUGH)
    return model, HeldOut(found, held)


def _held_out(lessons: Lessons, count: int, weights: Floats, seed: int) -> tuple[Floats, npt.NDArray[np.int64]]:
    """The margins of texts by models that did not learn from them, and which texts these are.

    Held out are the decided texts; while there are hardly any, those of the catalogue.
    """
    decided = np.flatnonzero(~lessons.taught)
    asked = decided if len(decided) >= ENOUGH else np.arange(len(lessons.texts))
    fold_of = np.random.default_rng(seed).permutation(len(asked)) % FOLDS
    margins, held = [], []
    for fold in range(1 if len(asked) > ONE_FOLD_ABOVE else FOLDS):
        here = asked[fold_of == fold]
        rest = np.setdiff1d(np.arange(len(lessons.texts)), here)
        model = learn([lessons.texts[i] for i in rest], lessons.labels[rest], count, weights=weights[rest], seed=seed)
        margins += [model.margins(model.vector(lessons.texts[index])) for index in here]
        held += list(here)
    return np.array(margins, np.float32), np.array(held)


def arrays_of(model: WholeText) -> dict[str, npt.NDArray[Any]]:
    """The model as arrays of plain numbers and signs, nothing that runs."""
    return {
        "form": np.array([FORM], np.int32),
        "classes": np.array(model.classes, "U"),
        "hashes": model.linear.hashes,
        "rarity": model.linear.rarity,
        "weights": model.linear.weights,
        "bias": model.linear.bias,
        "shares": np.array([model.sharpness, *model.lift], np.float32),
        "limits": model.limits,
        "gate": model.gate,
        "ranks": model.ranks,
        "calibrated": np.array([model.calibrated]),
    }


def from_arrays(arrays: Mapping[str, npt.NDArray[Any]]) -> WholeText:
    """The model that was kept. Raises KeyError or ValueError for arrays of another form."""
    if int(arrays["form"][0]) != FORM:
        raise ValueError(f"a model of form {int(arrays['form'][0])}, not {FORM}")
    return WholeText(
        classes=tuple(str(one) for one in arrays["classes"]),
        linear=Linear(arrays["hashes"], arrays["rarity"], arrays["weights"], arrays["bias"]),
        sharpness=float(arrays["shares"][0]),
        lift=arrays["shares"][1:],
        limits=arrays["limits"],
        gate=arrays["gate"],
        ranks=arrays["ranks"],
        calibrated=bool(arrays["calibrated"][0]),
    )
