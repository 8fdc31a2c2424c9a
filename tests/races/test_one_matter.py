"""Many hands at one matter: one of them does it, the others are told so, and nothing is lost."""

from __future__ import annotations

from threading import Event
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection, transaction

from doudi.web.fsck.queries import examine
from doudi.web.journal.models import Leaf
from doudi.web.matters import services as matters
from doudi.web.matters.models import Assignment, Matter, MatterEvent
from doudi.web.people.models import Appointment
from doudi.web.people.services import end_appointment
from doudi.web.reports.models import Report
from doudi.web.resources.queries import who_answers
from doudi.web.triage.services import Incoming, Received, receive
from tests.model.mutants import Mutant
from tests.races.starting import before, impatient, kept_out, kinds, together, without
from tests.web.town import actor

_LOCKING = "doudi.web.matters.services.locking"
VERSION_READ = Mutant(
    "nobody looks whether the matter moved on", _LOCKING, "lock", "if versions[one.pk] != one.version:", "if False:"
)
VERSION_WRITTEN = Mutant(
    "nobody compares before the swap",
    "doudi.web.records.services",
    "swap",
    "id=row.pk, version=version)",
    "id=row.pk)",
)
TWINS_KNOWN = Mutant(
    "nobody asks whether the message was here before",
    "doudi.web.triage.services.receiving",
    "_known",
    "return {index: row for index, row in found.items() if row is not None}",
    "return {}",
)
ENDED_ONCE = Mutant(
    "nobody looks whether the appointment has ended",
    "doudi.web.people.services",
    "end_appointment",
    "filter(pk=appointment.pk, until__isnull=True)",
    "filter(pk=appointment.pk)",
)
ROWS_TAKEN = Mutant(
    "a report's matters are read and not taken",
    _LOCKING,
    "matters_of",
    '.order_by("pk").select_for_update()',
    '.order_by("pk")',
)


def stall(town: SimpleNamespace) -> Matter:
    (received,) = receive([Incoming("scan", "有人占道摆摊", unit_code=town.shop.code)], auto_dispatch=True)
    return received.matters[0]


def one_lead() -> None:
    """The town is whole, whatever happened."""
    assert Assignment.objects.filter(role="lead", until__isnull=True).count() == 1
    assert [str(fault) for fault in examine() if not fault.code.startswith("job.")] == []


def thirty_two_take(town: SimpleNamespace) -> None:
    matter = stall(town)
    officer = actor(town.people.east_officer)
    pages = [Matter.objects.get() for _ in range(32)]
    outcomes = together([lambda page=page: matters.take(officer, page) for page in pages])
    assert kinds(outcomes) == {"done": 1, "StaleError": 31}
    assert list(MatterEvent.objects.filter(matter=matter).values_list("kind", flat=True)) == ["accepted", "taken"]
    one_lead()


def test_thirty_two_take_one_matter_and_one_has_it(crowd: SimpleNamespace) -> None:
    thirty_two_take(crowd)


def test_without_its_guards_the_taking_goes_wrong(crowd: SimpleNamespace) -> None:
    with without(VERSION_READ, VERSION_WRITTEN), pytest.raises(AssertionError):
        thirty_two_take(crowd)


def thirty_two_copies(town: SimpleNamespace) -> None:
    order = Incoming("hotline", "路边有垃圾", unit_code=town.spot.code, system="区热线", external_id="D-1", key="k-1")
    outcomes = together([lambda: receive([order])] * 32)
    assert kinds(outcomes) == {"done": 32}
    received: list[Received] = [one for (one,) in outcomes]
    assert sum(not one.known for one in received) == 1
    assert {one.report.pk for one in received} == set(Report.objects.values_list("pk", flat=True))
    assert Matter.objects.count() == 1
    one_lead()


def test_thirty_two_copies_of_one_order_are_one_report(crowd: SimpleNamespace) -> None:
    thirty_two_copies(crowd)


def test_without_its_guard_the_same_order_breaks_in(crowd: SimpleNamespace) -> None:
    with without(TWINS_KNOWN), pytest.raises(AssertionError):
        thirty_two_copies(crowd)


