"""How much is thrown, and what must never happen: a 5xx; in the long run also anything slow, or memory without bound."""

from __future__ import annotations

import os
import resource
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

import pytest

from tests.web.conftest import _in_chinese, _nothing_remembered, town, tuesday

__all__ = ["_in_chinese", "_nothing_remembered", "town", "tuesday"]

LONG = os.environ.get("DOUDI_HOSTILE") == "long"
SLOWEST, MOST_GROWTH = 2.0, 300 << 20


@dataclass
class Judge:
    """Sees every answer. ``seen`` counts answers by status; the slowest and the growth of memory are told at the end."""

    seen: dict[int, int] = field(default_factory=dict)
    slow: list[tuple[float, str]] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)

    def __call__(self, about: str, ask: Callable[[], Any]) -> Any:
        began = _busy()
        answer = ask()
        took = _busy() - began
        status = answer.status_code
        self.seen[status] = self.seen.get(status, 0) + 1
        if status >= 500:
            self.broken.append(f"{status} {about}")
        self.slow = sorted([*self.slow, (took, about)], reverse=True)[:5]
        return answer


@pytest.fixture
def judge(request: pytest.FixtureRequest) -> Iterator[Judge]:
    before = _memory()
    made = Judge()
    yield made
    assert made.broken == [], made.broken[:10]
    if LONG:
        grown = _memory() - before
        told = SimpleNamespace(
            answers=sum(made.seen.values()), by_status=dict(sorted(made.seen.items())), grown_mb=grown >> 20
        )
        with request.config.pluginmanager.getplugin("capturemanager").global_and_fixture_disabled():
            print(f"\n{request.node.name}: {told.answers} answers {told.by_status}, memory +{told.grown_mb} MB")  # noqa: T201
            for took, about in made.slow:
                print(f"    {took:6.2f} s  {about[:120]!r}")  # noqa: T201
        assert made.slow[0][0] <= SLOWEST, made.slow
        assert grown <= MOST_GROWTH


def _busy() -> float:
    """Seconds of work, ours and of the processes we started: on a busy machine the clock on the wall tells nothing."""
    return sum(
        used.ru_utime + used.ru_stime
        for used in (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    )


def _memory() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
