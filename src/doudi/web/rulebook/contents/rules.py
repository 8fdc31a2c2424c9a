"""The duty rules of a version, each said whole in one sentence; names instead of codes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from doudi.engine.duties.rules import Rule
from doudi.engine.messages import Listed, Message, msg
from doudi.web.areas.queries import AreaDirectory
from doudi.web.rulebook import wording
from doudi.web.rulebook.contents.looking_up import holds
from doudi.web.rulebook.queries import Rulebook


@dataclass(frozen=True, slots=True)
class RuleRow:
    """One duty rule; ``sentence`` says all of it, the rest is for the eye that runs down a column."""

    rule: Rule
    layer: object
    sentence: Message
    kinds: Sequence[str]
    holder: str
    supports: Sequence[object]
    in_force: bool
    ended: bool


def rule_rows(book: Rulebook, places: AreaDirectory, asked: Mapping[str, str], day: date) -> list[RuleRow]:
    """The rules that pass: ``q``, ``layer``, ``list``, ``holder`` (a role, also as supporter), ``kind`` (a group or a kind)."""
    tree, names = book.catalogue.tree, _names(book, places)
    kind = asked.get("kind", "")
    near = set(tree.upward(kind)) | set(tree.downward(kind)) if kind in tree else None
    found = []
    for rule in book.rules:
        if any(asked.get(part) and str(getattr(rule, part)) != asked[part] for part in ("layer", "list")):
            continue
        if asked.get("holder") and asked["holder"] not in rule.roles:
            continue
        if near is not None and rule.kinds and not near & rule.kinds:
            continue
        row = _rule_row(book, rule, names, day)
        competent = (rule.competent.body, rule.competent.basis) if rule.competent else ()
        if holds(asked.get("q", ""), (rule.id, rule.list, rule.source, rule.note, str(row.sentence), *competent)):
            found.append(row)
    return found


def _names(book: Rulebook, places: AreaDirectory) -> dict[str, str]:
    return (
        {code: area.name for code, area in places.areas.items()}
        | {one.code: one.name for one in book.unit_types}
        | book.catalogue.names()
        | book.role_names
    )


def _rule_row(book: Rulebook, rule: Rule, names: Mapping[str, str], day: date) -> RuleRow:
    kinds = [names.get(code, code) for code in sorted(rule.kinds)]
    supports = [named_support(names.get(one.role, one.role), one.bond) for one in rule.supports]
    return RuleRow(
        rule,
        wording.LAYERS.get(str(rule.layer), rule.layer),
        _sentence(book, rule, names, kinds, supports),
        kinds,
        names.get(rule.holder, rule.holder),
        supports,
        in_force=rule.holds_on(day),
        ended=rule.until is not None and rule.until <= day,
    )


def _sentence(
    book: Rulebook, rule: Rule, names: Mapping[str, str], kinds: Sequence[str], supports: Sequence[object]
) -> Message:
    """The whole rule in one sentence; what it leaves open is not mentioned."""

    def among(template: str, codes: Iterable[str]) -> object:
        found = [names.get(code, code) for code in sorted(codes)]
        return msg(template, names=Listed(found)) if found else ""

    facts = [fact_value(book, fact, value) for fact, value in sorted(rule.facts.items())]
    return msg(
        wording.RULE,
        kinds=Listed(kinds) if kinds else wording.ANY_KIND,
        place=among(wording.AT, rule.unit_types),
        area=among(wording.ONLY_IN, rule.areas),
        hours=wording.HOURS.get(rule.hours or "", ""),
        facts=msg(wording.WHEN, names=Listed(facts)) if facts else "",
        holder=names.get(rule.holder, rule.holder),
        supports=msg(wording.WITH_SUPPORT, names=Listed(supports)) if supports else "",
    )


def named_support(name: str, bond: str) -> object:
    """A role that supports, with what waits for it; a version that does not say keeps its words as they were."""
    return msg(wording.BONDS[bond], name=name) if bond else name


def fact_value(book: Rulebook, fact: str, value: str) -> str:
    """``owner=unknown`` as 权属不明; one without a name as 权属：x."""
    row = next((one for one in book.facts if one["fact"] == fact), {})
    values = row.get("values")
    named = values.get(value) if isinstance(values, Mapping) else None
    return str(named) if named else f"{row.get('label') or fact}={value}"
