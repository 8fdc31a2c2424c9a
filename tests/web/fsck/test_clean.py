"""A town that lived by its services has no fault, and the proof disturbs nobody."""

from __future__ import annotations

from contextlib import closing
from datetime import timedelta
from threading import Thread, current_thread, main_thread
from types import SimpleNamespace

import pytest
from django.db import DatabaseError, connection

from doudi.web import clock
from doudi.web.fsck.queries import checks, examine
from doudi.web.people.models import Person
from tests.web import town as small_town
from tests.web.town import TUESDAY


def test_a_town_that_lived_by_its_services_is_clean(lived: SimpleNamespace) -> None:
    heard: list[str] = []
    with clock.at(TUESDAY + timedelta(hours=1)):
        faults = list(examine(lambda name, done, total: heard.append(name)))
    assert [str(one) for one in faults] == []
    assert set(heard) == {check.name for check in checks()}


def test_an_empty_town_is_clean_too(db: None) -> None:
    assert list(examine()) == []


@pytest.mark.django_db(transaction=True)
def test_nothing_can_be_written_through_the_proof() -> None:
    with pytest.raises(DatabaseError), closing(examine(lambda *_: rename_everybody("through the proof"))) as proof:
        list(proof)
    rename_everybody("after the proof")


@pytest.mark.django_db(transaction=True)
def test_people_go_on_working_while_the_proof_runs_and_it_sees_one_picture() -> None:
    with clock.at(TUESDAY):
        small_town.build()
    seen: list[str] = []

    def meanwhile(name: str, done: int, total: int) -> None:
        if name == "kinds":
            worker = Thread(target=rename_everybody, args=("meanwhile",))
            worker.start()
            worker.join(10)
            seen.extend(set(Person.objects.values_list("phone", flat=True)))

    list(examine(meanwhile))
    assert seen == [""]
    assert set(Person.objects.values_list("phone", flat=True)) == {"meanwhile"}


def rename_everybody(phone: str) -> None:
    try:
        Person.objects.update(phone=phone)
    finally:
        if current_thread() is not main_thread():
            connection.close()


def test_checks_are_named_once() -> None:
    assert len({check.name for check in checks()}) == len(checks()) > 25
