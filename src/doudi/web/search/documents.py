"""What of a matter or report is searched: its own words, and by which names it is found beside them.

The index is made of these documents, and what it finds is read again here: it may find too much, never something wrong.
Ids are 32 signs of hexadecimal: a search looks at thousands of them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any
from uuid import UUID

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Model, QuerySet
from django.db.models.expressions import RawSQL

from doudi.engine.search.folding import beside, folded, joined, phones
from doudi.web.matters.models import Assignment, Decision, Demand, Matter
from doudi.web.reports.models import Contact, Report
from doudi.web.search.models import Segment

Kind = Segment.Kind
TABLES: dict[str, type[Matter] | type[Report]] = {Kind.MATTER: Matter, Kind.REPORT: Report}
_OPEN = frozenset(map(str, Matter.OPEN))


@dataclass
class Document:
    """A matter or report as search reads it. ``raw``: its own words as they came; ``post``: who holds or answers for it;
    ``numbers``: those that it bears, and ``secret``: what else it says is for its holder and the desk.

    ``rules``, ``phones``, ``seen_by`` are there when the whole document was asked for.
    """

    id: str
    raw: str
    unit: str
    post: str
    in_hand: bool
    apart: bool
    numbers: list[str]
    secret: bool = False
    area_id: str | None = None
    rules: set[str] = field(default_factory=set)
    phones: set[str] = field(default_factory=set)
    seen_by: set[str] = field(default_factory=set)

    @cached_property
    def said(self) -> str:
        """Its own words, folded."""
        return joined(self.raw)

    @property
    def numbered(self) -> str:
        """Its numbers alone, folded."""
        return joined(beside(self.numbers))

    @property
    def holder_id(self) -> str:
        return self.post


def among(ids: Collection[str]) -> RawSQL:
    """The ids as the right side of ``__in``: one parameter, however many they are."""
    if connection.vendor == "postgresql":
        return RawSQL("SELECT unnest(%s::text[])::uuid", [list(ids)])
    return RawSQL("SELECT value FROM json_each(%s)", ['["' + '","'.join(ids) + '"]' if ids else "[]"])


def hexes(ids: Collection[UUID]) -> list[str]:
    return [one.hex for one in ids]


def standing(kind: str, rows: QuerySet[Any], ids: Sequence[str], stands: Callable[[Document], bool]) -> list[str]:
    """Those of the ids that are among the rows and for whose documents ``stands`` holds, in the order given.

    What a row itself says is looked at first; most that answer do so by that.
    """
    found = {one.id: one for one in _first(kind, rows.filter(pk__in=among(ids)))}
    answers = {pk for pk, one in found.items() if stands(one)}
    if left := [one for pk, one in found.items() if pk not in answers]:
        _complete(kind, left)
        answers |= {one.id for one in left if stands(one)}
    return [one for one in ids if one in answers]


def documents(kind: str, ids: Collection[str]) -> list[Document]:
    """The whole documents of these records, in no order."""
    if not ids:
        return []
    found = _first(kind, TABLES[kind]._default_manager.filter(pk__in=among(ids)))
    _complete(kind, found)
    _see(kind, found)
    return found


def _first(kind: str, rows: QuerySet[Any]) -> list[Document]:
    return _matters(rows) if kind == Kind.MATTER else _reports(rows)


def _matters(rows: QuerySet[Any]) -> list[Document]:
    columns = (
        "pk",
        "summary",
        "address",
        "number",
        "unit_id",
        "holder_id",
        "status",
        "restricted",
        "secret",
        "area_id",
    )
    return [
        Document(
            _hex(pk),
            beside((summary, address, number)),
            unit or "",
            holder,
            status in _OPEN,
            bool(restricted),
            [number],
            bool(secret),
            area,
        )
        for pk, summary, address, number, unit, holder, status, restricted, secret, area in _raw(rows, *columns)
    ]


def _reports(rows: QuerySet[Any]) -> list[Document]:
    columns = (
        "pk",
        "words",
        "title",
        "address",
        "number",
        "external_id",
        "unit_id",
        "answerer_id",
        "status",
        "secrecy",
    )
    return [
        Document(
            _hex(pk),
            beside((words, title, address, number, order)),
            unit or "",
            answerer,
            status != Report.Status.CLOSED,
            secrecy == Report.Secrecy.RESTRICTED,
            [number, order],
        )
        for pk, words, title, address, number, order, unit, answerer, status, secrecy in _raw(rows, *columns)
    ]


def _complete(kind: str, found: Sequence[Document]) -> None:
    """Add what others say of the records: what was asked and by which report, its telephone, the rules of the receipts."""
    by_id = {one.id: one for one in found}
    if kind == Kind.REPORT:
        _dial({pk: [one] for pk, one in by_id.items()})
        return
    texts: dict[str, list[str]] = defaultdict(list)
    of_reports: dict[str, list[Document]] = defaultdict(list)
    told = ("matter_id", "report_id", "asks", "report__number", "report__external_id", "report__secrecy")
    for matter, report, asks, number, order, secrecy in _raw(Demand.objects.filter(matter__in=among(by_id)), *told):
        # What only a small circle may know is not found by way of a matter that others see.
        one = by_id[_hex(matter)]
        hidden = secrecy == Report.Secrecy.RESTRICTED and not one.apart
        texts[one.id] += ["" if hidden else asks, number, order]
        one.numbers += [number, order]
        of_reports[_hex(report)].append(one)
    for pk, more in texts.items():
        one = by_id[pk]
        # The longest first: a summary is mostly the beginning of what was asked.
        by_id[pk].raw = beside([*more[::3], *one.raw.split("\n"), *more[1::3], *more[2::3]])
        one.__dict__.pop("said", None)
    _dial(of_reports)
    for matter, rules in Decision.objects.filter(matter__in=among(by_id)).order_by().values_list("matter_id", "rules"):
        by_id[matter.hex].rules |= {folded(str(rule)) for rule in rules}


def _dial(records: dict[str, list[Document]]) -> None:
    """The telephones of those reports whose reporter did not ask to be hidden."""
    contacts = Contact.objects.filter(report__in=among(records), report__secrecy=Report.Secrecy.OPEN).order_by()
    # Row by row: what lies sealed is opened by the row that holds it.
    for contact in contacts:
        for one in records[contact.report_id.hex]:
            one.phones |= phones(contact.phone)


def _see(kind: str, found: Sequence[Document]) -> None:
    """Add the names under which the records are seen (`matters.queries.names_of_view`)."""
    by_matter: dict[str, list[Document]] = defaultdict(list)
    if kind == Kind.MATTER:
        for one in found:
            by_matter[one.id].append(one)
    else:
        by_id = {one.id: one for one in found}
        for report, matter in _raw(Demand.objects.filter(report__in=among(by_id)), "report_id", "matter_id"):
            by_matter[_hex(matter)].append(by_id[_hex(report)])
        for one in found:
            one.seen_by.add(f"p:{one.post}")
    for matter, area, holder in _raw(Matter.objects.filter(pk__in=among(by_matter)), "pk", "area_id", "holder_id"):
        for one in by_matter[_hex(matter)]:
            one.seen_by |= {f"a:{area or ''}", f"p:{holder}"}
    for matter, post in _raw(Assignment.objects.filter(matter__in=among(by_matter)), "matter_id", "post_id"):
        for one in by_matter[_hex(matter)]:
            one.seen_by.add(f"p:{post}")


def _hex(pk: Any) -> str:
    return pk if isinstance(pk, str) else str(pk.hex)


def _raw(rows: QuerySet[Model], *columns: str) -> list[tuple[Any, ...]]:
    """Columns as the database gives them: making a UUID of each key takes longer than reading the rows."""
    try:
        sql, given = rows.order_by().values_list(*columns).query.sql_with_params()
    except EmptyResultSet:
        return []
    with connection.cursor() as cursor:
        cursor.execute(sql, given)
        return list(cursor.fetchall())
