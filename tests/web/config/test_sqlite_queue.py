"""The threads of one process write to SQLite one after the other, and nobody stays at the head of the queue."""

from __future__ import annotations

from threading import Event, Thread

import pytest
from django.db import DatabaseError, connection, transaction

from doudi.web.areas.models import Directory

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.only("sqlite", "it has a single writer"),
]


def renamed(name: str, begun: Event | None = None) -> None:
    """In a thread of its own, whose connection would not wait a moment for another writer."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA busy_timeout = 0")
        with transaction.atomic():
            if begun:
                begun.set()
            Directory.objects.update_or_create(id=1, defaults={"town_name": name})
    finally:
        connection.close()


def test_who_comes_second_begins_when_the_first_has_ended() -> None:
    second_begun = Event()
    with transaction.atomic():
        Directory.objects.update_or_create(id=1, defaults={"town_name": "先"})
        other = Thread(target=renamed, args=("后", second_begun))
        other.start()
        assert not second_begun.wait(0.05)
    assert second_begun.wait(30)
    other.join(30)
    assert Directory.objects.get().town_name == "后"


@pytest.mark.parametrize("how", ["refused by the database", "broken off", "connection lost"])
def test_a_transaction_that_ends_badly_lets_the_next_one_in(how: str) -> None:
    with pytest.raises((DatabaseError, RuntimeError)), transaction.atomic():
        if how == "refused by the database":
            with connection.cursor() as cursor:
                cursor.execute("INSERT INTO no_such_table VALUES (1)")
        if how == "connection lost":
            connection.close()
        raise RuntimeError
    other = Thread(target=renamed, args=("后",))
    other.start()
    other.join(30)
    assert not other.is_alive() and Directory.objects.get().town_name == "后"
