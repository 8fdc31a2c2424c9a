"""How much may be spent on a proof. The engine reads no clock: who wants a deadline lends a ticker."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

TICKS_EVERY = 128


@dataclass(frozen=True, slots=True)
class Budget:
    """At most ``steps`` steps of work, and no more than ``seconds`` by ``ticker``, which gives rising seconds."""

    steps: int = 20_000_000
    seconds: float | None = None
    ticker: Callable[[], float] | None = None


class SpentError(Exception):
    """The budget, or the share of it that one part may have, is used up. It never leaves the proofs."""


class Meter:
    """Counts the steps of one call."""

    def __init__(self, budget: Budget) -> None:
        self._ticker = budget.ticker if budget.seconds is not None else None
        self._until = self._ticker() + (budget.seconds or 0.0) if self._ticker is not None else 0.0
        self.left = budget.steps
        self._stop_at = 0
        self._asked = 0
        self.late = False

    def refill(self, steps: int) -> None:
        """Begin the next proof with ``steps`` of its own; the deadline stays."""
        self.left = steps
        self._stop_at = 0

    def allow(self, steps: int) -> None:
        """Let the next part have no more than ``steps``."""
        self._stop_at = max(0, self.left - max(steps, 0))

    def spend(self, steps: int = 1) -> None:
        """Raises SpentError when the part, the budget or the time is used up."""
        self.left -= steps
        self._asked += steps
        if self._asked >= TICKS_EVERY:
            self._asked = 0
            self.late = self.late or (self._ticker is not None and self._ticker() >= self._until)
        if self.left < self._stop_at or self.late:
            raise SpentError
