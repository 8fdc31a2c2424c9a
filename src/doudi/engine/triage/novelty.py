"""Whether a text speaks of something that no class is about.

Shares cannot say so: they always sum to 1. Here it is learned what texts of a class look like to a model that was
never told of that class: classes are left out in turn, and the signs of their texts are told from those of all others.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from doudi.engine.triage.features import Features, Floats
from doudi.engine.triage.linear import Labels, Linear, learn

TURNS = 6
MOST_TEXTS = 6_000
ROUNDS = 5
_PULL = 1e-2
_NEWTON = 25

Signs = npt.NDArray[np.float64]
SIGNS = 5
LEAST_CLASSES = 3
#: looks at the nearest class alone
_NEAREST = np.array([1.0, *[0.0] * (2 * SIGNS)], np.float32)


def signs_of(margins: Floats, known: float) -> Signs:
    """How far the nearest class holds the text, how far it leads, how much speaks for any at all, how much is known."""
    top, second = (float(one) for one in np.sort(margins)[[-1, -2]])
    pull = float((np.maximum(margins + 1, 0) ** 2).sum())
    return np.array([top, top - second, pull, known, second])


def spread(signs: Signs) -> Signs:
    """The signs and their squares."""
    return np.concatenate([signs, signs * signs], axis=-1)


def learn_gate(texts: Sequence[Features], labels: Labels, classes: int, seed: int = 0) -> Floats:
    """Weights of the spread signs and a constant last: the sum is high for what is known, low for what is new.

    With fewer than three classes nothing can be left out: the gate then looks at the nearest class alone.
    """
    if classes < LEAST_CLASSES:
        return _NEAREST
    order = np.random.default_rng(seed).permutation(len(texts))[:MOST_TEXTS]
    turns = min(classes, TURNS)
    turn_of = np.random.default_rng(seed + 1).permutation(classes) % turns
    known, new = [], []
    for turn in range(turns):
        left_out = turn_of == turn
        some = [index for place, index in enumerate(order) if left_out[labels[index]] or place % 3]
        rest = [index for place, index in enumerate(order) if not left_out[labels[index]] and place % 3 == 0]
        taught = [index for index in some if not left_out[labels[index]]]
        strange = [index for index in some if left_out[labels[index]]]
        names = np.cumsum(~left_out) - 1
        if len(set(labels[taught])) < 2 or not strange or not rest:
            continue
        model = learn([texts[i] for i in taught], names[labels[taught]], int((~left_out).sum()), rounds=ROUNDS)
        known += [_seen(model, texts[index]) for index in rest]
        new += [_seen(model, texts[index]) for index in strange]
    return _told_apart(np.array(known), np.array(new)) if known else _NEAREST


def _seen(model: Linear, text: Features) -> Signs:
    return signs_of(model.margins(model.vector(text)), model.known_share(text))


def _told_apart(known: Signs, new: Signs) -> Floats:
    """A logistic line between the two, each side weighing the same."""
    both = spread(np.concatenate([known, new]))
    centre, width = both.mean(0), both.std(0) + 1e-9
    rows = np.column_stack([(both - centre) / width, np.ones(len(both))])
    truth = np.concatenate([np.ones(len(known)), np.zeros(len(new))])
    count = np.concatenate([np.full(len(known), 0.5 / len(known)), np.full(len(new), 0.5 / len(new))])
    line = np.zeros(rows.shape[1])
    for _ in range(_NEWTON):
        likely = 1 / (1 + np.exp(-np.clip(rows @ line, -30, 30)))
        slope = rows.T @ (count * (likely - truth)) + _PULL * line / 100
        bend = (rows * (count * likely * (1 - likely))[:, None]).T @ rows + np.eye(len(line)) * (_PULL / 100 + 1e-9)
        line = line - np.linalg.solve(bend, slope)
    plain = line[:-1] / width
    return np.append(plain, line[-1] - plain @ centre).astype(np.float32)


def familiarity(signs: Signs, gate: Floats) -> float:
    """High for a text like those that were learned from, low for a new sort."""
    return float(spread(signs) @ gate[:-1] + gate[-1])
