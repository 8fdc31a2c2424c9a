"""What would become of a file before it is let in: each row judged without storing it, ten brought in and taken back."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field

from doudi.engine.errors import DoudiError
from doudi.engine.messages import Message
from doudi.engine.upstream.vocabulary import RowSort
from doudi.web.journal.services import unit_of_work
from doudi.web.people.actor import Actor
from doudi.web.reports.models import Report
from doudi.web.reports.queries import known as known_reports
from doudi.web.tables.reading import Row
from doudi.web.upstream.models import ImportBatch
from doudi.web.upstream.rows import Reading, read_row
from doudi.web.upstream.services.known_orders import contacts_of, news_of
from doudi.web.upstream.services.receiving import Brought, bring, differences, reading_for

REHEARSED = 10
#: the column of a batch in which each sort of rows is counted
COUNTED: Mapping[RowSort, str] = {
    RowSort.NEW: "added",
    RowSort.TWIN: "known",
    RowSort.KNOWN: "known",
    RowSort.CHANGED: "changed",
    RowSort.REFUSED: "faulty",
}


@dataclass(frozen=True, slots=True)
class Rehearsed:
    """What would become of the row in ``line``: who would hold it, which report it belongs to, and why, where that asks.

    ``holder`` is a post's code; ``reasons`` are sentences (template and facts), as a fault keeps them.
    """

    line: int
    sort: str
    cells: Mapping[str, str]
    holder: str = ""
    kind: str = ""
    area: str = ""
    number: str = ""
    restricted: bool = False
    reasons: Sequence[tuple[str, Mapping[str, str]]] = field(default_factory=tuple)

    @property
    def why(self) -> list[Message]:
        return [Message(template, facts) for template, facts in self.reasons]


class _TakenBackError(Exception):
    """Ends the rehearsal, and with it all that it stored."""


def rehearse(batch: ImportBatch, rows: Sequence[Row], actor: Actor) -> list[Rehearsed]:
    """Bring the rows in as they would be, look at what became of them, and take it all back. ``batch`` may be unsaved."""
    found: list[Rehearsed] = []
    try:
        with unit_of_work():
            found = [_seen(one) for one in bring(batch, rows, reading_for(batch), actor)]
            raise _TakenBackError
    except _TakenBackError:
        return found


def _seen(one: Brought) -> Rehearsed:
    reasons = tuple((fault.template, fault.facts) for fault in one.faults)
    told = Rehearsed(one.row.line, str(one.sort), one.row.texts, reasons=reasons)
    if one.received is None:
        return told
    report, matter = one.received.report, next(iter(one.received.matters), None)
    return Rehearsed(
        told.line,
        told.sort,
        told.cells,
        holder=matter.holder_id if matter else "",
        kind=matter.kind if matter else "",
        area=(matter.area_id if matter else report.area_id) or "",
        number=report.number if one.sort in (RowSort.KNOWN, RowSort.CHANGED) else "",
        restricted=report.secrecy == Report.Secrecy.RESTRICTED,
        reasons=reasons,
    )


def forecast(rows: Sequence[Row], reading: Reading, seen: set[str]) -> Iterator[RowSort]:
    """What would become of each row, as far as reading it and looking for its order tells; ``seen`` grows by the ids read."""
    read = []
    for row in rows:
        try:
            read.append(read_row(row, reading))
        except DoudiError:
            yield RowSort.REFUSED
    before = known_reports(reading.system, [one.external_id for one in read])
    contacts = contacts_of(list(before.values()))
    for incoming in read:
        report = before.get(incoming.external_id)
        if report is None:
            yield RowSort.TWIN if incoming.external_id in seen else RowSort.NEW
            seen.add(incoming.external_id)
            continue
        corrected, again = news_of(incoming, report, contacts.get(report.pk))
        yield RowSort.CHANGED if corrected or again or differences(incoming, report) else RowSort.KNOWN


def counts(sorts: Iterable[RowSort]) -> dict[str, int]:
    """How many rows go into each of a batch's columns."""
    found = Counter(COUNTED[one] for one in sorts)
    return {column: found[column] for column in COUNTED.values()}


def as_stored(rows: Sequence[Rehearsed]) -> str:
    return json.dumps([asdict(one) for one in rows], ensure_ascii=False, default=str)


def rehearsed(batch: ImportBatch) -> list[Rehearsed]:
    """The rows that were rehearsed when the file was looked at."""
    return [Rehearsed(**one) for one in json.loads(batch.preview)] if batch.preview else []
