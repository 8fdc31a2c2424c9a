"""The levels of a dispute: who convenes, and until when."""

from __future__ import annotations

from datetime import datetime

from doudi.engine.disputes.ladder import Convenor, rung_of, term_of
from doudi.engine.matters.clocks import plan as clock_plan
from doudi.engine.workdays import Term
from doudi.web import clock
from doudi.web.disputes.models import Dispute, DisputeClock, InterimCarrier, Statement
from doudi.web.duties.queries import catchers, duty_desk
from doudi.web.matters.models import Matter
from doudi.web.people.access import Access
from doudi.web.people.models import Post
from doudi.web.people.queries import active_posts
from doudi.web.rulebook.queries import rulebook_of
from doudi.web.terms import services as terms


def convenor_for(matter: Matter, level: str) -> Post:
    """The post that calls the parties on a level."""
    sort = rung_of(level).convenor
    if sort is Convenor.BACKSTOP and matter.area_id:
        for one in catchers():
            if one.area == matter.area_id and one.row is not None:
                return one.row.post
    if sort is Convenor.PANEL:
        panel = active_posts().filter(access=Access.LEADER).order_by("code").first()
        if panel is not None:
            return panel
    return Post.objects.get(code=duty_desk())


def start_level(row: Dispute, level: str, now: datetime) -> datetime:
    """The clock of a level begins, the one before ends. Returns the new due moment."""
    end_carrier(row, now)
    terms.end(DisputeClock, now, dispute=row)
    book = rulebook_of(row.matter.rulebook_id)
    planned = clock_plan(level, term_of(level, book.parameters.get("answer_by", {})), now, book.calendar)
    (made,) = DisputeClock.objects.bulk_create(terms.clock_rows(DisputeClock, [planned], dispute=row))
    assert made.due_at is not None
    return made.due_at


def start_carrier(row: Dispute, term: Term, now: datetime) -> datetime:
    """The clock of the level runs as long as its interim carrier carries. Returns the new due moment."""
    terms.end(DisputeClock, now, cancelled=True, dispute=row)
    book = rulebook_of(row.matter.rulebook_id)
    planned = clock_plan(row.level, term, now, book.calendar)
    (made,) = DisputeClock.objects.bulk_create(terms.clock_rows(DisputeClock, [planned], dispute=row))
    assert made.due_at is not None
    Statement.objects.filter(dispute=row, answered_at__isnull=True, silence="").update(due_at=made.due_at)
    return made.due_at


def end_carrier(row: Dispute, now: datetime) -> bool:
    """The level is left: nobody carries in its name any more. Returns whether somebody did; the holder stays."""
    return bool(InterimCarrier.objects.filter(dispute=row, ended_at=None).update(ended_at=now))


def due_of(row: Dispute) -> datetime:
    """Until when the present level has to be done with it."""
    due = DisputeClock.objects.filter(dispute=row, ended_at__isnull=True).values_list("due_at", flat=True).first()
    return due or clock.now()
