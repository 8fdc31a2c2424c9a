"""A town with two people at its duty desk."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from doudi.web.people.models import Appointment
from doudi.web.people.services import add_person, appoint
from tests.web.desk.conftest import Visitor, sit
from tests.web.town import FOUNDED, PASSWORD

__all__ = ["sit"]


@pytest.fixture
def next_one(town: SimpleNamespace) -> Any:
    """Who comes after ``desk``."""
    person = add_person("desk2", "李接班", password=PASSWORD, check_password=False)
    appoint([Appointment(person=person, post=town.posts["uoc.duty"], since=FOUNDED)])
    return person


@pytest.fixture
def desk(town: SimpleNamespace) -> Visitor:
    return Visitor(town.people.desk)


@pytest.fixture
def comer(next_one: Any) -> Visitor:
    return Visitor(next_one)
