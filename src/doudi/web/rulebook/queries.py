"""The rulebook valid on a day, read once and kept: a published version never changes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property, lru_cache
from typing import Any

from django.db import connection

from doudi.engine.duties.checks import RuleFault, rule_faults
from doudi.engine.duties.clipping import SPOT
from doudi.engine.duties.rules import Rule
from doudi.engine.kinds.catalogue import Catalogue
from doudi.engine.units.types import UnitTypes
from doudi.engine.workdays import Calendar, Term
from doudi.web import clock, standing
from doudi.web.areas.queries import areas
from doudi.web.rulebook.acceptances import Acceptance, acceptances_of
from doudi.web.rulebook.documents import rules_of
from doudi.web.rulebook.errors import RulebookError
from doudi.web.rulebook.models import Version


@dataclass(frozen=True)
class Rulebook:
    """One version, ready to be asked."""

    version: Version

    @cached_property
    def catalogue(self) -> Catalogue:
        return Catalogue.from_document(self.version.documents["kinds"])

    @cached_property
    def unit_types(self) -> UnitTypes:
        return UnitTypes.from_document(self.version.documents["unit_types"])

    @cached_property
    def calendar(self) -> Calendar:
        return Calendar.from_document(self.version.documents["calendar"])

    @cached_property
    def rules(self) -> tuple[Rule, ...]:
        return rules_of(self.version.documents)

    @cached_property
    def role_names(self) -> dict[str, str]:
        return {row["role"]: row["name"] for row in self.version.documents["roles"]}

    @cached_property
    def acceptances(self) -> tuple[Acceptance, ...]:
        return acceptances_of(self.version.documents)

    @property
    def parameters(self) -> dict[str, Any]:
        return self.version.documents["parameters"]

    @property
    def approvals(self) -> list[str]:
        """The approvals that a new version needs, as the town has set them."""
        return list((self.parameters.get("publishing") or {}).get("approvals", ("legality", "leader")))

    @property
    def modules(self) -> list[dict[str, Any]]:
        return self.version.documents["modules"]

    @property
    def facts(self) -> list[dict[str, Any]]:
        return self.version.documents["facts"]

    @cached_property
    def speaks_of_spots(self) -> bool:
        """Whether some rule holds for one single place."""
        return any(row["fact"] == SPOT for row in self.facts)

    def kind_name(self, code: str) -> str:
        """The kind's own name; a code that this version does not know is shown as it is."""
        return self.catalogue.kind(code).name if code in self.catalogue else code

    def term(self, *path: str) -> Term:
        """A term of the parameters: ``term("take_by", "urgent")``."""
        if path not in self._terms:
            value: Any = self.parameters
            for key in path:
                value = value[key]
            self._terms[path] = Term.read(value["amount"], value["unit"])
        return self._terms[path]

    @cached_property
    def _terms(self) -> dict[tuple[str, ...], Term]:
        return {}

    def term_if_set(self, *path: str) -> Term | None:
        """The same, or None in a version that was published before the town set this figure."""
        try:
            return self.term(*path)
        except (KeyError, TypeError):
            return None

    def reply_term(self, occasion: str) -> Term:
        """Within what time a report is answered: by its channel or occasion, else the term for any."""
        return self.term("reply_by", occasion if occasion in self.parameters["reply_by"] else "any")


#: what of a version may change without its documents: who keeps one in memory must see it
_SIGNS = ("number", "digest", "state", "valid_from", "title", "source")


@lru_cache(maxsize=8)
def _kept(number: int, *signs: object) -> Rulebook:
    return Rulebook(Version.objects.get(number=number))


def _signs(where: str, given: object) -> tuple[Any, ...] | None:
    # Every request asks this: put together as a query each time, it would cost several times what it costs the database.
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(_SIGNS)} FROM doudi_rulebook_version WHERE {where} LIMIT 1", [given])
        row: tuple[Any, ...] | None = cursor.fetchone()
    return row


def rulebook_of(number: int) -> Rulebook:
    """The rulebook of one version."""
    return standing.once(("rulebook", number), lambda: _version(number))


def _version(number: int) -> Rulebook:
    signs = _signs("number = %s", number)
    if signs is None:
        raise RulebookError("没有第 {number} 版规则手册。", number=number)
    return _kept(*signs)


def rulebook_on(day: date | None = None) -> Rulebook:
    """The version in force on the day: the newest published one whose date has come."""
    day = day or clock.today()
    return standing.once(("rulebook", day), lambda: _in_force(day))


def _in_force(day: date) -> Rulebook:
    newest = "ORDER BY valid_from DESC, published_at DESC, number DESC"
    found = _signs(f"state = 'published' AND valid_from <= %s {newest}", day.isoformat())
    if found is None:
        raise RulebookError("{day} 没有生效的规则手册：请先用 doudi init 载入一套。", day=day)
    return _kept(*found)


def faults_of(book: Rulebook) -> list[RuleFault]:
    """What the rules of a version name and nobody has registered, under the areas as they are now."""
    facts = {row["fact"]: list(row["values"]) for row in book.facts}
    roles = {row["role"]: bool(row.get("may_hold")) for row in book.version.documents["roles"]}
    return rule_faults(book.rules, book.catalogue.tree, book.unit_types.tree, areas().tree, facts, roles)


def used_ids(besides: int | None = None) -> set[str]:
    """The ids that rules of published versions bear, save those of version ``besides``: no new rule may bear one."""
    fixed = Version.objects.filter(state__in=Version.FIXED).values_list("number", "documents__rules")
    ids = {number: {row["id"] for rows in files.values() for row in rows} for number, files in fixed}
    own = ids.pop(besides, set()) if besides is not None else set()
    return set().union(*ids.values()) - own


def newest_version() -> Version | None:
    """The published version that comes into force last: what a new draft begins with. Without its documents."""
    published = Version.objects.filter(state=Version.State.PUBLISHED)
    return published.defer("documents").order_by("-valid_from", "-published_at", "-number").first()


def readable_versions() -> list[Version]:
    """What is or was in force or will be, the newest first; without their documents, which are large."""
    return list(Version.objects.filter(state__in=Version.FIXED).defer("documents").order_by("-number"))
