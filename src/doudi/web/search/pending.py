"""What the index does not hold yet: the records that the journal has spoken of since, and those known to a small circle."""

from __future__ import annotations

import re
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Max

from doudi.web.journal.models import Head, Leaf
from doudi.web.matters.models import Demand, Matter
from doudi.web.reports.models import Report
from doudi.web.search.models import Apart, Progress, Segment

Kind = Segment.Kind
_ABOUT = re.compile(r'"about":"(matter|report)/(\d{14})"')
#: the kind of leaf that tells that words of a record were erased, whoever erases them
ERASED = "erased"


@dataclass(frozen=True, slots=True)
class Pending:
    """Records whose place in the index may be an old one, those whose words were erased, and the last leaf that tells of them."""

    matters: frozenset[UUID]
    reports: frozenset[UUID]
    erased: frozenset[UUID]
    seq: int

    def of(self, kind: str) -> frozenset[UUID]:
        return self.matters if kind == Kind.MATTER else self.reports


def progress() -> Progress | None:
    return Progress.objects.filter(id=1).first()


def since(seq: int, most: int | None = None) -> Pending:
    """What the leaves behind ``seq`` (the first ``most`` of them) speak of; a matter with its reports, a report with its matters."""
    leaves = Leaf.objects.filter(seq__gt=seq).order_by("seq").values_list("seq", "body")
    numbers: dict[str, set[str]] = {"matter": set(), "report": set()}
    erased = set()
    for number, body in leaves if most is None else leaves[:most]:
        seq = number
        if about := _ABOUT.search(body):
            numbers[about[1]].add(about[2])
            if f'"kind":"{ERASED}"' in body:
                erased.add(about[2])
    if not any(numbers.values()):
        return Pending(frozenset(), frozenset(), frozenset(), seq)
    matters = _named(Matter, numbers["matter"])
    reports = _named(Report, numbers["report"])
    of_matters = Demand.objects.filter(matter__in=matters).order_by().values_list("report_id", flat=True)
    of_reports = Demand.objects.filter(report__in=reports).order_by().values_list("matter_id", flat=True)
    emptied = {*_named(Matter, erased), *_named(Report, erased)} if erased else set()
    # What was erased of a report was told of its matters, too.
    emptied |= set(of_reports.filter(report__in=emptied)) if emptied else set()
    return Pending(frozenset({*matters, *of_reports}), frozenset({*reports, *of_matters}), frozenset(emptied), seq)


def _named(table: type[Matter] | type[Report], numbers: set[str]) -> set[UUID]:
    return set(table._default_manager.filter(number__in=numbers).values_list("pk", flat=True))


def apart(kind: str) -> list[UUID]:
    return list(Apart.objects.filter(kind=kind).values_list("record", flat=True))


def behind() -> int:
    """How many leaves of the journal the index has not read yet; the whole journal while it is being made."""
    head = Head.objects.aggregate(size=Max("size"))["size"] or 0
    here = progress()
    return int(head - here.seq) if here and here.built else int(head)
