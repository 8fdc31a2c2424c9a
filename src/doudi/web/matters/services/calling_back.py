"""Who is called back and until when, who stands apart enough to do it, and whom a warning reaches."""

from __future__ import annotations

from collections.abc import Sequence

from doudi.engine.kinds.catalogue import Lane
from doudi.engine.matters.calling_back import CallBackError, Worked, hindrance
from doudi.engine.matters.clocks import plan
from doudi.engine.matters.vocabulary import MatterEventKind, MatterNotice, ReportEventKind, WarnedBy
from doudi.web import clock
from doudi.web.duties.queries import book_under
from doudi.web.matters.models import Matter, MatterEvent
from doudi.web.matters.services import notifying
from doudi.web.people.access import Access
from doudi.web.people.actor import Actor
from doudi.web.people.models import Post
from doudi.web.people.queries import active_posts
from doudi.web.reports import services as reports
from doudi.web.reports.models import Contact, Report, ReportClock, ReportEvent
from doudi.web.reports.waiting import runs
from doudi.web.rulebook.queries import rulebook_of

_WORK = (MatterEventKind.HANDLED, MatterEventKind.CLOSED_ON_SPOT, MatterEventKind.SUPPORT_DONE)


def worked_on(report: Report, handled: Sequence[Matter]) -> Worked:
    """Who handled or helped with what the report asks, and who answered it; the offices of those who handled or helped."""
    deeds = MatterEvent.objects.filter(matter__in=handled, kind__in=_WORK)
    answers = ReportEvent.objects.filter(report=report, kind=ReportEventKind.REPLIED, person__isnull=False)
    people = {str(one) for rows in (deeds, answers) for one in rows.values_list("person", flat=True) if one}
    posts = {one.holder_id for one in handled} | {code for code in deeds.values_list("post", flat=True) if code}
    offices = Post.objects.filter(code__in=posts).order_by("office").values_list("office", "office__name")
    return Worked(frozenset(people), dict(offices))


def hinders(actor: Actor, report: Report, handled: Sequence[Matter]) -> object:
    """Why this person may not call the reporter back; None where they may."""
    person = str(actor.person.pk) if actor.person else ""
    # A leader of the town stands above its offices, and is the last who can ring where the desk itself did the work.
    offices = {seat.post.office_id for seat in actor.seats if seat.post.access != Access.LEADER}
    return hindrance(person, offices, worked_on(report, handled))


def require_apart(actor: Actor, report: Report, handled: Sequence[Matter]) -> None:
    if (why := hinders(actor, report, handled)) is not None:
        raise CallBackError("{why}", why=why)


def begin(report: Report, handled: Sequence[Matter]) -> None:
    """The first final answer of this round has gone: where the town calls back, the clock runs from now.

    Where the desk's own office did the work nobody there may call, so the leaders are told; where they cannot either, since
    there are none or they may not know who reported, nobody is asked: no report waits for a call that no one may make.
    """
    done = any(one.status == Matter.Status.CLOSED for one in handled)
    rulebook = rulebook_of(handled[0].rulebook_id) if done else None
    term = rulebook.call_back_term(report.channel, from_above=bool(report.system)) if rulebook else None
    if rulebook is None or term is None or not _can_be_rung(report):
        return
    desk = Post.objects.filter(code=book_under(rulebook).duty_desk).values_list("office", flat=True).first()
    near = desk in worked_on(report, handled).offices
    leaders = list(active_posts().filter(access=Access.LEADER).order_by("code")) if near else []
    if near and (report.secrecy != Report.Secrecy.OPEN or not leaders):
        return
    reports.start_clocks(report, [plan(ReportClock.Which.CALL_BACK, term, clock.now(), rulebook.calendar)])
    for leader in leaders:
        notifying.notify_news(handled[0], leader.code, MatterNotice.CALL_BACK_ASKED, report)


def _can_be_rung(report: Report) -> bool:
    contact = Contact.objects.filter(report=report).first()
    return contact is not None and bool(contact.phone)


def open_warning(actor: Actor, report: Report, handled: Sequence[Matter], by: WarnedBy, text: str = "") -> bool:
    """Open it where the town warns and none is open; holder and desk are told. Returns whether it was opened."""
    rulebook = rulebook_of(handled[0].rulebook_id) if handled else None
    term = rulebook.term_if_set("warning_by") if rulebook else None
    if rulebook is None or term is None or runs(report, ReportClock.Which.WARNING):
        return False
    reports.warn(actor, report, by, text, plan(ReportClock.Which.WARNING, term, clock.now(), rulebook.calendar))
    here = next((one for one in handled if one.lane != Lane.NORMAL), handled[0])
    for post in dict.fromkeys((report.answerer_id, book_under(rulebook).duty_desk)):
        notifying.notify_news(here, post, MatterNotice.WARNED, report)
    return True