def dispatch_against_dispatch(town: SimpleNamespace) -> None:
    stall(town)
    desk = actor(town.people.desk)
    holders = [town.posts[code] for code in ("greening.street", "market.food", "uoc.duty", "chengguan.west")] * 2
    pages = [Matter.objects.get() for _ in holders]
    outcomes = together(
        [
            lambda page=page, holder=holder: matters.dispatch(
                desk, page, kind="event.street.stall", holder=holder, text="改派"
            )
            for page, holder in zip(pages, holders, strict=True)
        ]
    )
    assert kinds(outcomes) == {"done": 1, "StaleError": 7}
    winner = holders[next(place for place, one in enumerate(outcomes) if not isinstance(one, Exception))]
    assert Matter.objects.get().holder == winner
    assert Report.objects.get().answerer == winner
    assert Assignment.objects.filter(role="lead").count() == 2
    one_lead()


def test_of_eight_dispatches_one_holds(crowd: SimpleNamespace) -> None:
    dispatch_against_dispatch(crowd)


def test_without_its_guards_two_dispatches_collide(crowd: SimpleNamespace) -> None:
    with without(VERSION_READ, VERSION_WRITTEN), pytest.raises(AssertionError):
        dispatch_against_dispatch(crowd)


def leaver_against_dispatch(town: SimpleNamespace) -> None:
    """While the only one on a post leaves it, matters are sent there: the post holds them, and somebody answers."""
    sent = [stall(town) for _ in range(4)]
    desk, admin, post = actor(town.people.desk), actor(town.people.admin), town.posts["market.food"]
    seat = Appointment.objects.get(post=post)
    leaves = [lambda: end_appointment(admin, seat)] * 4
    sends = [
        lambda one=one: matters.dispatch(desk, one, kind="event.street.stall", holder=post, text="食品摊")
        for one in sent
    ]
    outcomes = together([act for pair in zip(leaves, sends, strict=True) for act in pair])
    assert kinds(outcomes[::2]) == {"done": 1, "AppointmentError": 3}
    assert kinds(outcomes[1::2]) == {"done": 4}
    assert Leaf.objects.filter(body__contains='"kind":"appointment_ended"').count() == 1
    assert set(Matter.objects.values_list("holder", flat=True)) == {"market.food"}
    assert Assignment.objects.filter(role="lead", until__isnull=True, post=post).count() == 4
    assert who_answers(post).name
    assert not actor(town.people.market).may("take")


def test_who_leaves_while_matters_arrive_leaves_none_alone(crowd: SimpleNamespace) -> None:
    leaver_against_dispatch(crowd)


def test_without_its_guard_one_person_leaves_several_times(crowd: SimpleNamespace) -> None:
    with without(ENDED_ONCE), pytest.raises(AssertionError):
        leaver_against_dispatch(crowd)


def reply_against_reopen(town: SimpleNamespace, *, deferred: bool = False) -> None:
    """The final reply looks whether all is done, and meanwhile somebody begins the matter again: one waits for the other."""
    matter = stall(town)
    matters.void(actor(town.people.desk), matter, "误报")
    report, page = Report.objects.get(), Matter.objects.get()
    officer, shift = actor(town.people.east_officer), actor(town.people.shift)
    looked, tried = Event(), Event()
    first_try: list[Any] = []

    def at_the_point() -> None:
        looked.set()
        assert tried.wait(10)

    def answers() -> None:
        if deferred:
            connection.transaction_mode = "DEFERRED"  # type: ignore[attr-defined]
        with before('UPDATE "doudi_reports_reportclock"', at_the_point):
            matters.answer_report(officer, report, "现场没有摊位")

    def begins_again() -> None:
        assert looked.wait(10)
        with impatient():
            try:
                matters.reopen(shift, page, "又来了")
            except Exception as met:
                first_try.append(met)
        tried.set()

    outcomes = together([answers, begins_again])
    assert kinds(outcomes) == {"done": 2}, outcomes
    assert len(first_try) == 1 and kept_out(first_try[0]), "the matter began again while its report was being answered"
    assert Report.objects.get().status == "replied"
    with transaction.atomic():
        matters.reopen(shift, Matter.objects.get(), "又来了")
    one_lead()


def test_a_matter_does_not_begin_again_under_the_hands_of_whoever_answers(crowd: SimpleNamespace) -> None:
    reply_against_reopen(crowd)


def test_without_its_guard_an_answer_is_given_for_work_that_has_begun_again(crowd: SimpleNamespace) -> None:
    """On SQLite the guard is that a transaction begins by taking the one place for writers."""
    sqlite = connection.vendor == "sqlite"
    with without(*[] if sqlite else [ROWS_TAKEN]), pytest.raises(AssertionError):
        reply_against_reopen(crowd, deferred=sqlite)
