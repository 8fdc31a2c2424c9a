"""Offices, posts and people; powers come from the posts held today and reach as far as their areas."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace

import pytest

from doudi.web import clock
from doudi.web.people.access import POWERS, Access
from doudi.web.people.actor import NOBODY, SYSTEM, Actor
from doudi.web.people.errors import AppointmentError, NotAllowedError
from doudi.web.people.models import Appointment
from doudi.web.people.services import NewPost, add_person, end_appointment, save_posts, set_password
from tests.web.town import EAST, EAST_GRID, FOUNDED, TUESDAY, WEST_GRID, actor


def test_a_village_committee_s_post_cannot_be_made_to_hold(town: SimpleNamespace) -> None:
    with pytest.raises(AppointmentError, match="不能承办"):
        save_posts([NewPost("committee.x", "committee", "居委主任", "committee.staff", FOUNDED, may_hold=True)])


def test_powers_end_with_the_appointment(town: SimpleNamespace) -> None:
    end_appointment(SYSTEM, Appointment.objects.get(post="chengguan.east"))
    assert not actor(town.people.east_officer).may("verify")
    with clock.at(TUESDAY - timedelta(days=1)):
        assert Actor.of(town.people.east_officer).may("verify")


def test_an_appointment_cannot_end_before_it_began_nor_twice(town: SimpleNamespace) -> None:
    held = Appointment.objects.get(post="chengguan.east")
    with pytest.raises(AppointmentError, match="晚于"):
        end_appointment(SYSTEM, held, FOUNDED)
    end_appointment(SYSTEM, held)
    with pytest.raises(AppointmentError, match="已经结束"):
        end_appointment(SYSTEM, held)


def test_a_power_reaches_its_areas_and_what_lies_below(town: SimpleNamespace) -> None:
    worker = actor(town.people.grid_east)
    assert worker.scope("see_area") == {EAST, EAST_GRID}
    assert worker.may_in("see_area", EAST_GRID)
    assert not worker.may_in("see_area", WEST_GRID)
    assert not worker.may_in("see_area", None)
    assert actor(town.people.desk).scope("see_area") is None
    assert worker.scope("dispatch") == frozenset()


def test_only_whoever_manages_people_opens_accounts(town: SimpleNamespace) -> None:
    with pytest.raises(NotAllowedError):
        add_person("new", "新同事", by=actor(town.people.grid_east))
    assert add_person("new", "新同事", by=actor(town.people.shift)).name == "新同事"
    with pytest.raises(AppointmentError, match="已存在"):
        add_person("new", "另一位")


def test_a_poor_password_is_refused_with_the_reason(town: SimpleNamespace) -> None:
    with pytest.raises(AppointmentError, match="密码"):
        set_password(town.people.desk, "12345678")


def test_nobody_may_nothing_and_the_system_may_all() -> None:
    assert not any(NOBODY.may(power) for powers in POWERS.values() for power in powers)
    assert SYSTEM.may("dispatch")
    assert SYSTEM.scope("see_area") is None


def test_the_three_administrators_share_no_power() -> None:
    """GB/T 22239: system, security and audit administration are apart; none of them reads matters."""
    audit, system = POWERS[Access.AUDITOR], POWERS[Access.SYSTEM_ADMIN]
    assert not audit & system
    assert not (audit | system) & {"see_area", "see_own", "dispatch", "see_reporter"}
