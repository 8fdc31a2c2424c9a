"""The rows as they lie in the database, read past every service and every model class, and compared with the model.

One reading is a handful of plain SELECTs. Values are brought to one form, so that both databases say the same.
"""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from datetime import UTC, datetime
from typing import Any

from django.db import connection

from doudi.web.matters.models import Application, Assignment, Demand, MatterClock, MatterEvent, Urge
from doudi.web.matters.models import Matter as MatterRow
from doudi.web.reports.models import Report as ReportRow
from doudi.web.reports.models import ReportClock, ReportEvent

Row = tuple[Any, ...]

#: table -> columns; the first is the key, the second of a row that belongs to another is its owner
_COLUMNS = {
    MatterRow: "id status kind unit_id area_id lane restricted holder_id unclear merged_into_id handled_by_id handled_at closed_at "
    "version accepted_at due_at layer rulebook_id number competent_body competent_basis facts",
    Assignment: "id matter_id post_id role since until taken_at done_at why bond take_by",
    MatterClock: "id matter_id which stage started_at due_at ended_at cancelled amount given",
    Application: "id matter_id kind asked_of by_post_id proposed_holder_id state granted_until by_person_id proposed_until",
    Urge: "id matter_id kind about due_at state",
    Demand: "id report_id matter_id position asks",
    ReportRow: "id status answerer_id version contacted_at replied_at closed_at satisfaction secrecy area_id unit_id external_id "
    "quarantine_reason upstream_due received_at words number",
    ReportClock: "id report_id which stage started_at due_at ended_at cancelled amount given",
}
_SELECT = {
    table: f"SELECT {columns.replace(' ', ', ')} FROM {table._meta.db_table}" for table, columns in _COLUMNS.items()
}
_COUNTED = (
    "doudi_jobs_job doudi_matters_decision doudi_journal_words doudi_notices_notice doudi_reports_contact "
    "doudi_matters_matterevent doudi_reports_reportevent doudi_journal_leaf"
).split()
_COUNT = "SELECT " + ", ".join(f"(SELECT COUNT(*) FROM {table})" for table in _COUNTED)
_LEAVES = "SELECT seq, event, body, hash FROM doudi_journal_leaf WHERE seq > %s ORDER BY seq"
_EVENTS = {
    "matter": f"SELECT id, matter_id, seq, kind, post_id, person_id, payload FROM {MatterEvent._meta.db_table} WHERE id = %s",
    "report": f"SELECT id, report_id, seq, kind, post_id, person_id, payload FROM {ReportEvent._meta.db_table} WHERE id = %s",
}


def bare(value: object) -> str | None:
    """An id as 32 hexadecimal digits."""
    return None if value is None else str(value).replace("-", "")


