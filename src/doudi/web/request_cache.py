"""What is read once per request, however many of its parts ask.

Outside a request (services called by timers, imports, tests) everything is read each time.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, TypeVar

Value = TypeVar("Value")

_seen: ContextVar[dict[Hashable, Any] | None] = ContextVar("doudi_request_cache", default=None)


@contextmanager
def one_request() -> Iterator[None]:
    token = _seen.set({})
    try:
        yield
    finally:
        _seen.reset(token)


def once(what: Hashable, read: Callable[[], Value]) -> Value:
    """What ``read`` gives, or gave before in this request under the same name."""
    seen = _seen.get()
    if seen is None:
        return read()
    if what not in seen:
        seen[what] = read()
    kept: Value = seen[what]
    return kept


def forget() -> None:
    """Something of it was changed: anyone who asks next reads again."""
    seen = _seen.get()
    if seen is not None:
        seen.clear()
