"""The rows of a step are taken for its transaction, always in the same order."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import wraps
from typing import Concatenate, ParamSpec, TypeVar
from uuid import UUID

from doudi.engine.errors import DoudiError
from doudi.engine.matters.life import OPEN_REPORT
from doudi.web.journal.services import unit_of_work
from doudi.web.matters.models import (
    Demand,
    Matter,
)
from doudi.web.matters.queries import visible
from doudi.web.people.actor import Actor
from doudi.web.people.errors import NotAllowedError
from doudi.web.reports.models import Report
from doudi.web.sql.select import filter_by

Outcome = TypeVar("Outcome")

Arguments = ParamSpec("Arguments")


def step(
    service: Callable[Concatenate[Actor, Matter, Arguments], Outcome],
) -> Callable[Concatenate[Actor, Matter, Arguments], Outcome]:
    """One step is one transaction that first takes the matter's row, so that two steps never interleave."""

    @wraps(service)
    def taken_alone(actor: Actor, matter: Matter, /, *args: Arguments.args, **kwargs: Arguments.kwargs) -> Outcome:
        with unit_of_work():
            lock(actor, matter)
            return service(actor, matter, *args, **kwargs)

    return taken_alone


def lock(actor: Actor, *matters: Matter) -> None:
    """Take the rows for this transaction, always in the same order, so that two who take the same never wait in a ring.

    Raises NotAllowedError when one of them does not exist for the actor, StaleError when one has moved on since
    it was read.
    """
    versions = _versions(actor, matters)
    for one in matters:
        if one.pk not in versions:
            raise NotAllowedError("这件事项不在您的权限范围内。如确需办理，请联系值班长。")
        if versions[one.pk] != one.version:
            raise one.stale()


@unit_of_work()
def in_turn(
    matters: Iterable[Matter], step: Callable[[Matter], Outcome], *, beside: Sequence[Matter] = ()
) -> dict[Matter, Outcome | DoudiError]:
    """The same step with many matters, in one transaction with one append to the journal.

    What is refused for one matter is undone and told for that one alone: each step is a unit of its own. All rows, and
    those that stand ``beside`` every step, are taken first, in the order in which everybody takes them.
    """
    rows = sorted(matters, key=lambda one: one.pk)
    wanted = {one.pk for one in (*rows, *beside)}
    list(Matter.objects.filter(pk__in=wanted).order_by("pk").select_for_update().values_list("pk"))
    outcomes: dict[Matter, Outcome | DoudiError] = {}
    for matter in rows:
        try:
            outcomes[matter] = step(matter)
        except DoudiError as error:
            outcomes[matter] = error
            for one in beside:
                one.refresh_from_db()
    return outcomes


def _versions(actor: Actor, matters: Sequence[Matter]) -> dict[UUID, int]:
    # Who holds a matter sees it; an unchanged version says that the holder is still the one we read.
    if all(one.holder_id in actor.posts for one in matters):
        if len(matters) == 1:
            return {row.pk: row.version for row in filter_by(Matter, id=matters[0].pk, lock=True)}
        seen = Matter.objects.all()
    else:
        seen = visible(actor)
    rows = seen.filter(pk__in={one.pk for one in matters}).order_by("pk").select_for_update()
    return dict(rows.values_list("pk", "version"))


def matters_of(report: Report) -> list[Matter]:
    """The matters in which a report is handled, first demand first, taken for this transaction.

    Whoever needs matters and reports takes the matters first, or two would wait for each other. While we waited for a
    row it may have been merged into another, which is then taken too.
    """
    asked = Demand.objects.filter(report=report).order_by("position")
    wanted = list(asked.values_list("matter", flat=True))
    while True:
        rows = {one.pk: one for one in Matter.objects.filter(pk__in=set(wanted)).order_by("pk").select_for_update()}
        wanted = list(asked.values_list("matter", flat=True))
        if rows.keys() >= set(wanted):
            return [rows[pk] for pk in dict.fromkeys(wanted)]


def led_reports(matter: Matter) -> list[Report]:
    """Open reports whose first demand lies in this matter: their answer goes with the work."""
    led = Demand.objects.filter(matter=matter, position=1).values("report")
    return list(Report.objects.filter(pk__in=led, status__in=OPEN_REPORT).order_by("pk").select_for_update())