def moment(value: Any) -> datetime | None:
    if value is None:
        return None
    if isinstance(value, str):
        value = datetime.fromisoformat(value)
    return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Store:
    """One picture of all rows; ``read`` takes the next and says which records differ."""

    def __init__(self) -> None:
        self.rows: dict[Any, dict[Any, Row]] = {table: {} for table in _COLUMNS}
        self.counts: dict[str, int] = {}
        self.size, self.hash = 0, ""
        self.told: dict[str, dict[str, object]] = defaultdict(dict)
        self.kinds: dict[str, list[str]] = defaultdict(list)

    def read(self) -> set[str]:
        """Read anew. Returns the ids of the matters and reports of which some row differs from the picture before."""
        changed: set[str] = set()
        with connection.cursor() as cursor:
            for table, select in _SELECT.items():
                cursor.execute(select)
                fresh = {row[0]: row for row in cursor.fetchall()}
                before = self.rows[table]
                assert before.keys() <= fresh.keys(), f"rows of {table.__name__} are gone"
                differing = [row for pk, row in fresh.items() if before.get(pk) != row]
                for row in differing:
                    changed |= _owners(table, row) | _owners(table, before.get(row[0], row))
                self.rows[table] = fresh
            cursor.execute(_COUNT)
            self.counts = dict(zip(_COUNTED, cursor.fetchone(), strict=True))
        return changed

    def leaves(self) -> list[dict[str, Any]]:
        """The leaves added since the last call, checked against the chain and against the events that they tell."""
        with connection.cursor() as cursor:
            cursor.execute(_LEAVES, [self.size])
            added = []
            for seq, event, text, given in cursor.fetchall():
                body = json.loads(text)
                assert (seq, body["seq"], body["prev"]) == (self.size + 1, self.size + 1, self.hash), (
                    "the chain is broken"
                )
                assert given == hashlib.sha256(b"\x00" + text.encode()).hexdigest(), "a leaf has the wrong hash"
                self.size, self.hash = seq, given
                what, _, _ = body["about"].partition("/")
                if what in _EVENTS and body["kind"] != "looked":
                    # SQLite keeps an id without dashes; asked as text, each finds its own.
                    cursor.execute(_EVENTS[what], [bare(event) if connection.vendor == "sqlite" else event])
                    row = cursor.fetchone()
                    assert row is not None, f"a leaf tells of {body['kind']}, and there is no such event"
                    self._tell(row, body)
                added.append(body)
        tables = ("doudi_matters_matterevent", "doudi_reports_reportevent")
        assert sum(self.counts[table] for table in tables) == sum(map(len, self.kinds.values())), "an event has no leaf"
        return added

    def _tell(self, row: Row, body: dict[str, Any]) -> None:
        _, owner, seq, kind, post, person, payload = row
        payload = json.loads(payload) if isinstance(payload, str) else payload
        owner = bare(owner)
        assert owner is not None
        self.kinds[owner].append(kind)
        assert seq == len(self.kinds[owner]), "the events of a record are not numbered one by one"
        said = (body["kind"], body["post"], bare(body["person"]), body["payload"])
        assert said == (kind, post, bare(person), payload), "a leaf says otherwise than its event"
        self.told[owner] |= payload.get("set") or {}

    def matter(self, pk: str) -> dict[str, object]:
        """The matter as the model writes it down, and ``due``, which the model derives."""
        row = next(row for key, row in self.rows[MatterRow].items() if bare(key) == pk)
        stays = [one for one in self.rows[Assignment].values() if bare(one[1]) == pk]
        begun = sorted(stays, key=lambda one: (moment(one[4]), bare(one[0])))
        leads, nexts = ([one for one in begun if one[3] == role] for role in ("lead", "next"))
        return {
            "status": row[1],
            "kind": row[2],
            "unit": row[3],
            "area": row[4],
            "lane": row[5],
            "restricted": bool(row[6]),
            "holder": row[7],
            "unclear": row[8],
            "into": bare(row[9]),
            "handled_by": bare(row[10]),
            "handled_at": moment(row[11]),
            "closed": moment(row[12]),
            "version": row[13],
            "accepted": moment(row[14]),
            "due": moment(row[15]),
            "leads": [(one[2], moment(one[4]), moment(one[5]), moment(one[6])) for one in leads],
            "supports": sorted(
                (
                    (one[2], moment(one[4]), moment(one[5]), moment(one[7]), one[9])
                    for one in stays
                    if one[3] == "support"
                ),
                key=str,
            ),
            "nexts": [(one[2], moment(one[4]), moment(one[10]), moment(one[5]), moment(one[6])) for one in nexts],
            "clocks": self._clocks(MatterClock, pk),
            "asked": sorted((((*one[2:7], moment(one[7])) for one in self.mine(Application, pk))), key=str),
            "urged": sorted(((one[2], one[3], moment(one[4]), one[5]) for one in self.mine(Urge, pk)), key=str),
        }

    def report(self, pk: str) -> dict[str, object]:
        row = next(row for key, row in self.rows[ReportRow].items() if bare(key) == pk)
        return {
            "status": row[1],
            "answerer": row[2],
            "version": row[3],
            "contacted": moment(row[4]),
            "replied": moment(row[5]),
            "closed": moment(row[6]),
            "satisfaction": row[7],
            "secrecy": row[8],
            "area": row[9],
            "unit": row[10],
            "external": row[11],
            "clocks": self._clocks(ReportClock, pk),
            "demands": sorted((one[3], bare(one[2])) for one in self.rows[Demand].values() if bare(one[1]) == pk),
        }

    def mine(self, table: Any, pk: str) -> list[Row]:
        return [one for one in self.rows[table].values() if bare(one[1]) == pk]

    def _clocks(self, table: Any, pk: str) -> list[Row]:
        mine = self.mine(table, pk)
        return sorted(
            ((one[2], one[3], moment(one[4]), moment(one[5]), moment(one[6]), bool(one[7])) for one in mine), key=str
        )

    def replayed(self, pk: str, table: Any) -> list[str]:
        """The columns of the row that its events, replayed, do not give."""
        row = next(row for key, row in self.rows[table].items() if bare(key) == pk)
        columns = dict(zip(_COLUMNS[table].split(), row, strict=True))
        return [
            name for name, told in self.told[pk].items() if name in columns and not _same(name, told, columns[name])
        ]


def _same(name: str, told: object, value: Any) -> bool:
    if name.endswith("_at"):
        return moment(told) == moment(value)
    if name in ("merged_into_id", "handled_by_id"):
        return bare(told) == bare(value)
    if name == "facts":
        return told == (json.loads(value) if isinstance(value, str) else value)
    if name == "restricted":
        return told is bool(value)
    return told == value


def _owners(table: Any, row: Row) -> set[str]:
    if table in (MatterRow, ReportRow):
        return {str(bare(row[0]))}
    if table is Demand:
        return {str(bare(row[1])), str(bare(row[2]))}
    return {str(bare(row[1]))}
