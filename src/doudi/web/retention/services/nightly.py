"""Every night: what is over for as long as the rulebook says is erased, or blocked where the file must be kept.

A figure that the rulebook in force does not set asks for nothing. Portions of some hundred rows, each report in a
transaction of its own, so that the night may be ended anywhere and goes on.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet

from doudi.engine.errors import DoudiError
from doudi.engine.retention.vocabulary import RetentionJob
from doudi.web import clock
from doudi.web.files import services as files
from doudi.web.jobs import services as jobs
from doudi.web.matters.models import Demand, Matter
from doudi.web.people.actor import SYSTEM, Actor
from doudi.web.reports.models import Report, ReportPhoto
from doudi.web.retention.models import PersonalRequest
from doudi.web.retention.services import erasing, register
from doudi.web.rulebook.errors import RulebookError
from doudi.web.rulebook.queries import rulebook_on

logger = logging.getLogger("doudi.retention")

PORTION = 100
#: we know who reported
_KNOWN = Q(contact__isnull=False) & ~Q(contact__name="", contact__phone="")
_EMPTY = Q(title="", words="", address="", sealed_row="", longitude=None, blocked=None)


def plan_night() -> int:
    """Once a day, whichever timer comes first: where anything is over, the work is planned."""
    if not jobs.acquire_interval("retention", timedelta(days=1)):
        return 0
    files.clear_erased()
    register.follow()
    if any(_over_now()):
        _plan(0)
    return 0


def keep_to_figures(portion: int) -> int:
    """One portion of the night; where anything was left to do, the next one is planned. Returns how much was done."""
    done = sum(_done(act, one) for over, act in _over_now() for one in over)
    if done:
        _plan(portion + 1)
    return done


def _over_now() -> Iterator[tuple[list[Report], Callable[[Actor, Report], None]]]:
    """Some reports each of whom a figure speaks now, with what is done with them; read when it is their turn."""
    figures = _figures()
    for figure, due, act in _FIGURES:
        if (days := figures.get(figure)) is not None:
            over = due(clock.now() - timedelta(days=days)).order_by("closed_at", "pk")
            if found := list(over[:PORTION]):
                yield found, act


def _figures() -> dict[str, int]:
    """The figures in days that the rulebook in force sets; none where none is, which the start-up checks say."""
    try:
        book = rulebook_on()
    except RulebookError:
        return {}
    named = (figure for figure, _due, _act in _FIGURES)
    return {figure: days for figure in named if (days := book.kept_days(figure)) is not None}


def _plan(portion: int) -> None:
    jobs.plan(RetentionJob.NIGHT, f"{RetentionJob.NIGHT}:{clock.today()}:{portion}", clock.now(), {"portion": portion})


def _done(act: Callable[[Actor, Report], None], report: Report) -> bool:
    try:
        act(SYSTEM, report)
    except DoudiError as error:
        logger.warning("report %s stays as it is: %s", report.number, error)
        return False
    return True


def _over(since: datetime) -> QuerySet[Report]:
    """Closed for so long; what somebody still asks about, and what is worked on in a matter, waits."""
    asked = PersonalRequest.objects.filter(report=OuterRef("pk"), state=PersonalRequest.State.OPEN)
    worked_on = Demand.objects.filter(report=OuterRef("pk"), matter__status__in=Matter.OPEN)
    closed = Report.objects.filter(status=Report.Status.CLOSED, closed_at__lte=since)
    return closed.exclude(Exists(asked)).exclude(Exists(worked_on))


def _who_is_known(since: datetime) -> QuerySet[Report]:
    return _over(since).filter(_KNOWN | ~Q(sealed_row=""))


def _with_photographs(since: datetime) -> QuerySet[Report]:
    there = ReportPhoto.objects.filter(report=OuterRef("pk"), upload__erased_at=None)
    return _over(since).filter(Exists(there))


def _never_a_file(since: datetime) -> QuerySet[Report]:
    return _over(since).exclude(Exists(_asked())).exclude(_EMPTY)


def _in_use(since: datetime) -> QuerySet[Report]:
    """Files whose words still lie open; those of whom we still know who they are wait for that figure."""
    return _over(since).filter(Exists(_asked()), blocked=None).exclude(_EMPTY).exclude(_KNOWN)


def _files(since: datetime) -> QuerySet[Report]:
    return _over(since).filter(Exists(_asked())).exclude(_EMPTY)


def _asked() -> QuerySet[Demand]:
    return Demand.objects.filter(report=OuterRef("pk"))


#: by the rulebook's figures, what ends first: which reports are due, and what is done with them
_FIGURES: tuple[tuple[str, Callable[[datetime], QuerySet[Report]], Callable[[Actor, Report], None]], ...] = (
    ("case_files", _files, erasing.erase_report),
    ("dismissed_reports", _never_a_file, erasing.erase_report),
    ("reporter_phone_after_close", _who_is_known, erasing.erase_contact),
    ("photographs_after_close", _with_photographs, erasing.erase_photographs),
    ("case_files_in_use", _in_use, erasing.block_report),
)
