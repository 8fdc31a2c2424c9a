"""Limits across night, weekends that are worked (调休), holidays and the year's end; and what silence comes to."""

from __future__ import annotations

from datetime import datetime, timedelta
from types import SimpleNamespace

import pytest

from doudi.web import clock
from doudi.web.disputes import services as disputes
from doudi.web.disputes.models import Dispute, DisputeClock, DisputeEvent, Ruling, Statement
from doudi.web.fsck.queries import examine
from doudi.web.jobs.models import Job
from doudi.web.matters import services as matters
from doudi.web.matters.models import Matter, MatterEvent
from doudi.web.timers.running import run_due
from tests.web.disputes.arguing import fresh, manhole, opened, says, to_town
from tests.web.matters.test_editions import official
from tests.web.town import actor


def local(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=clock.TOWN_ZONE)


def due(dispute: Dispute) -> str:
    running = DisputeClock.objects.get(dispute=dispute, ended_at__isnull=True)
    assert running.due_at is not None
    return f"{running.due_at.astimezone(clock.TOWN_ZONE):%Y-%m-%d %H:%M}"


@pytest.mark.parametrize(
    ("opened_at", "desk", "on_site", "town_panel"),
    [
        # an ordinary Tuesday
        ("2026-11-24 10:00", "2026-11-24 10:30", "2026-11-25 17:30", "2026-11-26 17:30"),
        # a Friday evening: half an hour is half an hour, the days wait for Monday
        ("2026-11-27 23:50", "2026-11-28 00:20", "2026-11-30 17:30", "2026-12-01 17:30"),
        # the eve of the October holiday, whose Saturday after it is worked
        ("2026-09-30 16:00", "2026-09-30 16:30", "2026-10-08 17:30", "2026-10-09 17:30"),
        # the last day of the year
        ("2026-12-31 23:45", "2027-01-01 00:15", "2027-01-04 17:30", "2027-01-05 17:30"),
    ],
)
def test_the_limits_of_each_level(
    gap: SimpleNamespace, opened_at: str, desk: str, on_site: str, town_panel: str
) -> None:
    with clock.at(local(opened_at)):
        dispute = opened(gap)
        assert due(dispute) == desk
        disputes.raise_level(actor(gap.people.desk), dispute, "到现场看")
        assert due(dispute) == on_site
        disputes.raise_level(actor(gap.people.desk), fresh(dispute), "谈不拢")
        assert due(dispute) == town_panel


def test_a_saturday_that_is_worked_is_a_working_day(gap: SimpleNamespace) -> None:
    """2026-10-10 is worked in exchange for the holiday."""
    with clock.at(local("2026-10-09 11:00")):
        dispute = opened(gap)
        disputes.raise_level(actor(gap.people.desk), dispute, "到现场看")
        assert due(dispute) == "2026-10-10 17:30"


def test_what_nobody_decides_goes_up_by_itself_and_stays_with_the_town(gap: SimpleNamespace) -> None:
    dispute = opened(gap, "market.food")
    holder = Matter.objects.get().holder_id
    moments = ["2026-11-24 10:30", "2026-11-25 17:30", "2026-11-27 17:30", "2026-11-28 17:30", "2026-12-20 09:00"]
    levels = []
    for moment in moments:
        with clock.at(local(moment)):
            disputes.sweep()
            disputes.sweep()
        levels.append(fresh(dispute).level)
    assert levels == ["on_site", "town", "town", "town", "town"]
    assert MatterEvent.objects.filter(kind="dispute_raised").count() == 2
    assert Matter.objects.get().holder_id == holder
    urged = Job.objects.filter(kind="notify_dispute", key__startswith="dispute_overdue")
    assert {job.payload["post"] for job in urged} == {"leader"}
    assert [str(one) for one in examine() if not one.code.startswith(("job.", "notice."))] == []


def test_silence_of_the_towns_own_posts_lets_the_proposal_stand(gap: SimpleNamespace) -> None:
    dispute = opened(gap, "greening.street")
    disputes.propose(actor(gap.people.desk), dispute, gap.posts["greening.street"], "路边归市容")
    with clock.at(local("2026-11-24 10:29")):
        disputes.sweep()
        assert not Ruling.objects.exists()
    with clock.at(local("2026-11-24 10:30")):
        disputes.sweep()
    made = Ruling.objects.get()
    assert (made.by_agreement, made.lead_id, made.scope, made.by_person) == (True, "greening.street", "matter", None)
    assert {one.silence for one in Statement.objects.all()} == {"agreed"}
    assert Matter.objects.get().holder_id == "greening.street"
    assert [str(one) for one in examine() if not one.code.startswith(("job.", "notice."))] == []


