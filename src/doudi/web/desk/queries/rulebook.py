"""The rulebook in force as a reader sees it: kinds, duties, calendar, figures, backstops; names instead of codes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from doudi.engine.duties.rules import Rule
from doudi.engine.kinds.catalogue import MatterKind
from doudi.engine.words import Words
from doudi.engine.workdays import Term, YearPlan
from doudi.web import clock
from doudi.web.areas.queries import AreaDirectory
from doudi.web.desk.queries.receipt import fact_words
from doudi.web.desk.wording import FIGURES, HOURS, LAYERS
from doudi.web.duties.models import Backstop
from doudi.web.matters.models import Matter
from doudi.web.rulebook.queries import Rulebook

_NAMED = 4


@dataclass(frozen=True, slots=True)
class KindRow:
    """A kind; ``limits``: each stage with its term; ``rules``: how many duty rules name it."""

    kind: MatterKind
    path: str
    limits: Sequence[tuple[str, Words]]
    rules: int

    @property
    def lane(self) -> str:
        return str(self.kind.lane)

    def get_lane_display(self) -> object:
        return Matter.Lane(self.kind.lane).label


@dataclass(frozen=True, slots=True)
class RuleRow:
    """One duty rule with its codes said in names; an empty cell means "any"."""

    rule: Rule
    layer: object
    kinds: str
    unit_types: str
    areas: str
    hours: object
    facts: Mapping[str, str]
    holder: str
    supports: str
    in_force: bool


@dataclass(frozen=True, slots=True)
class Figure:
    """One parameter: its path, as an official calls it and as the file does, and its value in words."""

    path: str
    value: object

    @property
    def name(self) -> str:
        return " · ".join(str(FIGURES.get(part, part)) for part in self.path.split("."))


def kind_rows(book: Rulebook, words: str = "", group: str = "") -> list[KindRow]:
    """The kinds whose name, code or words hold ``words``, in the order of the tree."""
    tree = book.catalogue.tree
    below = set(tree.downward(group)) if group in tree else None
    counted: dict[str, int] = {}
    for rule in book.rules:
        for leaf in {leaf for code in rule.kinds if code in tree for leaf in tree.leaves(code)}:
            counted[leaf] = counted.get(leaf, 0) + 1
    return [
        KindRow(kind, book.catalogue.name(kind.code), _limits(kind), counted.get(kind.code, 0))
        for kind in book.catalogue.leaves()
        if (below is None or kind.code in below) and (not words or any(words in one for one in (kind.name, kind.code, *kind.words)))
    ]


def _limits(kind: MatterKind) -> list[tuple[str, Words]]:
    """The stages of the first filing condition, by which clocks are started."""
    return [(limit.name, _term(limit.term.amount, limit.term.unit)) for filing in kind.filing[:1] for limit in filing.limits]


def rule_rows(book: Rulebook, places: AreaDirectory, asked: Mapping[str, str]) -> list[RuleRow]:
    """The duty rules that pass the filters: ``q`` (id, source, note, names), ``layer``, ``holder`` (role), ``kind``."""
    day, names = clock.today(), book.catalogue.names()
    tree = book.catalogue.tree
    kind = asked.get("kind", "")
    above = set(tree.upward(kind)) | set(tree.downward(kind)) if kind in tree else None
    found = []
    for rule in book.rules:
        if asked.get("layer") and rule.layer != asked["layer"]:
            continue
        if asked.get("holder") and rule.holder != asked["holder"]:
            continue
        if above is not None and rule.kinds and not above & rule.kinds:
            continue
        row = _rule_row(book, places, rule, names, rule.holds_on(day))
        said = " ".join((rule.id, rule.source, rule.note, rule.list, row.kinds, row.holder, row.areas, row.unit_types))
        if not asked.get("q") or asked["q"] in said:
            found.append(row)
    return found


def _rule_row(book: Rulebook, places: AreaDirectory, rule: Rule, names: Mapping[str, str], in_force: bool) -> RuleRow:
    types = {code: book.unit_types[code].name for code in rule.unit_types if code in book.unit_types}
    roles = book.role_names
    return RuleRow(
        rule=rule, layer=LAYERS.get(str(rule.layer), rule.layer), kinds=_listed(names.get(code, code) for code in sorted(rule.kinds)),
        unit_types=_listed(types.get(code, code) for code in sorted(rule.unit_types)),
        areas=_listed(places.name(code) for code in sorted(rule.areas)), hours=HOURS.get(rule.hours or "", ""),
        facts=fact_words(book, rule.facts), holder=roles.get(rule.holder, rule.holder),
        supports="、".join(roles.get(role, role) for role in rule.supports), in_force=in_force,
    )  # fmt: skip


def _listed(names: Any) -> str:
    found = list(names)
    return "、".join(found[:_NAMED]) + (f" …（{len(found)}）" if len(found) > _NAMED else "")


@dataclass(frozen=True, slots=True)
class Year:
    """A year's plan; days off as stretches (first, last)."""

    plan: YearPlan
    holidays: Sequence[tuple[date, date]]
    extra_workdays: Sequence[date]


def years(book: Rulebook) -> list[Year]:
    plans = sorted(book.calendar.years, key=lambda plan: -plan.year)
    return [Year(plan, stretches(plan.holidays), sorted(plan.extra_workdays)) for plan in plans]


def stretches(days: Iterable[date]) -> list[tuple[date, date]]:
    """Days that follow each other, joined."""
    found: list[tuple[date, date]] = []
    for day in sorted(days):
        if found and day - found[-1][1] == timedelta(days=1):
            found[-1] = found[-1][0], day
        else:
            found.append((day, day))
    return found


def figures(book: Rulebook) -> list[Figure]:
    """The parameters, flattened: terms in words, all else as it stands."""
    return list(_flat(book.parameters, ""))


def _flat(value: Any, path: str) -> Any:
    if isinstance(value, Mapping) and {"amount", "unit"} <= value.keys():
        yield Figure(path, _term(value["amount"], value["unit"]))
    elif isinstance(value, Mapping):
        for key, one in value.items():
            yield from _flat(one, f"{path}.{key}" if path else str(key))
    else:
        yield Figure(path, _plain(value))


def _plain(value: object) -> object:
    if isinstance(value, bool):
        return _("是") if value else _("否")
    return "、".join(map(str, value)) if isinstance(value, list) else value


def _term(amount: object, unit: object) -> Words:
    """In words, without the zeros behind the point that a document may carry along."""
    return Term.read(Decimal(str(amount)).normalize(), unit).in_words()


def backstops(places: AreaDirectory) -> list[tuple[str, Backstop]]:
    """Who catches where, the town first."""
    rows = Backstop.objects.filter(until__isnull=True).select_related("post__office", "area")
    order = {code: number for number, code in enumerate(places.tree)} if places.areas else {}
    return [(places.path(row.area_id), row) for row in sorted(rows, key=lambda row: order.get(row.area_id, 0))]
