"""Accounts, appointments and the roster, by whoever manages people and by nobody else."""

from __future__ import annotations

import re
from types import SimpleNamespace

import pytest

from doudi.web.people.models import Appointment, Person
from doudi.web.resources.models import Roster
from doudi.web.resources.queries import who_answers
from tests.web.desk.conftest import Visitor


@pytest.fixture
def shift(town: SimpleNamespace) -> Visitor:
    return Visitor(town.people.shift)


def test_the_page_says_who_sits_where_and_which_posts_are_empty(town: SimpleNamespace, shift: Visitor) -> None:
    Appointment.objects.filter(post="chengguan.west").delete()
    page = shift.read("/people")
    assert "城管东片岗" in page and "east_officer先生" in page and page.count("空岗") == 1
    assert "<b>城管东片岗</b>" not in shift.read("/people?q=市监")


def test_an_account_is_opened_with_a_password_shown_once_that_opens_the_door(town: SimpleNamespace, shift: Visitor) -> None:
    said = shift.client.post("/people/add", {"username": "xiaowang", "name": "小王", "phone": ""}, follow=True).content.decode()
    found = re.search(r"初始密码 (\S+) 只显示", said)
    assert found is not None
    assert Person.objects.get(username="xiaowang").check_password(found[1])
    assert found[1] not in shift.read("/people")


@pytest.mark.parametrize("username", ["", "X", "小王", "desk"])
def test_a_poor_or_taken_name_is_refused_and_what_was_typed_stays(town: SimpleNamespace, shift: Visitor, username: str) -> None:
    refused = shift.client.post("/people/add", {"username": username, "name": "小王同志"})
    assert refused.status_code == 409 and "小王同志" in refused.content.decode()
    assert Person.objects.filter(name="小王同志").count() == 0


def test_somebody_leaves_and_somebody_else_sits_down(town: SimpleNamespace, shift: Visitor) -> None:
    held = Appointment.objects.get(post="chengguan.east")
    shift.client.post(f"/people/end/{held.pk}")
    shift.client.post("/people/appoint", {"person": town.people.west_officer.pk, "post": "chengguan.east"})
    assert who_answers(town.posts["chengguan.east"]).person == town.people.west_officer
    again = shift.client.post("/people/appoint", {"person": town.people.west_officer.pk, "post": "chengguan.east"})
    assert again.status_code == 409


def test_who_is_on_is_entered_shown_and_taken_off_again(town: SimpleNamespace, shift: Visitor) -> None:
    shift.client.post(
        "/roster/add", {"post": "uoc.duty", "name": "夜班小李", "phone": "021-55500009", "starts": "2026-11-24T09:00", "hours": "8"}
    )
    assert who_answers(town.posts["uoc.duty"]).name == "夜班小李"
    assert "夜班小李" in Visitor(town.people.desk).read("/roster")
    shift.client.post(f"/roster/remove/{Roster.objects.get().pk}")
    assert not Roster.objects.exists()


@pytest.mark.parametrize("name", ["desk", "east_officer", "auditor"])
def test_nobody_else_manages_people(town: SimpleNamespace, name: str) -> None:
    visitor = Visitor(getattr(town.people, name))
    visitor.read("/people", status=404)
    held = Appointment.objects.get(post="chengguan.east")
    for path, fields in (
        ("/people/add", {"username": "xiaowang", "name": "小王"}),
        ("/people/appoint", {"person": town.people.west_officer.pk, "post": "chengguan.east"}),
        (f"/people/end/{held.pk}", {}),
        ("/people/password/desk", {}),
        ("/roster/add", {"post": "uoc.duty", "name": "某", "phone": "1", "starts": "2026-11-24T09:00", "hours": "8"}),
    ):
        assert visitor.client.post(path, fields).status_code in (302, 403, 404, 409)
    held.refresh_from_db()
    assert held.until is None and not Person.objects.filter(username="xiaowang").exists() and not Roster.objects.exists()