def test_silence_of_a_line_binds_nobody_and_hinders_nobody(gap: SimpleNamespace) -> None:
    dispute = opened(gap, "greening.street", "market.food")
    disputes.propose(actor(gap.people.desk), dispute, gap.posts["greening.street"], "路边归市容")
    with clock.at(local("2026-11-24 10:30")):
        disputes.sweep()
    assert Statement.objects.get(post="market.food").silence == "on_papers"
    assert Ruling.objects.get().lead_id == "greening.street"


def test_one_objection_keeps_silence_from_deciding(gap: SimpleNamespace) -> None:
    dispute = opened(gap, "greening.street")
    disputes.propose(actor(gap.people.desk), dispute, gap.posts["greening.street"], "路边归市容")
    says(gap, "cleaner", dispute, "object", "不在清单", "清单第3项")
    with clock.at(local("2026-11-24 10:30")):
        disputes.sweep()
    assert not Ruling.objects.exists()
    assert fresh(dispute).level == "on_site"
    assert Statement.objects.get(post="grid.east").silence == "", "a new level, a new chance to speak"
    assert Statement.objects.get(post="greening.street").stance == "object", "what was said stays"


def test_without_a_proposal_silence_agrees_with_nothing(gap: SimpleNamespace) -> None:
    opened(gap, "greening.street")
    with clock.at(local("2026-11-24 10:30")):
        disputes.sweep()
    assert not Ruling.objects.exists()


def test_what_all_are_silent_about_is_still_not_ruled_against_statute(town: SimpleNamespace) -> None:
    from doudi.web.triage.services import Incoming, receive

    (received,) = receive([Incoming("scan", "闻到煤气味，燃气泄漏", unit_code=town.shop.code)], auto_dispatch=True)
    town.matter = Matter.objects.get(pk=received.matters[0].pk)
    dispute = opened(town, "greening.street")
    disputes.propose(actor(town.people.desk), dispute, town.posts["greening.street"], "试试")
    with clock.at(local("2026-11-24 10:30")):
        disputes.sweep()
    assert not Ruling.objects.exists()
    assert (fresh(dispute).level, Matter.objects.get().holder_id) == ("on_site", "grid.east")


def test_a_dispute_ends_with_its_matter(gap: SimpleNamespace) -> None:
    dispute = opened(gap)
    matters.void(actor(gap.people.desk), Matter.objects.get(), "误报")
    disputes.sweep()
    assert fresh(dispute).state == "lapsed"
    assert DisputeClock.objects.get().cancelled
    manhole(gap)


def test_the_timers_look_after_disputes_and_tell_who_was_asked(gap: SimpleNamespace) -> None:
    from doudi.web.notices.models import Notice

    opened(gap, "market.food")
    run_due()
    assert Notice.objects.filter(post="market.food", kind="dispute_asked").count() == 1
    with clock.at(local("2026-11-24 10:00") + timedelta(minutes=31)):
        run_due()
        run_due()
    assert Dispute.objects.get().level == "on_site"
    assert to_town(gap, Dispute.objects.get()).level == "town"


def test_limits_over_a_year_that_becomes_official_are_counted_again_with_an_event(gap: SimpleNamespace) -> None:
    with clock.at(local("2026-12-31 15:00")):
        disputes.raise_level(actor(gap.people.desk), opened(gap, "greening.street"), "到现场看")
        (dispute,) = Dispute.objects.all()
        provisional = DisputeClock.objects.get(dispute=dispute, ended_at=None)
        assert provisional.provisional and due(dispute) == "2027-01-04 17:30"
        official()
        assert "dispute.provisional" in {one.code for one in examine()}
        assert (disputes.recount_provisional(), disputes.recount_provisional()) == (1, 0)
        # The fourth and the fifth are free that year.
        assert due(dispute) == "2027-01-06 17:30"
        waiting = Statement.objects.filter(dispute=dispute, answered_at=None)
        assert {one.due_at for one in waiting} == {DisputeClock.objects.get(pk=provisional.pk).due_at}
        event = DisputeEvent.objects.get(kind="dispute_recounted")
        assert event.payload["from"] != event.payload["due_at"]
        assert [str(one) for one in examine() if one.code.startswith(("dispute", "event", "statement"))] == []
