"""Somebody real, always: rostered, appointed, acting, the head of the office, the duty desk."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace

from doudi.web.fsck.queries import examine
from doudi.web.notices.models import Notice
from doudi.web.people.actor import SYSTEM
from doudi.web.people.models import Appointment
from doudi.web.people.services import end_appointment
from doudi.web.resources.models import Roster
from doudi.web.resources.queries import on_now, who_answers, who_answers_each
from doudi.web.resources.services import add_roster, call_off_left
from doudi.web.timers.vacancies import empty_posts
from tests.web.town import FOUNDED, TUESDAY


def test_the_rostered_person_answers_before_the_appointed_one_and_only_for_the_shift(town: SimpleNamespace) -> None:
    desk = town.posts["uoc.duty"]
    shift = Roster(
        post=desk, name="夜班小李", phone="021-55500009", starts_at=TUESDAY, ends_at=TUESDAY + timedelta(hours=8)
    )
    add_roster([shift])
    assert (who_answers(desk).name, who_answers(desk).how) == ("夜班小李", "rostered")
    assert who_answers(desk, TUESDAY + timedelta(hours=8)).how == "appointed"
    assert [row.name for row in on_now()] == ["夜班小李"]


def test_when_nobody_sits_at_a_post_the_head_of_its_office_answers_else_the_duty_desk(town: SimpleNamespace) -> None:
    for code in ("chengguan.east", "uoc.duty"):
        end_appointment(SYSTEM, Appointment.objects.get(post=code))
    assert who_answers(town.posts["uoc.duty"]).how == "head"
    assert who_answers(town.posts["uoc.duty"]).person == town.people.shift
    Appointment.objects.create(person=town.people.desk, post=town.posts["uoc.duty"], since=FOUNDED + timedelta(days=1))
    stand_in = who_answers(town.posts["chengguan.east"])
    assert (stand_in.how, stand_in.person) == ("duty_desk", town.people.desk)


def test_who_stands_in_answers_after_the_appointed_one(town: SimpleNamespace) -> None:
    post = town.posts["chengguan.east"]
    Appointment.objects.create(person=town.people.west_officer, post=post, acting=True, since=FOUNDED)
    assert who_answers(post).person == town.people.east_officer
    end_appointment(SYSTEM, Appointment.objects.get(post=post, acting=False))
    assert (who_answers(post).person, who_answers(post).how) == (town.people.west_officer, "acting")


def test_somebody_whose_account_is_closed_answers_for_nothing(town: SimpleNamespace) -> None:
    town.people.east_officer.is_active = False
    town.people.east_officer.save()
    assert who_answers(town.posts["chengguan.east"]).person != town.people.east_officer


def test_who_left_the_post_answers_no_more_by_a_shift_that_nobody_called_off(town: SimpleNamespace) -> None:
    """The shift ends with the seat: neither name nor phone answers, the alarm rings, and the roster is put right."""
    post, person = town.posts["chengguan.east"], town.people.east_officer
    add_roster(
        [
            Roster(
                post=post,
                person=person,
                name="已离岗的人",
                phone="19900000001",
                starts_at=TUESDAY - timedelta(days=1),
                ends_at=TUESDAY + timedelta(days=3),
            )
        ]
    )
    assert who_answers(post).name == "已离岗的人"
    end_appointment(SYSTEM, Appointment.objects.get(post=post, person=person))
    assert who_answers(post).name != "已离岗的人"
    assert who_answers_each([post])[post.code].name != "已离岗的人"
    assert [row.name for row in on_now()] == []
    assert [one.code for one in examine() if one.code == "roster.left"] == ["roster.left"]
    assert empty_posts() >= 1
    assert Notice.objects.filter(kind="post_empty", key__contains=post.code).exists()
    assert call_off_left() == 1
    assert [one.code for one in examine() if one.code == "roster.left"] == []


def test_somebody_who_never_sat_there_may_stand_a_shift(town: SimpleNamespace) -> None:
    post = town.posts["chengguan.east"]
    add_roster(
        [
            Roster(
                post=post,
                person=town.people.cleaner,
                name="来帮忙的",
                phone="19900000002",
                starts_at=TUESDAY - timedelta(hours=1),
                ends_at=TUESDAY + timedelta(hours=1),
            )
        ]
    )
    assert who_answers(post).name == "来帮忙的"
