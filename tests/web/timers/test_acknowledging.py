"""An urgent notice waits for somebody's word, and goes on to the next until somebody gives it."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace

from doudi.web import clock
from doudi.web.jobs.models import Job
from doudi.web.matters import services as matters
from doudi.web.matters.models import Matter
from doudi.web.notices.models import Notice
from doudi.web.notices.services import acknowledge
from doudi.web.people.models import Appointment, Person, Post
from doudi.web.people.services import end_appointment
from doudi.web.timers.acknowledging import unacknowledged
from doudi.web.timers.running import run_due
from doudi.web.triage.services import Incoming, receive
from tests.web.town import TUESDAY, actor

MINUTE = timedelta(minutes=1)


def urgent_matter(town: SimpleNamespace, lane: str = "urgent") -> Matter:
    (received,) = receive([Incoming("scan", "门口有人摆摊占道", unit_code=town.shop.code)], auto_dispatch=True)
    Matter.objects.update(lane=lane)
    job = Job.objects.get(kind="notify_holder")
    Job.objects.filter(pk=job.pk).update(payload=job.payload | {"urgent": True})
    run_due(sweep=False)
    return Matter.objects.get(pk=received.matters[0].pk)


def told_after(minutes: int) -> list[str]:
    with clock.at(TUESDAY + minutes * MINUTE):
        unacknowledged()
    return list(Notice.objects.filter(urgent=True).order_by("sent_at", "pk").values_list("post_id", flat=True))


def test_what_nobody_acknowledges_goes_to_the_desk_and_the_shift_leader_and_ends_there(town: SimpleNamespace) -> None:
    urgent_matter(town)
    assert told_after(29) == ["chengguan.east"]
    assert told_after(30) == ["chengguan.east", "uoc.duty"]
    assert told_after(59) == ["chengguan.east", "uoc.duty"]
    assert told_after(60) == ["chengguan.east", "uoc.duty", "uoc.shift_leader"]
    assert told_after(600) == ["chengguan.east", "uoc.duty", "uoc.shift_leader"]
    assert Notice.objects.filter(urgent=True, lapsed_at__isnull=True).count() == 2


def test_the_head_of_the_office_comes_before_the_desk(town: SimpleNamespace) -> None:
    Post.objects.create(
        code="chengguan.head",
        office_id="chengguan",
        name="执法队队长",
        role="head",
        heads_office=True,
        since=TUESDAY.date(),
    )
    urgent_matter(town)
    assert told_after(30) == ["chengguan.east", "chengguan.head"]


def test_danger_to_life_waits_ten_minutes(town: SimpleNamespace) -> None:
    urgent_matter(town, "life")
    assert told_after(9) == ["chengguan.east"]
    assert told_after(10) == ["chengguan.east", "uoc.duty"]


def test_one_word_ends_it_whoever_gives_it(town: SimpleNamespace) -> None:
    urgent_matter(town)
    told_after(30)
    acknowledge(
        actor(town.people.east_officer), Notice.objects.filter(post="chengguan.east").values_list("pk", flat=True)
    )
    assert told_after(600) == ["chengguan.east", "uoc.duty"]


def test_whoever_takes_the_matter_has_given_their_word(town: SimpleNamespace) -> None:
    matter = urgent_matter(town)
    matters.take(actor(town.people.east_officer), matter)
    assert told_after(600) == ["chengguan.east"]
    assert Notice.objects.get(urgent=True).lapsed_at is not None


def test_nobody_is_waited_for_where_nobody_stands(town: SimpleNamespace) -> None:
    with clock.at(TUESDAY - timedelta(days=1)):
        end_appointment(actor(town.people.admin), Appointment.objects.get(post="chengguan.east"))
    urgent_matter(town)
    assert told_after(0) == ["chengguan.east", "uoc.duty"]


def test_an_account_that_is_closed_answers_nothing(town: SimpleNamespace) -> None:
    Person.objects.filter(username="east_officer").update(is_active=False)
    urgent_matter(town)
    assert told_after(0) == ["chengguan.east", "uoc.duty"]
