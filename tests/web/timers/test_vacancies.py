"""A post on which nobody stands any more is noticed: a fact in the journal, and the desk is alarmed."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace

from doudi.web import clock
from doudi.web.design.wording import say
from doudi.web.journal.models import Leaf
from doudi.web.notices.models import Notice
from doudi.web.people.actor import SYSTEM
from doudi.web.people.models import Appointment
from doudi.web.people.services import appoint, end_appointment
from doudi.web.resources.models import Roster
from doudi.web.timers.vacancies import empty_posts
from doudi.web.triage.services import Incoming, receive
from tests.web.town import TUESDAY, actor

DAY = timedelta(days=1)


def leaves(town: SimpleNamespace, post: str) -> None:
    end_appointment(SYSTEM, Appointment.objects.filter(post=post).latest("pk"), TUESDAY.date())


def test_while_everybody_is_in_their_place_nothing_is_said(town: SimpleNamespace) -> None:
    assert empty_posts() == 0


def test_a_post_that_falls_empty_is_told_once_and_stands_in_the_journal(town: SimpleNamespace) -> None:
    receive([Incoming("scan", "门口有人摆摊占道", unit_code=town.shop.code)], auto_dispatch=True)
    leaves(town, "chengguan.east")
    assert (empty_posts(), empty_posts()) == (1, 0)
    notice = Notice.objects.get(kind="post_empty")
    assert (notice.post_id, notice.urgent) == ("uoc.duty", True)
    assert "城管东片岗”现在没有人，名下有 1 件未办结" in say({"template": notice.template, "facts": notice.facts})
    assert Leaf.objects.filter(body__contains='"kind":"post_emptied"').count() == 1


def test_it_is_told_again_when_it_falls_empty_again(town: SimpleNamespace) -> None:
    leaves(town, "market.food")
    assert empty_posts() == 1
    appoint([Appointment(person=town.people.cleaner, post=town.posts["market.food"], since=TUESDAY.date())])
    assert empty_posts() == 0
    with clock.at(TUESDAY + DAY):
        end_appointment(actor(town.people.admin), Appointment.objects.filter(post="market.food").latest("pk"))
        assert empty_posts() == 1


def test_whoever_stands_there_by_the_roster_fills_it(town: SimpleNamespace) -> None:
    leaves(town, "market.food")
    Roster.objects.create(post_id="market.food", name="代班的", phone="021", starts_at=TUESDAY, ends_at=TUESDAY + DAY)
    assert empty_posts() == 0


def test_when_the_desk_itself_is_empty_the_shift_leader_is_told(town: SimpleNamespace) -> None:
    leaves(town, "uoc.duty")
    assert empty_posts() == 1
    assert Notice.objects.get(kind="post_empty").post_id == "uoc.shift_leader"
