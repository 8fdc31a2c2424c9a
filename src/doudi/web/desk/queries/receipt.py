"""The receipt of a decision in words: which rule, from what, who came second, on what basis."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from doudi.engine.duties.rules import Rule
from doudi.web.desk.queries.lists import area_of
from doudi.web.desk.queries.matter import MatterPage
from doudi.web.desk.wording import HOURS, LAYERS
from doudi.web.matters.models import Decision
from doudi.web.rulebook.queries import Rulebook, rulebook_of


@dataclass(frozen=True, slots=True)
class RuleLine:
    """A rule that a decision names: where it stands, and the rule that outranked it, if one did."""

    id: str
    role: str
    source: str
    list: str
    outranked_by: str = ""


@dataclass(frozen=True, slots=True)
class Receipt:
    decision: Decision
    layer: object
    rules: Sequence[RuleLine]
    runners_up: Sequence[RuleLine]
    kind: str
    unit_type: str
    place: str
    hours: object
    facts: Mapping[str, object]
    words: str


def receipts(page: MatterPage) -> list[Receipt]:
    """All decisions about the matter, the one that holds first."""
    others = [one for one in reversed(page.decisions) if one is not page.decision]
    return [_receipt(page, one) for one in (page.decision, *others)]


def _receipt(page: MatterPage, decision: Decision) -> Receipt:
    book = page.book if decision.rulebook_id == page.book.version.number else rulebook_of(decision.rulebook_id)
    rules = {rule.id: rule for rule in book.rules}
    inputs = decision.inputs
    unit_type = str(inputs.get("unit_type") or "")
    return Receipt(
        decision=decision,
        layer=LAYERS.get(decision.layer, decision.layer),
        rules=[rule_line(book, rules, str(one)) for one in decision.rules],
        runners_up=[
            rule_line(book, rules, str(one["rule"]), str(one["holder"]), str(one.get("outranked_by") or ""))
            for one in decision.runners_up
        ],
        kind=book.kind_name(str(inputs["kind"])) if inputs.get("kind") else "",
        unit_type=book.type_name(unit_type) if unit_type else "",
        place=area_of(inputs.get("area"), page.places),
        hours=HOURS.get(str(inputs.get("hours")), ""),
        facts=fact_words(book, inputs.get("facts") or {}),
        words=page.reader.of_colleagues(decision.words.text, None) if decision.words else "",
    )


def rule_line(book: Rulebook, rules: Mapping[str, Rule], code: str, role: str = "", outranked_by: str = "") -> RuleLine:
    """A rule as a receipt names it; ``role``: the one that it named then."""
    rule = rules.get(code)
    role = role or (rule.holder if rule else "")
    return RuleLine(
        code, book.role_names.get(role, role), rule.source if rule else "", rule.list if rule else "", outranked_by
    )


def fact_words(book: Rulebook, facts: Mapping[str, object]) -> dict[str, str]:
    """Facts of a place or a matter with their names, where the rulebook gives them one."""
    declared = {str(row["fact"]): row for row in book.facts}
    found = {}
    for fact, value in facts.items():
        row = declared.get(fact, {})
        values = row.get("values")
        named = values.get(value) if isinstance(values, Mapping) else None
        found[str(row.get("label") or fact)] = str(named or value)
    return found
