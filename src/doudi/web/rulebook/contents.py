"""A version of the rulebook as a reader sees it: kinds, duty rules, modules, roles, years, figures; names instead of codes.

Reads values that a version holds, and of the database only which posts take a role today.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from doudi.engine.duties.rules import Rule
from doudi.engine.kinds.catalogue import Filing, MatterKind
from doudi.engine.words import Words, words
from doudi.engine.workdays import Term, YearPlan
from doudi.web.areas.queries import AreaDirectory
from doudi.web.people.queries import standing_posts
from doudi.web.rulebook import wording
from doudi.web.rulebook.queries import Rulebook


@dataclass(frozen=True, slots=True)
class KindRow:
    """A line of the catalogue: a group (``kind`` is None) or a kind. ``rules``: how many duty rules reach it by name."""

    code: str
    name: str
    depth: int
    kind: MatterKind | None = None
    filing: Sequence[tuple[Filing, Sequence[tuple[str, Words]]]] = ()
    evidence: Sequence[object] = ()
    verification: object = ""
    module: str = ""
    rules: int = 0

    @property
    def lane(self) -> str:
        return str(self.kind.lane) if self.kind else ""

    def get_lane_display(self) -> object:
        return wording.LANES[self.lane]


def kind_rows(book: Rulebook, asked: Mapping[str, str]) -> list[KindRow]:
    """The catalogue as a tree, cut to what passes: ``q`` (name, words, code, body, source), ``group``, ``lane``."""
    tree, names = book.catalogue.tree, book.catalogue.names()
    below = set(tree.downward(asked["group"])) if asked.get("group") in tree else None
    kept = {
        kind.code: kind
        for kind in book.catalogue.leaves()
        if (below is None or kind.code in below)
        and (not asked.get("lane") or kind.lane == asked["lane"])
        and _holds(asked.get("q", ""), _said_of(kind))
    }
    above = {code for kind in kept for code in tree.upward(kind)}
    counted = Counter(leaf for rule in book.rules for code in rule.kinds if code in tree for leaf in tree.leaves(code))
    modules = {str(one["code"]): str(one["name"]) for one in book.modules}
    return [
        _kind_row(kept[code], tree.depth(code), modules, counted[code]) if code in kept else KindRow(code, names[code], tree.depth(code))
        for code in tree
        if code in above
    ]


def _kind_row(kind: MatterKind, depth: int, modules: Mapping[str, str], rules: int) -> KindRow:
    return KindRow(
        kind.code, kind.name, depth, kind,
        filing=[(one, [(limit.name, limit.term.in_words()) for limit in one.limits]) for one in kind.filing],
        evidence=[wording.EVIDENCE.get(one, one) for one in kind.evidence],
        verification=wording.VERIFICATIONS.get(str(kind.verification), kind.verification),
        module=modules.get(kind.module, kind.module), rules=rules,
    )  # fmt: skip


def _said_of(kind: MatterKind) -> Iterator[str]:
    yield from (kind.name, kind.code, kind.source, kind.standard, *kind.words)
    if kind.competent:
        yield from (kind.competent.body, kind.competent.basis)


def _holds(asked: str, texts: Iterable[str]) -> bool:
    """Every word that was asked for stands in one of the texts."""
    said = [text.lower() for text in texts]
    return all(any(word in text for text in said) for word in asked.lower().split())


@dataclass(frozen=True, slots=True)
class RuleRow:
    """One duty rule; ``sentence`` says all of it, the rest is for the eye that runs down a column."""

    rule: Rule
    layer: object
    sentence: Words
    kinds: Sequence[str]
    holder: str
    supports: Sequence[str]
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
        if asked.get("holder") and asked["holder"] not in (rule.holder, *rule.supports):
            continue
        if near is not None and rule.kinds and not near & rule.kinds:
            continue
        row = _rule_row(book, rule, names, day)
        competent = (rule.competent.body, rule.competent.basis) if rule.competent else ()
        if _holds(asked.get("q", ""), (rule.id, rule.list, rule.source, rule.note, str(row.sentence), *competent)):
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
    supports = [names.get(role, role) for role in rule.supports]
    return RuleRow(
        rule, wording.LAYERS.get(str(rule.layer), rule.layer), _sentence(book, rule, names, kinds, supports), kinds,
        names.get(rule.holder, rule.holder), supports,
        in_force=rule.holds_on(day), ended=rule.until is not None and rule.until <= day,
    )  # fmt: skip


def _sentence(book: Rulebook, rule: Rule, names: Mapping[str, str], kinds: Sequence[str], supports: Sequence[str]) -> Words:
    """The whole rule in one sentence; what it leaves open is not mentioned."""

    def among(template: str, codes: Iterable[str]) -> object:
        found = [names.get(code, code) for code in sorted(codes)]
        return words(template, names=wording.Listed(found)) if found else ""

    facts = [fact_value(book, fact, value) for fact, value in sorted(rule.facts.items())]
    return words(
        wording.RULE,
        kinds=wording.Listed(kinds) if kinds else wording.ANY_KIND,
        place=among(wording.AT, rule.unit_types),
        area=among(wording.ONLY_IN, rule.areas),
        hours=wording.HOURS.get(rule.hours or "", ""),
        facts=words(wording.WHEN, names=wording.Listed(facts)) if facts else "",
        holder=names.get(rule.holder, rule.holder),
        supports=words(wording.WITH_SUPPORT, names=wording.Listed(supports)) if supports else "",
    )


def fact_value(book: Rulebook, fact: str, value: str) -> str:
    """``owner=unknown`` as 权属不明; one without a name as 权属：x."""
    row = next((one for one in book.facts if one["fact"] == fact), {})
    values = row.get("values")
    named = values.get(value) if isinstance(values, Mapping) else None
    return str(named) if named else f"{row.get('label') or fact}={value}"


@dataclass(frozen=True, slots=True)
class ModuleRow:
    code: str
    name: str
    doer: object
    inputs: Sequence[str]
    checklist: Sequence[str]
    evidence: Sequence[object]
    outcome: Sequence[str]
    term: object
    kinds: int


def module_rows(book: Rulebook) -> list[ModuleRow]:
    """The task modules, each with the number of kinds that are handled by it."""
    used = Counter(kind.module for kind in book.catalogue.leaves())
    return [
        ModuleRow(
            str(one["code"]), str(one["name"]), wording.DOERS.get(str(one["post"]), one["post"]), _several(one["inputs"]),
            _several(one["checklist"]), [wording.EVIDENCE.get(part, part) for part in _several(one["evidence"])],
            _several(one["outcome"]), _module_term(one["term"]), used[str(one["code"])],
        )
        for one in book.modules
    ]  # fmt: skip


def _several(value: object) -> list[str]:
    return [str(one) for one in value] if isinstance(value, list) else [str(value)] if value else []


def _module_term(value: object) -> object:
    match value:
        case {"amount": amount, "unit": unit}:
            return _term(amount, unit)
        case {"parameter": name}:
            return words(wording.BY_PARAMETER, name=wording.FIGURES.get(str(name), name))
        case {"limits": "kind"}:
            return wording.BY_KIND
    return value or ""


@dataclass(frozen=True, slots=True)
class RoleRow:
    """A position that rules name; ``posts`` are those that take it today, ``holds`` counts the rules that make it the holder."""

    role: str
    name: str
    level: object
    may_hold: bool
    note: str
    posts: Sequence[str]
    holds: int
    supports: int


def role_rows(book: Rulebook) -> list[RoleRow]:
    posts: dict[str, list[str]] = defaultdict(list)
    for role, name in standing_posts().order_by("name").values_list("role", "name"):
        posts[role].append(name)
    holds = Counter(rule.holder for rule in book.rules)
    supports = Counter(role for rule in book.rules for role in rule.supports)
    return [
        RoleRow(
            one["role"], one["name"], wording.LEVELS.get(one.get("level", ""), ""), bool(one.get("may_hold")), one.get("note", ""),
            posts[one["role"]], holds[one["role"]], supports[one["role"]],
        )
        for one in book.version.documents["roles"]
    ]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Year:
    """A year's plan; days off as stretches (first, last), and how many days the town works in it."""

    plan: YearPlan
    holidays: Sequence[tuple[date, date]]
    extra_workdays: Sequence[date]
    workdays: int


