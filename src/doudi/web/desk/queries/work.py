"""What lies with the posts of one person, cut to what a phone shows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, QuerySet

from doudi.engine.people.vocabulary import Power
from doudi.web.areas.queries import AreaDirectory
from doudi.web.desk.queries.lists import BY_NEED, ReportRow, Row, ranked, report_rows, report_tab, rows_of, with_holder
from doudi.web.matters.handover import to_take_over
from doudi.web.matters.models import Demand, Matter, MatterClock
from doudi.web.matters.queries import held_by, supported_by, visible
from doudi.web.people.actor import Actor
from doudi.web.reports.models import Report
from doudi.web.rulebook.queries import Rulebook

MOST = 40


@dataclass(frozen=True, slots=True)
class Work:
    """Each list is cut after ``MOST`` rows; ``more`` says by name which of them go on."""

    to_take_over: Sequence[Row]
    to_take: Sequence[Row]
    in_hand: Sequence[Row]
    at_check: Sequence[Row]
    to_help: Sequence[Row]
    to_check: Sequence[Row]
    to_contact: Sequence[ReportRow]
    to_answer: Sequence[ReportRow]
    more: frozenset[str]

    @property
    def nothing(self) -> bool:
        return not (
            self.to_take_over
            or self.to_take
            or self.in_hand
            or self.to_help
            or self.to_check
            or self.to_contact
            or self.to_answer
        )


def my_work(actor: Actor, book: Rulebook, places: AreaDirectory) -> Work:
    held = held_by(actor.posts)
    queues = {
        "to_take_over": to_take_over(actor.posts),
        "to_take": held.filter(status=Matter.Status.ACCEPTED),
        "in_hand": held.filter(status=Matter.Status.TAKEN),
        "at_check": held.filter(status=Matter.Status.HANDLED),
        "to_help": supported_by(actor.posts),
        "to_check": _to_check(actor),
    }
    found = {name: list(BY_NEED.sorted(ranked(with_holder(rows)))[: MOST + 1]) for name, rows in queues.items()}
    # One read of reasons for all rows, whatever list they stand in.
    rows = {
        row.matter.pk: row
        for row in rows_of({one.pk: one for part in found.values() for one in part[:MOST]}.values(), book, places)
    }
    shown = {name: [rows[one.pk] for one in part[:MOST]] for name, part in found.items()}
    owed = _owed(actor, book, places)
    return Work(
        to_take_over=shown["to_take_over"],
        to_take=shown["to_take"],
        in_hand=shown["in_hand"],
        at_check=shown["at_check"],
        to_help=shown["to_help"],
        to_check=shown["to_check"],
        to_contact=owed["to_contact"][:MOST],
        to_answer=owed["to_answer"][:MOST],
        more=frozenset(name for name, part in (*found.items(), *owed.items()) if len(part) > MOST),
    )


def _to_check(actor: Actor) -> QuerySet[Matter]:
    """What others have handled and this person's posts are named to check, or nobody is: in sight, not done by themselves."""
    if not actor.may(Power.VERIFY):
        return Matter.objects.none()
    rows = visible(actor.only(Power.VERIFY)).filter(status=Matter.Status.HANDLED).exclude(holder__in=actor.posts)
    running = MatterClock.objects.filter(matter=OuterRef("pk"), which=MatterClock.Which.VERIFY, ended_at=None)
    rows = rows.filter(Exists(running.filter(stage__in=[*actor.posts, ""])))
    return rows.exclude(handled_by=actor.person) if actor.person else rows


def _owed(actor: Actor, book: Rulebook, places: AreaDirectory) -> dict[str, list[ReportRow]]:
    """Contacts and answers that the posts owe: first whom to ring, then what is ready to be answered."""
    mine = (
        Report.objects.filter(answerer__in=actor.posts, status=Report.Status.RECEIVED)
        .select_related("unit")
        .order_by("received_at")
    )
    at_work = Exists(Demand.objects.filter(report=OuterRef("pk"), matter__status__in=Matter.OPEN))
    queues = {
        "to_contact": mine.filter(report_tab("to_contact"), at_work)
        if actor.may(Power.CONTACT_REPORTER)
        else mine.none(),
        "to_answer": mine.filter(report_tab("to_answer")),
    }
    return {name: report_rows(rows[: MOST + 1], book, places) for name, rows in queues.items()}
