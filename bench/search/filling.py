"""As many matters and reports as are asked for, over ten years, with words: ``python -m bench.search.filling RECORDS``.

Rows are those of the demo's own, with words, address, order, telephone, place and holder drawn anew: sentences of the demo
at streets that are drawn from four hundred, with a clause of signs drawn by how common they are, so that the index meets as
many different pairs as in a real town. What no search reads (events, leaves, clocks) is not made. Then the index is made.
"""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime, timedelta
from random import Random
from time import perf_counter
from typing import Any
from uuid import UUID

import django

YEARS = 10
AT_ONCE = 2000


def uuid_at(moment: datetime, dice: Random) -> UUID:
    drawn = dice.getrandbits(74)
    return UUID(
        int=int(moment.timestamp() * 1000) << 80 | 7 << 76 | (drawn >> 62) << 64 | 2 << 62 | drawn & (1 << 62) - 1
    )


class Words:
    """What people say: half of it the demo's sentences, half signs by Zipf's law."""

    def __init__(self, dice: Random) -> None:
        from doudi.web.demo.speech import topics

        self._dice = dice
        self._said = [one for topic in topics() for one in topic.said]
        common = sorted({sign for one in self._said for sign in one if sign > "\u4e00"})
        self._signs = [*common, *(chr(0x4E00 + 7 * n) for n in range(2500))]
        dice.shuffle(self._signs)
        self._weights = [1 / (rank + 12) for rank in range(len(self._signs))]
        self._roads = ["".join(dice.choices(self._signs, k=2)) + dice.choice(("路", "街", "弄")) for _ in range(400)]

    def address(self) -> str:
        dice = self._dice
        return (
            f"{dice.choice(self._roads)}{dice.randrange(1, 900)}号{dice.choice(('', f'{dice.randrange(101, 2400)}室'))}"
        )

    def said(self, address: str) -> str:
        dice = self._dice
        clause = "".join(dice.choices(self._signs, self._weights, k=dice.randrange(8, 40)))
        sentence = dice.choice(self._said).replace("{place}", address).replace("{", "").replace("}", "")
        return f"{sentence}，{clause}，请处理。"


def fill(records: int) -> None:
    from django.db import connection

    from doudi.web.matters.models import Assignment, Decision, Demand, Matter
    from doudi.web.reports.models import Contact, Report
    from doudi.web.sealing.values import seal
    from doudi.web.search.services import make_anew, make_on

    dice = Random(records)
    words, begun = Words(dice), datetime.now(UTC) - timedelta(days=365 * YEARS)  # noqa: TID251
    phone_at = f"{Contact._meta.db_table}.phone"
    tables: dict[type, tuple[list[str], list[dict[str, Any]]]] = {}
    with connection.cursor() as cursor:
        for table in (Report, Contact, Matter, Demand, Decision, Assignment):
            names = [field.column for field in table._meta.concrete_fields]
            cursor.execute(f"SELECT {', '.join(names)} FROM {table._meta.db_table} LIMIT 3000")
            rows = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
            tables[table] = (names, rows)
    matters = [row for row in tables[Matter][1] if row["area_id"]]
    leads: dict[Any, dict[str, Any]] = {row["matter_id"]: row for row in tables[Assignment][1] if row["role"] == "lead"}
    matters = [row for row in matters if row["id"] in leads]
    report, contact = tables[Report][1][0], (tables[Contact][1] or [{}])[0]
    demand, decision = tables[Demand][1][0], tables[Decision][1]
    ours = (lambda pk: pk) if connection.vendor == "postgresql" else (lambda pk: pk.hex)
    step = timedelta(days=365 * YEARS) / records
    text = 0
    for first in range(0, records, AT_ONCE):
        made: dict[type, list[tuple[Any, ...]]] = {table: [] for table in tables}
        for number in range(first, min(first + AT_ONCE, records)):
            at = begun + step * number
            model = dice.choice(matters)
            of_report, of_matter, of_decision = (ours(uuid_at(at, dice)) for _ in range(3))
            address = words.address()
            said = words.said(address)
            closed = number < records * 0.95
            text += len(f"{said}{address}{said[:60]}{address}{said}".encode())
            shared = {"unit_id": model["unit_id"], "area_id": model["area_id"], "address": address}
            new: dict[type, dict[str, Any]] = {
                Report: report | shared | {
                    "id": of_report, "number": f"{at:%y%m%d}{2 * number:08d}", "key": None, "link_digest": None, "title": "",
                    "words": said, "external_id": f"SH{at:%y}{number:09d}", "system": "bench", "received_at": at,
                    "status": "closed" if closed else "received", "secrecy": "open", "sealed_row": "", "version": 1,
                },
                Matter: model | shared | {
                    "id": of_matter, "number": f"{at:%y%m%d}{2 * number + 1:08d}", "summary": said[:60], "restricted": False,
                    "status": "closed" if closed else "taken", "accepted_at": at, "merged_into_id": None, "due_at": None,
                },
                Demand: demand | {
                    "id": ours(uuid_at(at, dice)), "report_id": of_report, "matter_id": of_matter, "position": 1, "asks": said,
                },
                Decision: dice.choice(decision) | {"id": of_decision, "matter_id": of_matter, "at": at},
                Assignment: leads[model["id"]] | {
                    "id": ours(uuid_at(at, dice)), "matter_id": of_matter, "decision_id": of_decision, "since": at,
                    "post_id": model["holder_id"], "until": at if closed else None,
                },
            }  # fmt: skip
            if contact and number % 2:
                sealed = seal(f"130{dice.randrange(10**8):08}", f"{phone_at}:{UUID(str(of_report))}")
                new[Contact] = contact | {"report_id": of_report, "phone": sealed}
            for table, row in new.items():
                made[table].append(tuple(row[name] for name in tables[table][0]))
        _write(connection, tables, made)
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
    began, filed = perf_counter(), 0
    make_anew()
    while some := make_on():
        filed += some
    took = perf_counter() - began
    sys.stdout.write(json.dumps({"text_bytes": text, "filed_per_second": round(filed / took)}))


def _write(connection: Any, tables: Any, made: Any) -> None:
    from django.db import transaction

    with transaction.atomic(), connection.cursor() as cursor:
        for table, rows in made.items():
            names = tables[table][0]
            name = table._meta.db_table
            if connection.vendor == "postgresql":
                types = {field.column: field.db_type(connection) for field in table._meta.concrete_fields}
                with cursor.copy(f"COPY {name} ({', '.join(names)}) FROM STDIN") as copy:
                    for row in rows:
                        copy.write_row(
                            [
                                _json(value) if types[one] == "jsonb" else value
                                for one, value in zip(names, row, strict=True)
                            ]
                        )
            else:
                marks = ", ".join("%s" for _ in names)
                cursor.executemany(f"INSERT INTO {name} ({', '.join(names)}) VALUES ({marks})", rows)


def _json(value: Any) -> Any:
    return value if isinstance(value, (str, type(None))) else json.dumps(value)


if __name__ == "__main__":
    django.setup()
    fill(int(sys.argv[1]))
