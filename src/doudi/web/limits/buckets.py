"""Token buckets: so many at once, and so many an hour after that, for each key.

They live in the memory of the one process that serves (decision 0021) and are empty-handed after a restart, which costs an
attacker's patience and nothing else.
"""

from __future__ import annotations

from collections import OrderedDict, defaultdict
from threading import Lock
from time import monotonic

#: keys that are remembered; who was away longest is forgotten first
MOST_KEYS = 20_000


class Buckets:
    """One kind of limit. ``burst`` tokens at first and at most, one more each ``seconds``."""

    def __init__(self, burst: float, seconds: float) -> None:
        self.burst, self.seconds = burst, seconds
        self._held: OrderedDict[str, tuple[float, float]] = OrderedDict()
        self._lock = Lock()

    def wait(self, key: str, cost: float = 1) -> float:
        """Seconds until ``cost`` tokens are there; 0: they are. Takes nothing."""
        with self._lock:
            return max(0.0, (cost - self._tokens(key)) * self.seconds)

    def take(self, key: str, cost: float = 1) -> bool:
        """Take tokens if they are there."""
        with self._lock:
            tokens = self._tokens(key)
            if tokens < cost:
                return False
            self._keep(key, tokens - cost)
            return True

    def give(self, key: str, tokens: float = 1) -> None:
        """Give tokens back."""
        with self._lock:
            self._keep(key, min(self.burst, self._tokens(key) + tokens))

    def clear(self) -> None:
        with self._lock:
            self._held.clear()

    def _tokens(self, key: str) -> float:
        tokens, since = self._held.get(key, (self.burst, 0.0))
        return min(self.burst, tokens + (monotonic() - since) / self.seconds)

    def _keep(self, key: str, tokens: float) -> None:
        self._held[key] = tokens, monotonic()
        self._held.move_to_end(key)
        if len(self._held) > MOST_KEYS:
            self._held.popitem(last=False)


class Distinct:
    """How many different things came under a key within the last ``seconds``."""

    def __init__(self, seconds: float, *, most: int = 200) -> None:
        self._seconds, self._most = seconds, most
        self._seen: OrderedDict[str, dict[str, float]] = OrderedDict()
        self._lock = Lock()

    def add(self, key: str, thing: str) -> int:
        """Returns how many there are now."""
        now = monotonic()
        with self._lock:
            seen = {one: at for one, at in self._seen.pop(key, {}).items() if now - at < self._seconds}
            seen[thing] = now
            self._seen[key] = dict(list(seen.items())[-self._most :])
            if len(self._seen) > MOST_KEYS:
                self._seen.popitem(last=False)
            return len(seen)

    def clear(self) -> None:
        with self._lock:
            self._seen.clear()


class Alarms:
    """Says of each key once in ``seconds`` that it is time to tell somebody."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._told: defaultdict[str, float] = defaultdict(lambda: -seconds)
        self._lock = Lock()

    def is_due(self, key: str) -> bool:
        now = monotonic()
        with self._lock:
            if now - self._told[key] < self._seconds:
                return False
            self._told[key] = now
            return True

    def clear(self) -> None:
        with self._lock:
            self._told.clear()
