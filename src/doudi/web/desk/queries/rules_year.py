"""The year of each rule: how often it named a holder, and what became of that; and the rules that nobody needed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Max, QuerySet

from doudi.engine.duties.answers import AnswerStatus
from doudi.engine.duties.rules import Rule
from doudi.engine.matters.vocabulary import ApplicationKind
from doudi.web import clock
from doudi.web.disputes.models import Dispute
from doudi.web.matters.models import Application, Assignment, Decision
from doudi.web.rulebook.queries import Rulebook

YEAR = timedelta(days=365)
#: how a lead begins whom people named, and no rule
_BY_HAND = ("desk", "ruling")


@dataclass(frozen=True, slots=True)
class RuleYear:
    """Of the matters in which the rule named the holder: how many; asked away again; argued; given to another by hand."""

    rule: Rule
    holder: str
    decided: int = 0
    returned: int = 0
    argued: int = 0
    overturned: int = 0
    last: datetime | None = None


def rule_years(book: Rulebook, now: datetime) -> list[RuleYear]:
    """Every rule that is in force, those that decided most first. What only a small circle knows is not counted."""
    named: dict[str, dict[object, datetime]] = defaultdict(dict)
    decisions = Decision.objects.filter(
        status=AnswerStatus.RULE.value, at__gte=now - YEAR, matter__restricted=False
    ).order_by("at", "id")
    for matter, rules, at in decisions.values_list("matter_id", "rules", "at").iterator():
        for code in rules:
            named[str(code)].setdefault(matter, at)
    asked = _last(Application.objects.filter(kind=ApplicationKind.TRANSFER), "applied_at", now)
    argued = _last(Dispute.objects.all(), "opened_at", now)
    handed = _handed_on(now)
    found = []
    for rule in book.rules:
        if rule.until is not None and rule.until <= clock.day_of(now):
            continue
        matters = named.get(rule.id, {})
        found.append(
            RuleYear(
                rule,
                book.role_names.get(rule.holder, rule.holder),
                decided=len(matters),
                returned=_since(matters, asked),
                argued=_since(matters, argued),
                overturned=_since(matters, handed),
                last=max(matters.values(), default=None),
            )
        )
    return sorted(found, key=lambda one: (-one.decided, one.rule.id))


def _last(rows: QuerySet[Any], column: str, now: datetime) -> Mapping[object, datetime]:
    """When it last happened, by matter."""
    found = rows.filter(**{f"{column}__gte": now - YEAR}).values("matter").annotate(last=Max(column))
    return {row["matter"]: row["last"] for row in found.order_by("matter")}


def _handed_on(now: datetime) -> Mapping[object, datetime]:
    """When people last gave a matter to another post than the one that had it, by matter."""
    leads = Assignment.objects.filter(role=Assignment.Role.LEAD)
    by_hand = leads.filter(why__in=_BY_HAND, since__gte=now - YEAR).values("matter")
    found: dict[object, datetime] = {}
    before: dict[object, str] = {}
    rows = leads.filter(matter__in=by_hand).order_by("matter", "since", "id")
    for matter, post, why, since in rows.values_list("matter_id", "post_id", "why", "since"):
        if why in _BY_HAND and before.get(matter, post) != post:
            found[matter] = since
        before[matter] = post
    return found


def _since(matters: Mapping[object, datetime], happened: Mapping[object, datetime]) -> int:
    """In how many of them it happened, not before the rule had decided."""
    return sum(matter in happened and happened[matter] >= at for matter, at in matters.items())


def unused(rows: Sequence[RuleYear]) -> list[RuleYear]:
    return sorted((one for one in rows if not one.decided), key=lambda one: one.rule.id)
