"""Many at once: threads with their own connections, let go together, without sleeping."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from threading import Barrier, BrokenBarrierError, Thread
from typing import Any

from django.db import OperationalError, connection

from doudi.web import clock
from tests.model.mutants import Mutant, made
from tests.web.town import TUESDAY

PATIENCE = 20.0


def together(acts: Sequence[Callable[[], Any]]) -> list[Any]:
    """What each act returned, or the exception it met, in the order given."""
    start = Barrier(len(acts))
    outcomes: list[Any] = [None] * len(acts)

    def run(place: int, act: Callable[[], Any]) -> None:
        try:
            with clock.at(TUESDAY):
                connection.ensure_connection()
                start.wait(PATIENCE)
                outcomes[place] = act()
        except Exception as met:
            outcomes[place] = met
        finally:
            connection.close()

    threads = [Thread(target=run, args=(place, act), daemon=True) for place, act in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE)
        assert not thread.is_alive(), "somebody waits for ever"
    return outcomes


def kinds(outcomes: Sequence[Any]) -> dict[str, int]:
    """How many outcomes of each sort: the name of an exception's class, else "done"."""
    found: dict[str, int] = {}
    for one in outcomes:
        name = type(one).__name__ if isinstance(one, Exception) else "done"
        found[name] = found.get(name, 0) + 1
    return found


@contextmanager
def before(statement: str, wait: Callable[[], Any]) -> Iterator[None]:
    """In this thread, ``wait`` is called once, before the first statement that contains ``statement``."""
    met = False

    def look(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        nonlocal met
        if not met and statement in sql:
            met = True
            wait()
        return execute(sql, params, many, context)

    with connection.execute_wrapper(look):
        yield
    assert met, f"no statement contained {statement}"


def all_at(barrier: Barrier) -> Callable[[], None]:
    """Waits for the others; whoever is kept away by a guard is not waited for beyond that guard."""

    def wait() -> None:
        try:
            barrier.wait(PATIENCE)
        except BrokenBarrierError:  # pragma: no cover - only when a test itself is wrong
            raise AssertionError("not everybody came as far as the barrier") from None

    return wait


@contextmanager
def impatient() -> Iterator[None]:
    """This thread's connection gives up at a lock after a moment, so that being kept out can be seen."""
    if connection.vendor == "sqlite":
        connection.patience, usual = 0.15, connection.patience  # type: ignore[attr-defined]
    with connection.cursor() as cursor:
        cursor.execute("SET lock_timeout = '150ms'" if connection.vendor == "postgresql" else "PRAGMA busy_timeout=150")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SET lock_timeout = 0" if connection.vendor == "postgresql" else "PRAGMA busy_timeout=20000")
        if connection.vendor == "sqlite":
            connection.patience = usual  # type: ignore[attr-defined]


def kept_out(met: object) -> bool:
    return isinstance(met, OperationalError)


@contextmanager
def without(*guards: Mutant) -> Iterator[None]:
    """The services with these guards taken out."""
    with ExitStack() as stack:
        for guard in guards:
            stack.enter_context(made(guard))
        yield
