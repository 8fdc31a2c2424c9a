"""What lies in a town's database, asked from a process of its own: ``python -m tests.faults.witness found``.

Each command answers with one line of JSON. The witness stands outside: it runs after the kill, on what the disk kept.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

from doudi.web.operations.console import set_up

Answer = dict[str, Any]


def found() -> Answer:
    """Make the small town here."""
    from doudi.web.operations.founding import migrate
    from tests.web.town import build

    migrate()
    town = build()
    return {"shop": town.shop.code, "spot": town.spot.code}


def fill(reports: str) -> Answer:
    """Let so many reports come in, each with a job that tells its holder."""
    from doudi.web.triage.services import Incoming, receive
    from doudi.web.units.models import Unit

    unit = Unit.objects.filter(type="spot").first()
    assert unit is not None
    receive(
        [Incoming("scan", f"垃圾没人清，第{n}处", unit_code=unit.code) for n in range(int(reports))], auto_dispatch=True
    )
    return {"reports": int(reports)}


def said() -> Answer:
    """What each report holds of what somebody said."""
    from doudi.web.reports.models import Contact, Report

    phones = {one.report_id: one.phone for one in Contact.objects.all()}
    rows = Report.objects.order_by("received_at")
    return {
        "reports": [
            {"words": row.words, "photos": row.photos.count(), "phone": phones.get(row.pk, ""), "secrecy": row.secrecy}
            for row in rows
        ]
    }


def upload(file: str) -> Answer:
    """Somebody uploads a table and says what its columns mean; a job is to bring it in."""
    from django.core.files.uploadedfile import SimpleUploadedFile

    from doudi.web.files.queries import opened_sheet
    from doudi.web.files.services import keep_sheet
    from doudi.web.people.actor import SYSTEM
    from doudi.web.upstream.services import begin, choose_columns, let_in, set_going, survey

    sheet = keep_sheet(SimpleUploadedFile(Path(file).name, Path(file).read_bytes()))
    with opened_sheet(sheet) as path:
        seen = survey(path)
    batch = begin(SYSTEM, seen, system="区热线", file_name=Path(file).name, upload=sheet)
    choose_columns(SYSTEM, batch, seen.headers, seen.guess.columns)
    let_in(SYSTEM, batch)
    set_going(batch)
    return {"batch": str(batch.pk)}


def export(form: str) -> Answer:
    """The desk asks for a table of all matters; a job is to write it."""
    from django.http import QueryDict

    from doudi.web.exports.services import begin, kind_of
    from doudi.web.people.actor import Actor
    from doudi.web.people.models import Person

    desk = Actor.of(Person.objects.get(username="desk"))
    begin(desk, kind_of(desk, "matters", form), form, QueryDict("tab=all"))
    return {}


def exported() -> Answer:
    """What became of the table: its state, each matter that stands in it, and how many there are."""
    from doudi.web.exports import pieces
    from doudi.web.exports.models import Export
    from doudi.web.matters.models import Matter

    one = Export.objects.get()
    raw = b"".join(pieces.read(list(one.parts.order_by("seq")))) if one.state == "ready" else b""
    numbers = [line.partition(",")[0].replace("-", "") for line in raw.decode("utf-8-sig").splitlines()[1:]]
    whole = sorted(numbers) == sorted(Matter.objects.values_list("number", flat=True))
    return {"state": one.state, "rows": one.rows, "whole": whole, "size": one.size == len(raw)}


def mailing(port: str, notices: str) -> Answer:
    """The desk wants mail at the server on this port, and so many urgent notices to it wait to be planned."""
    from doudi.engine.messages import msg
    from doudi.web.channels.services import NewChannel, add_way, save_channel
    from doudi.web.notices.services import send
    from doudi.web.people.actor import Actor
    from doudi.web.people.models import Person

    people = {one.username: one for one in Person.objects.filter(username__in=("admin", "desk"))}
    new = NewChannel("smtp", "镇邮箱", f"127.0.0.1:{port}", sender="notice@town.example.cn", per_minute=5000)
    desk = people["desk"]
    add_way(Actor.of(desk), save_channel(Actor.of(people["admin"]), new), person=desk, to="desk@example.cn")
    send([("uoc.duty", "overdue", f"mail:{n}", msg("第{n}件", n=n), "/notices", True) for n in range(int(notices))])
    return {}


def mailed() -> Answer:
    """What became of each message: its own name, its state, and whether it says that it may come twice."""
    from doudi.web.channels.models import Delivery

    rows = Delivery.objects.order_by("pk").values_list("pk", "state", "twice")
    return {"messages": [[pk.hex, state, twice] for pk, state, twice in rows]}


def later() -> Answer:
    """When the lease of whoever was killed has run out, the timers do what is left."""
    from doudi.web import clock
    from doudi.web.timers.running import run_due

    for _ in range(20):
        with clock.at(clock.now() + timedelta(minutes=2)):
            if not run_due():
                break
    return state()


def state(ledger: str = "") -> Answer:
    """What is there: every acknowledged report once, nothing half, and what became of imports and jobs."""
    from doudi.web.fsck.queries import examine
    from doudi.web.jobs.models import Job
    from doudi.web.matters.models import Matter
    from doudi.web.notices.models import Notice
    from doudi.web.reports.models import Report
    from doudi.web.upstream.models import ImportBatch

    rows = list(Report.objects.values_list("words", "link_digest"))
    kept = Counter(rows)
    lines = Path(ledger).read_text(encoding="utf-8").splitlines() if ledger else []
    acknowledged = [tuple(line.split("\t")) for line in lines]
    return {
        "reports": len(rows),
        "acknowledged": len(acknowledged),
        "lost": sum(kept[words, sha256(token.encode()).hexdigest()] != 1 for words, token in acknowledged),
        "twice": len(rows) - len({words for words, _ in rows}),
        "matters": Matter.objects.count(),
        "told": Notice.objects.filter(kind="assigned").count(),
        "jobs": dict(Counter(Job.objects.values_list("state", flat=True))),
        "most_attempts": max(Job.objects.values_list("attempts", flat=True), default=0),
        "imports": list(
            ImportBatch.objects.order_by("started_at").values_list("state", "done", "added", "known", "faulty")
        ),
        "faults": [str(fault) for fault in examine()],
    }


def migrated() -> Answer:
    """Whether the next release's migration stands whole, or not at all."""
    from django.db import connection
    from django.db.migrations.recorder import MigrationRecorder

    from tests.faults.next_release import NAME

    with connection.cursor() as cursor:
        columns = [one.name for one in connection.introspection.get_table_description(cursor, "doudi_matters_matter")]
        named = 0
        if "told_as" in columns:
            cursor.execute("SELECT COUNT(*) FROM doudi_matters_matter WHERE told_as IS NOT NULL")
            named = cursor.fetchone()[0]
        cursor.execute("SELECT COUNT(*) FROM doudi_matters_matter")
        matters = cursor.fetchone()[0]
    recorded = MigrationRecorder.Migration.objects.filter(app="doudi_matters", name=NAME).count()
    return {"recorded": recorded, "column": int("told_as" in columns), "named": named, "matters": matters}


COMMANDS = {
    one.__name__: one for one in (found, fill, said, upload, export, exported, mailing, mailed, later, state, migrated)
}

if __name__ == "__main__":
    set_up()
    print(json.dumps(COMMANDS[sys.argv[1]](*sys.argv[2:]), ensure_ascii=False))  # noqa: T201
