"""A step is taken back while somebody goes on, or while its notice is on its way: one of the two is told no, never both done."""

from __future__ import annotations

from threading import Barrier
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection

from doudi.engine.matters.vocabulary import MatterJob
from doudi.web import clock
from doudi.web.fsck.queries import examine
from doudi.web.jobs import services as jobs
from doudi.web.jobs.models import Job
from doudi.web.matters import services as matters
from doudi.web.matters.models import Matter
from doudi.web.matters.services.undoing import WITHIN
from doudi.web.triage.services import Incoming, receive
from tests.model.mutants import Mutant
from tests.races.starting import all_at, before, kinds, together, without
from tests.races.test_one_matter import VERSION_READ, VERSION_WRITTEN
from tests.web.town import TUESDAY, actor

WAITS = Mutant(
    "what has been begun is taken back too",
    "doudi.web.jobs.services",
    "recall",
    "planned.filter(state=Job.State.WAITING, attempts=0).update(",
    "planned.update(",
)


def sent(town: SimpleNamespace) -> Matter:
    (received,) = receive([Incoming("scan", "有人占道摆摊", unit_code=town.shop.code)])
    matter = received.matters[0]
    matters.dispatch(actor(town.people.desk), matter, kind="event.street.stall")
    return matter


def whole() -> None:
    assert [str(fault) for fault in examine() if not fault.code.startswith("job.")] == []


def undo_against_later_steps(town: SimpleNamespace) -> None:
    """Eight hands take the matter and eight take its dispatch back: one of the sixteen."""
    matter = sent(town)
    desk, officer = actor(town.people.desk), actor(town.people.east_officer)
    pages = [Matter.objects.get(pk=matter.pk) for _ in range(16)]
    outcomes = together(
        [
            (lambda page=page: matters.undo(desk, page))
            if place % 2
            else (lambda page=page: matters.take(officer, page))
            for place, page in enumerate(pages)
        ]
    )
    met = kinds(outcomes)
    assert met["done"] == 1 and sum(met.values()) == 16, met
    assert set(met) <= {"done", "UndoError", "StaleError", "MatterStepError", "NotAllowedError"}, met
    row = Matter.objects.get(pk=matter.pk)
    assert (row.status, row.holder_id) in {("taken", "chengguan.east"), ("accepted", "uoc.duty")}
    assert row.version == 3
    whole()


def test_a_step_is_taken_back_or_gone_on_from(crowd: SimpleNamespace) -> None:
    undo_against_later_steps(crowd)


def test_without_their_guards_both_are_done(crowd: SimpleNamespace) -> None:
    with without(VERSION_READ, VERSION_WRITTEN), pytest.raises(AssertionError):
        undo_against_later_steps(crowd)


def undo_against_the_lease(town: SimpleNamespace) -> None:
    """A timer whose clock is ahead takes the notice at the moment at which the step is taken back."""
    matter = sent(town)
    desk, page = actor(town.people.desk), Matter.objects.get(pk=matter.pk)
    Job.objects.exclude(key=f"assigned:{matter.pk}:2").delete()
    seen = Barrier(2)
    sqlite = connection.vendor == "sqlite"

    def timer() -> list[Job]:
        takes = "BEGIN" if sqlite else 'SET "state" = %s, "leased_until" = %s, "token"'
        with clock.at(TUESDAY + WITHIN), before(takes, all_at(seen)):
            return jobs.lease([MatterJob.NOTIFY_HOLDER])

    def hand() -> Any:
        takes = "BEGIN" if sqlite else 'UPDATE "doudi_jobs_job"'
        with before(takes, all_at(seen)):
            return matters.undo(desk, page)

    leased, undone = together([timer, hand])
    row, job = Matter.objects.get(pk=matter.pk), Job.objects.get()
    if isinstance(undone, Exception):
        assert type(undone).__name__ == "UndoError", undone
        assert [one.pk for one in leased] == [job.pk]
        assert (row.holder_id, job.state) == ("chengguan.east", Job.State.LEASED)
    else:
        assert leased == []
        assert (row.holder_id, job.state) == ("uoc.duty", Job.State.DROPPED)
    whole()


def test_a_notice_leaves_or_the_step_is_taken_back(crowd: SimpleNamespace) -> None:
    undo_against_the_lease(crowd)


def taken_back_after_the_lease(town: SimpleNamespace) -> None:
    matter = sent(town)
    with clock.at(TUESDAY + WITHIN):
        leased = jobs.lease([MatterJob.NOTIFY_HOLDER])
    with pytest.raises(Exception, match="通知已经发出"):
        matters.undo(actor(town.people.desk), matter)
    jobs.finish(*leased)
    whole()


def test_what_a_timer_has_in_hand_is_not_taken_back(crowd: SimpleNamespace) -> None:
    with clock.at(TUESDAY):
        taken_back_after_the_lease(crowd)


def test_without_its_guard_a_notice_is_told_of_what_was_taken_back(crowd: SimpleNamespace) -> None:
    with clock.at(TUESDAY), without(WAITS), pytest.raises((AssertionError, pytest.fail.Exception)):
        taken_back_after_the_lease(crowd)
