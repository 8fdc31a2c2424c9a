"""From margins to shares that hold, and from shares to sets of classes with a promise kept for each class.

A share of .8 is right in eight of ten cases; whoever shows a percentage shows this one. A set holds every class that
is not plainly stranger than the known texts of that class were: of the texts of each class, the set misses ``alpha``.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil

import numpy as np
import numpy.typing as npt

from doudi.engine.triage.features import Floats
from doudi.engine.triage.linear import Labels

Table = npt.NDArray[np.floating]

DOUBT = 0.01
"""What no share is surer than: of a hundred texts one is decided otherwise than it reads."""
BINS = 15
ALPHAS = (0.05, 0.10)
_STEPS = 200
_PULL = 1e-3
_REACH = 0.2


def shares(margins: Table, sharpness: float, lift: Floats) -> npt.NDArray[np.float64]:
    """What part each class has; rows sum to 1, and none is surer than ``DOUBT`` allows."""
    found: npt.NDArray[np.float64] = (1 - DOUBT) * _undoubted(margins, sharpness, lift) + DOUBT / margins.shape[-1]
    return found


def _undoubted(margins: Table, sharpness: float, lift: Table) -> npt.NDArray[np.float64]:
    raised = margins.astype(np.float64) * sharpness + lift
    grown = np.exp(raised - raised.max(axis=-1, keepdims=True))
    found: npt.NDArray[np.float64] = grown / grown.sum(axis=-1, keepdims=True)
    return found


def fit_shares(margins: Table, labels: Labels) -> tuple[float, Floats]:
    """The sharpness and the lift of each class under which the true classes are likeliest, on texts not learned from.

    Fitted without the doubt: with it a class that is certainly wrong would cost too little.
    """
    held = margins.astype(np.float64)
    count, classes = held.shape
    sharp, lift = np.log(4.0), np.zeros(classes)
    first, second = np.zeros(classes + 1), np.zeros(classes + 1)
    truth = np.zeros((count, classes))
    truth[np.arange(count), labels] = 1
    for step in range(1, _STEPS + 1):
        off = _undoubted(held, float(np.exp(sharp)), lift) - truth
        slope = np.append(off.mean(0) + _PULL * lift, (off * held).sum() / count * np.exp(sharp))
        first = 0.9 * first + 0.1 * slope
        second = 0.99 * second + 0.01 * slope * slope
        move = _REACH / np.sqrt(step) * (first / (1 - 0.9**step)) / (np.sqrt(second / (1 - 0.99**step)) + 1e-8)
        lift, sharp = lift - move[:-1], float(np.clip(sharp - move[-1], -2.0, 4.0))
    return float(np.float32(np.exp(sharp))), lift.astype(np.float32)


def calibration_error(found: Table, labels: Labels, bins: int = BINS) -> float:
    """How far the share of the likeliest class lies from how often it is right, over bins of equal width."""
    surest, right = found.max(1), found.argmax(1) == labels
    place = np.minimum((surest * bins).astype(int), bins - 1)
    off = 0.0
    for one in range(bins):
        here = place == one
        if here.any():
            off += here.mean() * abs(float(surest[here].mean()) - float(right[here].mean()))
    return float(off)


def bound(strangeness: Table, alpha: float) -> float:
    """The strangeness that at most ``alpha`` of further cases exceed; 1 where the cases are too few to promise it."""
    rank = ceil((len(strangeness) + 1) * (1 - alpha))
    return 1.0 if rank > len(strangeness) else float(np.sort(strangeness)[rank - 1])


def bounds(found: Table, labels: Labels, families: Sequence[int], alpha: float) -> Floats:
    """For each class its bound: from its own cases; where they are too few, from those of its family; else from all.

    ``families`` names for each class the number of its family.
    """
    strangeness = 1 - found[np.arange(len(labels)), labels]
    of_family = np.asarray(families)
    least = ceil(1 / alpha) - 1
    made = np.ones(found.shape[1], np.float32)
    for label in range(found.shape[1]):
        own = strangeness[labels == label]
        kin = strangeness[of_family[labels] == of_family[label]]
        made[label] = bound(next((some for some in (own, kin) if len(some) >= least), strangeness), alpha)
    return made


def in_set(found: Table, limits: Floats) -> npt.NDArray[np.bool_]:
    """Which classes are in the set of each text."""
    chosen: npt.NDArray[np.bool_] = 1 - found <= limits + 1e-9
    return chosen
