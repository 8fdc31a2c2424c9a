"""Writers of one process on SQLite wait in line; whoever ends in whatever way lets the next one in."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import nullcontext
from threading import Event, Thread

import pytest
from django.db import DatabaseError, OperationalError, connection, transaction

from doudi.web.jobs.models import Heartbeat
from doudi.web.matters.models import Demand

pytestmark = [
    pytest.mark.only("sqlite", "the queue stands before SQLite's one lock"),
    pytest.mark.django_db(transaction=True),
]


def beside(act: Callable[[], None]) -> list[BaseException]:
    """What a thread with a connection of its own met."""
    met: list[BaseException] = []

    def run() -> None:
        try:
            act()
        except Exception as error:
            met.append(error)
        finally:
            connection.close()

    thread = Thread(target=run)
    thread.start()
    thread.join(20)
    assert not thread.is_alive()
    return met


def write(name: str = "one", patience: float = 20.0) -> None:
    connection.ensure_connection()
    connection.patience = patience  # type: ignore[attr-defined]
    with transaction.atomic():
        Heartbeat.objects.create(name=name, at="2026-06-02T00:00:00Z")


def test_a_writer_waits_its_turn_and_no_longer_than_it_has_patience() -> None:
    with transaction.atomic():
        [met] = beside(lambda: write(patience=0.05))
    assert isinstance(met, OperationalError)
    assert beside(write) == []


def test_the_next_one_is_let_in_when_the_one_before_has_ended() -> None:
    inside, end = Event(), Event()

    def first() -> None:
        with transaction.atomic():
            Heartbeat.objects.create(name="first", at="2026-06-02T00:00:00Z")
            inside.set()
            assert end.wait(20)
        connection.close()

    holder = Thread(target=first)
    holder.start()
    assert inside.wait(20)
    waiting = Thread(target=lambda: beside(lambda: write("second")))
    waiting.start()
    end.set()
    for one in (holder, waiting):
        one.join(20)
    assert set(Heartbeat.objects.values_list("name", flat=True)) == {"first", "second"}


def fails() -> None:
    with transaction.atomic():
        raise ValueError("no ink")


def commits_what_cannot_be() -> None:
    """A key that leads nowhere is only found when the transaction is committed."""
    with transaction.atomic():
        Demand.objects.create(report_id="0" * 32, matter_id="0" * 32, position=1, asks="x")


def hangs_up() -> None:
    with transaction.atomic():
        connection.close()


@pytest.mark.parametrize(
    ("end", "error"), [(fails, ValueError), (commits_what_cannot_be, DatabaseError), (hangs_up, None)]
)
def test_however_a_transaction_ends_the_next_one_may_write(
    end: Callable[[], None], error: type[Exception] | None
) -> None:
    with nullcontext() if error is None else pytest.raises(error):
        end()
    assert beside(lambda: write(patience=0.05)) == []
