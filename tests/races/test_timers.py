"""Two timers and a hand: each piece of work is done once, and the chain of facts has no fork."""

from __future__ import annotations

from threading import Barrier
from types import SimpleNamespace

import pytest
from django.db import connection

from doudi.web import clock
from doudi.web.fsck.queries import examine
from doudi.web.jobs import services as jobs
from doudi.web.jobs.models import Job
from doudi.web.journal.models import Leaf
from doudi.web.journal.services import Fact, append, unit_of_work
from doudi.web.matters import services as matters
from doudi.web.matters.models import Matter, MatterClock
from doudi.web.notices.models import Notice
from doudi.web.timers.due_moments import due_notices
from doudi.web.triage.services import Incoming, receive
from tests.model.mutants import Mutant
from tests.races.starting import all_at, before, kinds, together, without
from tests.web.town import TUESDAY, actor

TOKEN_COMPARED = Mutant(
    "nobody compares the token",
    "doudi.web.jobs.services",
    "_taken",
    "Job.objects.filter(free, _as_seen(seen))",
    "Job.objects.filter(pk__in=[job.pk for job in seen])",
)
TOKEN_SHOWN = Mutant(
    "whoever had the job may finish it",
    "doudi.web.jobs.services",
    "_settle",
    "filter(_as_seen(jobs), state=Job.State.LEASED)",
    "filter(pk__in=[job.pk for job in jobs])",
)
SAID_ONCE = Mutant(
    "nobody looks whether it was said", "doudi.web.notices.services", "_sent", ", ignore_conflicts=True", ""
)
HEAD_TAKEN = Mutant(
    "the head of the chain is read and not taken",
    "doudi.web.journal.services",
    "_locked_head",
    'read += " FOR UPDATE"',
    "pass",
)


def lease_together() -> None:
    """Eight timers have all seen the job before any of them takes it."""
    jobs.plan("greet", "one", TUESDAY, {})
    seen = Barrier(8)

    def timer() -> list[Job]:
        # The one that takes raises the token; an update before it only buries jobs that killed their workers.
        takes = "BEGIN" if connection.vendor == "sqlite" else 'SET "state" = %s, "leased_until" = %s, "token"'
        with before(takes, all_at(seen)):
            return jobs.lease(["greet"])

    outcomes = together([timer] * 8)
    assert kinds(outcomes) == {"done": 8}
    assert sorted(len(taken) for taken in outcomes) == [0] * 7 + [1]
    assert (Job.objects.get().token, Job.objects.get().attempts) == (1, 1)


def test_of_eight_timers_one_has_the_job(crowd: SimpleNamespace) -> None:
    lease_together()


def test_without_its_guard_several_have_the_job(crowd: SimpleNamespace) -> None:
    with without(TOKEN_COMPARED), pytest.raises(AssertionError):
        lease_together()


def finish_after_sleep() -> None:
    """One slept past the lease; another has done the work meanwhile; both say that they are done."""
    jobs.plan("greet", "one", TUESDAY, {})
    (slept,) = jobs.lease(["greet"])
    with clock.at(TUESDAY + jobs.LEASE):
        (took_over,) = jobs.lease(["greet"])
    outcomes = together([lambda: jobs.finish(slept), lambda: jobs.finish(took_over)])
    assert kinds(outcomes[:1]) == {"JobLeaseError": 1}
    assert kinds(outcomes[1:]) == {"done": 1}
    assert Job.objects.get().state == "done"


def test_whoever_slept_past_the_lease_finishes_nothing(crowd: SimpleNamespace) -> None:
    finish_after_sleep()


def test_without_its_guard_the_sleeper_finishes(crowd: SimpleNamespace) -> None:
    with without(TOKEN_SHOWN), pytest.raises(AssertionError):
        finish_after_sleep()


def timers_against_hand(town: SimpleNamespace) -> None:
    """Six timers see at once that nobody took the matter in time, and a hand takes it at that moment."""
    receive([Incoming("scan", "有人占道摆摊", unit_code=town.shop.code)], auto_dispatch=True)
    late = MatterClock.objects.get(which="take").due_at
    page, officer = Matter.objects.get(), actor(town.people.east_officer)
    looked = Barrier(7)

    def hand() -> None:
        looked.wait(20)
        matters.take(officer, page)

    def timer() -> int:
        # What a writer does first: on SQLite it begins, on PostgreSQL it inserts.
        begins = "BEGIN" if connection.vendor == "sqlite" else 'INSERT INTO "doudi_notices_digest"'
        with clock.at(late), before(begins, all_at(looked)):
            return due_notices()

    outcomes = together([*[timer] * 6, hand])
    assert kinds(outcomes) == {"done": 7}, outcomes
    assert list(Notice.objects.filter(kind="overdue").values_list("post", flat=True)) == ["chengguan.east"]
    assert Matter.objects.get().status == "taken"


def test_six_timers_say_it_once_and_do_not_disturb_the_hand(crowd: SimpleNamespace) -> None:
    timers_against_hand(crowd)


def test_without_its_guard_the_timers_fall_over_each_other(crowd: SimpleNamespace) -> None:
    with without(SAID_ONCE), pytest.raises(AssertionError):
        timers_against_hand(crowd)


def sixteen_facts(*, guarded: bool = True) -> None:
    """Sixteen transactions add to the chain at once, the first of which begins it."""
    first = Leaf.objects.count()
    read = Barrier(16)

    def tell() -> None:
        # Without the lock all of them can read the same head before one of them writes.
        stop = all_at(read) if not guarded else (lambda: None)
        with before('INSERT INTO "doudi_journal_leaf"', stop), unit_of_work():
            append(Fact.new("told", "directory", {}))

    outcomes = together([tell] * 16)
    assert kinds(outcomes) == {"done": 16}
    assert Leaf.objects.count() == first + 16
    assert [str(fault) for fault in examine() if fault.code.startswith("journal.")] == []


@pytest.mark.django_db(transaction=True)
def test_sixteen_facts_at_once_begin_one_chain(tuesday: None) -> None:
    sixteen_facts()


def test_sixteen_facts_at_once_lengthen_one_chain(crowd: SimpleNamespace) -> None:
    sixteen_facts()


@pytest.mark.only("postgres", "on SQLite one writer at a time is the guard, and it cannot be taken out")
def test_without_its_guard_the_chain_forks(crowd: SimpleNamespace) -> None:
    with without(HEAD_TAKEN), pytest.raises(AssertionError):
        sixteen_facts(guarded=False)
