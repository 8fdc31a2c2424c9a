"""Before anybody rules: what each scope would become as rules, in words, and which matters of the past it would have met."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from doudi.engine.duties.answers import Question
from doudi.engine.duties.clipping import SPOT, Clipped
from doudi.engine.duties.rules import Rule
from doudi.engine.duties.wording import Wording
from doudi.engine.errors import DoudiError
from doudi.engine.messages import Message
from doudi.web import clock
from doudi.web.disputes.models import Dispute, Ruling
from doudi.web.disputes.services.rule_draft import area_of, clipped_for
from doudi.web.matters.models import Decision, Matter
from doudi.web.people.models import Post
from doudi.web.rulebook.proving import names_of
from doudi.web.rulebook.queries import Rulebook, newest_version, rulebook_of

DAYS = 365
MOST_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Preview:
    """One scope: its boxes in words and what it would have met in the last year; or, in ``why_not``, why it cannot be."""

    scope: str
    label: str
    layer: str
    boxes: tuple[Message, ...]
    met: int
    examples: tuple[Matter, ...]
    why_not: object


def previews(row: Dispute, lead: Post) -> list[Preview]:
    """What each scope beyond the matter would become if ``lead`` were ruled to hold."""
    newest = newest_version()
    if newest is None or not row.matter.kind:
        return []
    book = rulebook_of(newest.number)
    history = _history(row.matter)
    return [_preview(row, lead, book, scope, history) for scope in Ruling.Scope if scope is not Ruling.Scope.MATTER]


def _preview(row: Dispute, lead: Post, book: Rulebook, scope: Ruling.Scope, history: Sequence[Decision]) -> Preview:
    matter = row.matter
    made = Ruling(
        dispute=row,
        lead=lead,
        scope=scope,
        valid_since=clock.today(),
        unit=matter.unit if scope is Ruling.Scope.SPOT else None,
        area=area_of(matter) if scope is Ruling.Scope.KIND_IN_AREA and matter.area_id else None,
    )
    label = str(scope.label)
    lacks = (scope is Ruling.Scope.SPOT and matter.unit is None) or (
        scope is Ruling.Scope.KIND_IN_AREA and not matter.area_id
    )
    if lacks:
        return Preview(scope, label, "", (), 0, (), Message("地点还没有码，或没有落到网格"))
    try:
        clipped = clipped_for(row, made, book)
    except DoudiError as error:
        return Preview(scope, label, "", (), 0, (), error)
    met = [one for one in history if _holds(clipped, one)]
    examples = tuple(one.matter for one in met[:MOST_SHOWN])
    return Preview(scope, label, clipped.layer.label, clipped.say(_names(book, matter)), len(met), examples, None)


def _history(matter: Matter) -> list[Decision]:
    """The first decision of each matter of this kind in the last year."""
    since = clock.now() - timedelta(days=DAYS)
    rows = (
        Decision.objects.filter(matter__kind=matter.kind, at__gte=since)
        .select_related("matter")
        .order_by("matter", "at", "id")
    )
    first: dict[object, Decision] = {}
    for one in rows:
        first.setdefault(one.matter_id, one)
    return list(first.values())


def _holds(clipped: Clipped, one: Decision) -> bool:
    told = one.inputs
    if not told.get("kind"):
        told = {**told, "kind": one.matter.kind}
    try:
        day = date.fromisoformat(str(told["day"]))
    except (KeyError, ValueError):
        return False
    facts = {**dict(told.get("facts") or {}), **({SPOT: one.matter.unit_id} if one.matter.unit_id else {})}
    return clipped.holds(
        Question(told["kind"], told.get("unit_type"), told.get("area"), told.get("hours", "work"), facts, day)
    )


def _names(book: Rulebook, matter: Matter) -> dict[str, str]:
    """The names of the rulebook, and of the spot, which no rule may have named yet."""
    return names_of(book) | ({f"{SPOT}={matter.unit_id}": matter.unit.name} if matter.unit else {})


def rules_in_words(made: Ruling) -> list[tuple[Rule, object]]:
    """The drafted rules of a ruling, each with its scope in words, as the draft has them now."""
    if made.draft_id is None:
        return []
    book = rulebook_of(made.draft_id)
    wording = Wording(names_of(book))
    return [(rule, wording.scope(rule)) for rule in book.rules if rule.id in set(made.rules)]
