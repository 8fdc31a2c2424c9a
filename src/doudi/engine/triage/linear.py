"""A linear model of whole texts: one line of weights for each class, learned by coordinate descent in the dual.

Each class is told from all others with a squared hinge. Texts are taken in an order drawn from a seed, so the same
texts always give the same weights. Nothing is kept of a text but what it added to the weights of its hashes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from doudi.engine.triage.features import BITS, Features, Floats

MOST_FEATURES = 65_535
MOST_BYTES = 24_000_000
"""Of the weights, two bytes each."""
COST = 2.0
ROUNDS = 8
NEAR_ENOUGH = 0.02
_HARDLY = 1e-4

Vector = tuple[npt.NDArray[np.intp], Floats]
Labels = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Linear:
    """``hashes`` are the features it knows, rising; ``weights`` has a row for each, a column for each class."""

    hashes: npt.NDArray[np.int32]
    rarity: Floats
    weights: npt.NDArray[np.float16] | Floats
    bias: Floats
    _slots: npt.NDArray[np.int32] = field(init=False, repr=False, compare=False)
    _middle: Floats = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_slots", _slots_of(self.hashes))
        object.__setattr__(self, "_middle", self.weights.mean(axis=1, dtype=np.float32))

    @property
    def classes(self) -> int:
        return len(self.bias)

    def vector(self, text: Features) -> Vector:
        """What of ``text`` the model knows, as one vector of length 1."""
        return _vector(text, self._slots, self.rarity)

    def margins(self, vector: Vector) -> Floats:
        """For each class how far on its side the text lies; above 0 it speaks for it."""
        slots, values = vector
        rows = self.weights.take(slots, 0)
        if rows.dtype == np.float16:
            found: Floats = values @ rows.astype(np.float32) + self.bias
            return found
        return summed(values, rows.astype(np.float32)) + self.bias

    def known_share(self, text: Features) -> float:
        """How many of the features of ``text`` were seen while learning, 0 to 1."""
        return float((self._slots[text.hashes] >= 0).mean()) if len(text.hashes) else 0.0

    def speaking(self, hashes: npt.NDArray[np.int32], label: int) -> Floats:
        """How much each feature speaks for a class beyond what it says for all; 0 for one that was never seen."""
        slots = self._slots[hashes]
        rows = np.maximum(slots, 0)
        beyond = self.weights[rows, label].astype(np.float32) - self._middle[rows]
        found: Floats = np.where(slots >= 0, beyond * self.rarity[rows], np.float32(0)).astype(np.float32)
        return found

    def packed(self) -> Linear:
        """The same in half the room, as it is kept."""
        return Linear(self.hashes, self.rarity, self.weights.astype(np.float16), self.bias)


def summed(values: Floats, rows: Floats) -> Floats:
    """The rows times their values, added in turn: the same to the last bit wherever they lie in memory, as @ is not.

    So what is learned is the same everywhere; what is only asked of it may differ in the last bit, and is faster.
    """
    found: Floats = (values[:, None] * rows).sum(axis=0)
    return found


def _slots_of(hashes: npt.NDArray[np.int32]) -> npt.NDArray[np.int32]:
    slots = np.full(1 << BITS, -1, np.int32)
    slots[hashes] = np.arange(len(hashes), dtype=np.int32)
    return slots


def _vector(text: Features, slots: npt.NDArray[np.int32], rarity: Floats) -> Vector:
    found = slots[text.hashes]
    known = found >= 0
    rows = found[known].astype(np.intp)
    values = (1 + np.log(text.counts[known])) * rarity[rows]
    return rows, (values / (np.sqrt((values * values).sum()) or 1.0)).astype(np.float32)


def learn(
    texts: Sequence[Features],
    labels: Labels,
    classes: int,
    *,
    weights: Floats | None = None,
    rounds: int = ROUNDS,
    seed: int = 0,
) -> Linear:
    """Learn to tell ``classes`` apart. ``weights`` says how much each text counts (default: all 1).

    A text that counts more than 1 gives features that are kept even if it alone holds them.
    """
    counts = np.ones(len(texts), np.float32) if weights is None else weights
    hashes, frequency = _chosen(texts, labels, classes, counts)
    rarity = (np.log((1 + len(texts)) / (1 + frequency)) + 1).astype(np.float32)
    slots = _slots_of(hashes)
    vectors = [_vector(text, slots, rarity) for text in texts]
    learned, bias = _descend(vectors, labels, classes, len(hashes), counts * COST, rounds, seed)
    return Linear(hashes, rarity, learned, bias)


def _chosen(
    texts: Sequence[Features], labels: Labels, classes: int, counts: Floats
) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.int64]]:
    """The features that tell most about the class, at most as many as there is room for, and how many texts hold each."""
    frequency = np.zeros(1 << BITS, np.int64)
    sure = np.zeros(1 << BITS, bool)
    for text, count in zip(texts, counts, strict=True):
        frequency[text.hashes] += 1
        if count > 1:
            sure[text.hashes] = True
    hashes = np.flatnonzero((frequency > 1) | sure).astype(np.int32)
    most = min(MOST_FEATURES, MOST_BYTES // (2 * max(classes, 1)))
    if len(hashes) > most:
        told = _told(texts, labels, classes, hashes)
        hashes = np.sort(hashes[np.argsort(-told, kind="stable")[:most]])
    return hashes, frequency[hashes]


def _told(
    texts: Sequence[Features], labels: Labels, classes: int, hashes: npt.NDArray[np.int32]
) -> npt.NDArray[np.float64]:
    """How far the classes of the texts that hold a feature differ from those of all texts, times how many they are."""
    slots = _slots_of(hashes)
    share = np.bincount(labels, minlength=classes) / len(labels)
    frequency = np.zeros(len(hashes))
    told = np.zeros(len(hashes))
    for label in range(classes):
        here = np.zeros(len(hashes))
        for index in np.flatnonzero(labels == label):
            found = slots[texts[int(index)].hashes]
            here[found[found >= 0]] += 1
        frequency += here
        told += np.where(here > 0, here * np.log(np.maximum(here, 1e-9) / max(share[label], 1e-9)), 0)
    return told - frequency * np.log(np.maximum(frequency, 1e-9))


def _descend(
    vectors: Sequence[Vector], labels: Labels, classes: int, features: int, costs: Floats, rounds: int, seed: int
) -> tuple[Floats, Floats]:
    order = np.random.default_rng(seed)
    weights = np.zeros((features, classes), np.float32)
    bias = np.zeros(classes, np.float32)
    duals = np.zeros((len(vectors), classes), np.float32)
    slack = (1 / (2 * costs)).astype(np.float32)
    lengths = np.array([float((values * values).sum()) for _, values in vectors], np.float32) + 1 + slack
    sides = -np.ones((len(vectors), classes), np.float32)
    sides[np.arange(len(vectors)), labels] = 1
    for _ in range(rounds):
        widest = 0.0
        for index in order.permutation(len(vectors)):
            slots, values = vectors[index]
            here = weights.take(slots, 0)
            side, dual = sides[index], duals[index]
            missing = side * (summed(values, here) + bias) - 1 + slack[index] * dual
            moved = np.maximum(dual - missing / lengths[index], 0) - dual
            step = float(np.abs(moved).max())
            if step < _HARDLY:
                continue
            widest = max(widest, step)
            duals[index] += moved
            push = moved * side
            bias += push
            _push(weights, slots, values, here, push)
        if widest < NEAR_ENOUGH:
            break
    return weights, bias


_FEW = 24


def _push(
    weights: Floats, slots: npt.NDArray[np.intp], values: Floats, here: Floats, push: npt.NDArray[np.float32]
) -> None:
    """Move the rows of a text; of very many classes only those that move."""
    moving = np.flatnonzero(push)
    if len(push) <= _FEW or len(moving) > len(push) // 3:
        here += values[:, None] * push
        weights[slots] = here
    else:
        weights[np.ix_(slots, moving)] += values[:, None] * push[moving]
