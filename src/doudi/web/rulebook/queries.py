"""The rulebook valid on a day, read once and kept: a published version never changes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from django.db import connection

from doudi.engine.duties.checks import RuleFault, rule_faults
from doudi.engine.duties.clipping import SPOT
from doudi.engine.duties.rules import TAKEN_BACK, Rule
from doudi.engine.kinds.catalogue import Catalogue
from doudi.engine.matters.calling_back import Satisfaction
from doudi.engine.units.types import UnitTypes
from doudi.engine.workdays import Calendar, Term
from doudi.web import clock, request_cache
from doudi.web.areas.queries import areas
from doudi.web.edition_cache import by_edition
from doudi.web.rulebook.acceptances import Acceptance, acceptances_of
from doudi.web.rulebook.documents import rules_of, shipped_title
from doudi.web.rulebook.errors import RulebookError
from doudi.web.rulebook.models import Version

#: a part of what is published, as it was written
Document = dict[str, Any]


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
        """The calendar as this version wrote it; new terms run by it."""
        return Calendar.from_document(self.version.documents["calendar"])

    @cached_property
    def rules(self) -> tuple[Rule, ...]:
        return rules_of(self.version.documents)

    @cached_property
    def taken_back(self) -> frozenset[str]:
        """The ids of rules about what the authority above has taken back: the town follows up and decides nothing."""
        return frozenset(rule.id for rule in self.rules if rule.list == TAKEN_BACK)

    @cached_property
    def says_bonds(self) -> bool:
        """Whether some rule says what waits for a support."""
        return any(one.bond for rule in self.rules for one in rule.supports)

    @cached_property
    def role_names(self) -> dict[str, str]:
        return {row["role"]: row["name"] for row in self.version.documents["roles"]}

    @cached_property
    def acceptances(self) -> tuple[Acceptance, ...]:
        return acceptances_of(self.version.documents)

    @property
    def parameters(self) -> Document:
        parameters: Document = self.version.documents["parameters"]
        return parameters

    @property
    def approvals(self) -> list[str]:
        """The approvals that a new version needs, as the town has set them."""
        return list((self.parameters.get("publishing") or {}).get("approvals", ("legality", "leader")))

    @property
    def modules(self) -> list[Document]:
        modules: list[Document] = self.version.documents["modules"]
        return modules

    @property
    def facts(self) -> list[Document]:
        facts: list[Document] = self.version.documents["facts"]
        return facts

    @cached_property
    def speaks_of_spots(self) -> bool:
        """Whether some rule holds for one single place."""
        return any(row["fact"] == SPOT for row in self.facts)

    def kind_name(self, code: str) -> str:
        """The kind's own name; of a kind that this version does not know, the name it bore last."""
        return self.catalogue.kind(code).name if code in self.catalogue else last_name("kinds", code)

    def type_name(self, code: str) -> str:
        """The same of a type of places."""
        return self.unit_types[code].name if code in self.unit_types else last_name("unit_types", code)

    def module_name(self, code: str) -> str:
        """The same of a task module."""
        own = next((str(one["name"]) for one in self.modules if one["code"] == code), "")
        return own or last_name("modules", code)

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

    @property
    def phones(self) -> Mapping[str, str]:
        """The numbers of the town, by what is reached under them."""
        return {str(name): str(number) for name, number in (self.parameters.get("phones") or {}).items()}

    def kept_days(self, what: str) -> int | None:
        """For how many days ``what`` is kept; None in a version that was published before the town set this figure."""
        days = (self.parameters.get("retention_days") or {}).get(what)
        return None if days is None else int(days)

    def call_back_term(self, channel: str, *, from_above: bool) -> Term | None:
        """Within what time a reporter is called back; None where the town does not call.

        Orders from above are called back about by those above, unless the town names their channel.
        """
        terms = self.parameters.get("call_back_by") or {}
        name = channel if channel in terms else "" if from_above else "any"
        return self.term("call_back_by", name) if name in terms else None

    def satisfaction(self, system: str) -> Satisfaction:
        """What is asked in a call-back, in the words of the system the order came from or in the town's own."""
        sets, low = self.parameters.get("satisfaction") or {}, self.parameters.get("dissatisfied") or ()
        return Satisfaction.read(sets, low, system)

    def reply_term(self, occasion: str) -> Term:
        """Within what time a report is answered: by its channel or occasion, else the term for any."""
        return self.term("reply_by", occasion if occasion in self.parameters["reply_by"] else "any")


def bears_shipped_name(book: Rulebook) -> bool:
    """Whether it is still called as it came with the software, after the fictional town."""
    return book.version.title == shipped_title()


def last_name(document: str, code: str) -> str:
    """The name of ``code`` in the newest fixed version that knows it; the code itself where none ever did."""
    return request_cache.once(("last_name", document, code), lambda: _last_name(document, code))


def _last_name(document: str, code: str) -> str:
    known = Version.objects.filter(state__in=Version.FIXED).order_by("-valid_from", "-number")
    for rows in known.values_list(f"documents__{document}", flat=True).iterator(chunk_size=1):
        for row in rows or ():
            if row.get("code") == code:
                return str(row["name"])
    return code


#: what of a version may change without its documents: who keeps one in memory must see it
_SIGNS = ("number", "digest", "state", "valid_from", "title", "source")


@by_edition(8)
def _rulebook(number: int, *signs: object) -> Rulebook:
    return Rulebook(Version.objects.get(number=number))


def _signs(where: str, given: int | str) -> tuple[Any, ...] | None:
    # Every request asks this: put together as a query each time, it would cost several times what it costs the database.
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(_SIGNS)} FROM doudi_rulebook_version WHERE {where} LIMIT 1", [given])
        row: tuple[Any, ...] | None = cursor.fetchone()
    return row


def rulebook_of(number: int) -> Rulebook:
    """The rulebook of one version."""
    return request_cache.once(("rulebook", number), lambda: _version(number))


def _known(book: Rulebook) -> Rulebook:
    """Anyone who asks for this version by its number need not read it again in this request."""
    return request_cache.once(("rulebook", book.version.number), lambda: book)


def _version(number: int) -> Rulebook:
    signs = _signs("number = %s", number)
    if signs is None:
        raise RulebookError("没有第 {number} 版规则手册。", number=number)
    return _rulebook(*signs)


def rulebook_on(day: date | None = None) -> Rulebook:
    """The version in force on the day: the newest published one whose date has come."""
    day = day or clock.today()
    return request_cache.once(("rulebook", day), lambda: _in_force(day))


def _in_force(day: date) -> Rulebook:
    newest = "ORDER BY valid_from DESC, published_at DESC, number DESC"
    found = _signs(f"state = 'published' AND valid_from <= %s {newest}", day.isoformat())
    if found is None:
        raise RulebookError("{day} 没有生效的规则手册：请先用 doudi init 载入一套。", day=day)
    return _known(_rulebook(*found))


def completed_calendar(number: int) -> Calendar:
    """The calendar of a version; where it only assumes a year, the notice that was entered since holds."""
    own, now = rulebook_of(number), rulebook_on()
    return own.calendar if own.version.number == now.version.number else own.calendar.completed_by(now.calendar)


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
