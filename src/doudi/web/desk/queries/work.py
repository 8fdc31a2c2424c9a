"""What lies with the posts of one person, cut to what a phone shows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, QuerySet

from doudi.web.areas.queries import AreaDirectory
from doudi.web.desk.queries.lists import BY_NEED, Row, place_of, ranked, report_tab, rows_of, with_holder
from doudi.web.matters.models import Demand, Matter
from doudi.web.matters.queries import held_by, supported_by, visible
from doudi.web.people.actor import Actor
from doudi.web.reports.models import Report
from doudi.web.rulebook.queries import Rulebook

MOST = 40


@dataclass(frozen=True, slots=True)
class Work:
    """Each list is cut after ``MOST`` rows; ``more`` says by name which of them go on."""

    to_take: Sequence[Row]
    in_hand: Sequence[Row]
    at_check: Sequence[Row]
    to_help: Sequence[Row]
    to_check: Sequence[Row]
    to_contact: Sequence[tuple[Report, str]]
    to_answer: Sequence[tuple[Report, str]]
    more: frozenset[str]

    @property
    def nothing(self) -> bool:
        return not (self.to_take or self.in_hand or self.to_help or self.to_check or self.to_contact or self.to_answer)


def my_work(actor: Actor, book: Rulebook, places: AreaDirectory) -> Work:
    held = held_by(actor.posts)
    queues = {
        "to_take": held.filter(status=Matter.Status.ACCEPTED),
        "in_hand": held.filter(status=Matter.Status.TAKEN),
        "at_check": held.filter(status=Matter.Status.HANDLED),
        "to_help": supported_by(actor.posts),
        "to_check": _to_check(actor),
    }
    found = {name: list(BY_NEED.sorted(ranked(with_holder(rows)))[: MOST + 1]) for name, rows in queues.items()}
    # One read of reasons for all rows, whatever list they stand in.
    rows = {row.matter.pk: row for row in rows_of({one.pk: one for part in found.values() for one in part[:MOST]}.values(), book, places)}
    owed = _owed(actor, places)
    return Work(
        **{name: [rows[one.pk] for one in part[:MOST]] for name, part in found.items()},
        **{name: part[:MOST] for name, part in owed.items()},
        more=frozenset(name for name, part in (*found.items(), *owed.items()) if len(part) > MOST),
    )


def _to_check(actor: Actor) -> QuerySet[Matter]:
    """What others have handled and this person may check: in sight, not held by their posts, not done by themselves."""
    if not actor.may("verify"):
        return Matter.objects.none()
    rows = visible(actor).filter(status=Matter.Status.HANDLED).exclude(holder__in=actor.posts)
    return rows.exclude(handled_by=actor.person) if actor.person else rows


def _owed(actor: Actor, places: AreaDirectory) -> dict[str, list[tuple[Report, str]]]:
    """Contacts and answers that the posts owe: first whom to ring, then what is ready to be answered."""
    mine = Report.objects.filter(answerer__in=actor.posts, status=Report.Status.RECEIVED).select_related("unit").order_by("received_at")
    at_work = Exists(Demand.objects.filter(report=OuterRef("pk"), matter__status__in=Matter.OPEN))
    queues = {
        "to_contact": mine.filter(report_tab("to_contact"), at_work) if actor.may("contact_reporter") else mine.none(),
        "to_answer": mine.filter(report_tab("to_answer")),
    }
    return {name: [(one, place_of(one, places)) for one in rows[: MOST + 1]] for name, rows in queues.items()}
