"""What is made from one edition of the town's tables or rules, kept in this process while people ask for it."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from functools import wraps
from threading import RLock
from typing import Any, ParamSpec, TypeVar

Given = ParamSpec("Given")
Made = TypeVar("Made")

_NOTHING: Any = object()
_forget: list[Callable[[], None]] = []


def by_edition(
    most: int, key: Callable[..., Hashable] | None = None
) -> Callable[[Callable[Given, Made]], Callable[Given, Made]]:
    """Keep what the decorated maker returns, for the last ``most`` keys.

    The key (default: the arguments) must change with everything that the maker reads: an edition, a digest, a day.
    Of several who ask for what is not there yet, one makes it and the others wait; anyone who asks for what is there
    never waits. Makers call only makers of their own or a lower room, so that no two wait for each other.
    """

    def keep(make: Callable[Given, Made]) -> Callable[Given, Made]:
        kept: dict[Hashable, Made] = {}
        making = RLock()

        @wraps(make)
        def get(*args: Given.args, **named: Given.kwargs) -> Made:
            mark = key(*args, **named) if key else args
            found: Made = kept.get(mark, _NOTHING)
            if found is _NOTHING:
                with making:
                    found = kept.get(mark, _NOTHING)
                    if found is _NOTHING:
                        found = kept[mark] = make(*args, **named)
                        while len(kept) > most:
                            del kept[next(iter(kept))]
            return found

        _forget.append(kept.clear)
        return get

    return keep


def forget_all() -> None:
    """Begin as after a restart: for tests, whose towns count their editions from one again."""
    for forget in _forget:
        forget()