def years(book: Rulebook) -> list[Year]:
    plans = sorted(book.calendar.years, key=lambda plan: -plan.year)
    return [Year(plan, stretches(plan.holidays), sorted(plan.extra_workdays), _workdays(plan)) for plan in plans]


def _workdays(plan: YearPlan) -> int:
    first = date(plan.year, 1, 1)
    return sum(plan.is_workday(first + timedelta(days=n)) for n in range((date(plan.year + 1, 1, 1) - first).days))


def stretches(days: Iterable[date]) -> list[tuple[date, date]]:
    """Days that follow each other, joined."""
    found: list[tuple[date, date]] = []
    for day in sorted(days):
        if found and day - found[-1][1] == timedelta(days=1):
            found[-1] = found[-1][0], day
        else:
            found.append((day, day))
    return found


@dataclass(frozen=True, slots=True)
class Figure:
    """One parameter: its path, what it is called, its value in words."""

    path: str
    name: object
    value: object


def figures(book: Rulebook) -> list[Figure]:
    return [Figure(path, wording.FIGURES.get(path, ""), value) for path, value in _flat(book.parameters, "")]


def _flat(value: Any, path: str) -> Iterator[tuple[str, object]]:
    match value:
        case {"amount": amount, "unit": unit}:
            yield path, _term(amount, unit)
        case Mapping():
            for key, one in value.items():
                yield from _flat(one, f"{path}.{key}" if path else str(key))
        case bool():
            yield path, _("是") if value else _("否")
        case list():
            yield path, wording.Listed(map(str, value))
        case _:
            yield path, value


def _term(amount: object, unit: object) -> Words:
    """In words, without the zeros behind the point that a document may carry along."""
    return Term.read(Decimal(str(amount)).normalize(), unit).in_words()
