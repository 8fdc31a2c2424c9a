"""The matters of the past as questions to the rules: their kind, place, hours and facts as they are known now."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import QuerySet

from doudi.engine.duties.answers import Question
from doudi.engine.duties.matrix import asked
from doudi.engine.duties.rules import Hours
from doudi.engine.rules.regions import History
from doudi.engine.workdays import Calendar
from doudi.web import clock
from doudi.web.edition_cache import by_edition
from doudi.web.matters.models import Matter
from doudi.web.rulebook.proving import Ground
from doudi.web.rulebook.queries import Rulebook

#: gaps and changes are weighed by the matters of so many days
DAYS_WEIGHED = 365
COLUMNS = ("pk", "kind", "unit__type", "area_id", "facts", "unit__facts", "accepted_at")
#: never the town's own to decide: struck, or joined to another that is counted
_NOT_COUNTED = (Matter.Status.VOIDED, Matter.Status.MERGED)


@dataclass(frozen=True, slots=True)
class Past:
    """A matter as it is asked about; ``day`` is the day whose rules are asked."""

    pk: Any
    question: Question


def past_matters() -> QuerySet[Matter]:
    return Matter.objects.exclude(status__in=_NOT_COUNTED)


def questions(rows: Iterable[tuple[Any, ...]], calendar: Calendar, on: date | None = None) -> Iterator[Past]:
    """Rows of ``COLUMNS`` as questions of the day they came, or all of the day ``on``."""
    for pk, kind, unit_type, area, facts, unit_facts, accepted_at in rows:
        hours: Hours = "work" if calendar.is_duty_time(accepted_at) else "off"
        day = on or clock.day_of(accepted_at)
        yield Past(pk, Question(kind or None, unit_type, area, hours, {**(unit_facts or {}), **(facts or {})}, day))


def history_for(book: Rulebook, ground: Ground) -> History:
    """The matters of the last year on this ground, each in the same season of the year that is proven.

    Those of the restricted circle are left out for everybody, so that no share tells of them.
    """
    today = clock.today()
    begin = clock.now() - timedelta(days=DAYS_WEIGHED)
    rows = past_matters().filter(accepted_at__gte=begin, restricted=False)
    newest = rows.order_by("-pk").values_list("pk", flat=True).first()
    return _history((ground, today, rows.count(), newest), book, rows, begin)


@by_edition(3, key=lambda what, *_: what)
def _history(what: tuple[Ground, date, int, Any], book: Rulebook, rows: QuerySet[Matter], begin: datetime) -> History:
    ground = what[0]
    first = ground.space.proper[ground.space.places["day"]][0][0]
    facts = {row["fact"]: list(row["values"]) for row in book.facts}
    began = clock.day_of(begin).toordinal()

    def values() -> Iterator[dict[str, object]]:
        for one in questions(rows.values_list(*COLUMNS).iterator(chunk_size=2000), book.calendar):
            shifted = asked(one.question, facts)
            shifted["day"] = date.fromordinal(first + min(one.question.day.toordinal() - began, DAYS_WEIGHED))
            yield shifted

    return ground.history(values())
