"""A sheet comes in: kept while it is looked at, asked about, written as a whole in one transaction."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, timedelta
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile

from doudi.engine.errors import DoudiError
from doudi.engine.journal import canonical
from doudi.engine.messages import msg
from doudi.engine.people.vocabulary import Power
from doudi.engine.setup.vocabulary import SetupJob
from doudi.web import clock
from doudi.web.files.queries import opened_sheet
from doudi.web.files.services import forget, keep_sheet
from doudi.web.jobs.models import Job
from doudi.web.jobs.services import plan as plan_job
from doudi.web.journal.services import Fact, append, unit_of_work
from doudi.web.matters.services import as_stored
from doudi.web.people.actor import Actor
from doudi.web.people.models import Appointment, Person, Post
from doudi.web.people.services import (
    NewOffice,
    NewPost,
    add_person,
    appoint,
    change_phones,
    save_offices,
    save_posts,
)
from doudi.web.resources.models import Roster
from doudi.web.resources.services import add_roster
from doudi.web.setup.models import Load, LoadRow
from doudi.web.setup.services.entering import SetupError
from doudi.web.setup.sheets import SORTS
from doudi.web.setup.sheets.planned import Change, Planned
from doudi.web.units.services import NewUnit, mint_units

#: more rows than these are written in the background
AT_ONCE = 500
#: so long a sheet that nobody confirms is kept
_KEPT = timedelta(days=7)
_BATCH = 500
#: in this order rows are written, since later ones name earlier ones
TABLES = ("office", "post", "person", "phone", "seat", "stand_in", "shift", "unit")


def begin(by: Actor, sort: str, file: UploadedFile[bytes]) -> Load:
    """Keep the sheet and look at it. Raises TableError, FileRefusedError; then nothing of it is kept."""
    by.require(Power.MANAGE_AREAS)
    if sort not in SORTS:
        raise SetupError("请选是哪一种表。")
    _lay_old_aside(by)
    upload = keep_sheet(file)
    try:
        with opened_sheet(upload) as path:
            SORTS[sort].plan(path, {})
    except DoudiError:
        forget([upload])
        raise
    with unit_of_work():
        now, name = clock.now(), upload.original_name[:200]
        load = Load.objects.create(sort=sort, file_name=name, upload=upload, made_at=now, made_by=by.person)
        append(Fact.new("sheet_brought", f"load/{load.pk}", {"sort": sort}, by=by))
    return load


def planned(load: Load) -> Planned:
    """What would become of the sheet now, with the answers given so far."""
    if load.upload is None:
        return Planned()
    with opened_sheet(load.upload) as path:
        return SORTS[load.sort].plan(path, load.answers)


def mark_of(plan: Planned) -> str:
    """A short mark that changes with anything that the sheet would do."""
    told = [[one.line, one.table, dict(one.values)] for one in plan.changes]
    return hashlib.sha256(canonical(told)).hexdigest()[:16]


@unit_of_work()
def answer(by: Actor, load: Load, answers: Mapping[str, str]) -> None:
    """Remember what was said where the sheet says too little."""
    by.require(Power.MANAGE_AREAS)
    row = _taken(load, Load.State.SEEN)
    row.answers = row.answers | {key: value for key, value in answers.items() if value}
    row.save(update_fields=["answers"])


def write(by: Actor, load: Load, mark: str) -> None:
    """Write all of it, or nothing: at once, or in the background where it is long."""
    by.require(Power.MANAGE_AREAS)
    plan = planned(load)
    _require_ready(plan)
    _require_as_seen(plan, mark)
    with unit_of_work():
        row = _taken(load, Load.State.SEEN)
        if len(plan.changes) > AT_ONCE:
            row.state = Load.State.RUNNING
            row.save(update_fields=["state"])
            told = {"load": str(row.pk), "by": str(by.person.pk) if by.person else "", "mark": mark}
            plan_job(SetupJob.LOAD, _job_of(row), clock.now(), told)
            return
        _write(by, row, plan)
    _forget_file(load)


def write_waiting(payload: Mapping[str, object]) -> None:
    """The same for one that waits in the background, by whoever wrote it and only as they saw it.

    What is refused is said at the load; nothing of it is written.
    """
    load = Load.objects.select_related("made_by", "upload").get(pk=UUID(str(payload["load"])))
    if load.state != Load.State.RUNNING:
        return
    # One that was planned by an earlier edition says neither who nor what.
    who, mark = str(payload.get("by", "")), payload.get("mark")
    by = Actor.of(Person.objects.get(pk=UUID(who)) if who else load.made_by)
    try:
        by.require(Power.MANAGE_AREAS)
        plan = planned(load)
        _require_ready(plan)
        if mark is not None:
            _require_as_seen(plan, str(mark))
        with unit_of_work():
            _write(by, _taken(load, Load.State.RUNNING), plan)
    except DoudiError as error:
        fault = as_stored(msg(error.template, **error.facts))
        # Whoever was faster may have written it: then it is written.
        Load.objects.filter(pk=load.pk, state=Load.State.RUNNING).update(state=Load.State.FAILED, fault=fault)
    if Load.objects.filter(pk=load.pk, state__in=(Load.State.WRITTEN, Load.State.FAILED)).exists():
        _forget_file(load)


@unit_of_work()
def lay_aside(by: Actor, load: Load) -> None:
    """Nothing of it is written, and the file goes; also of one whose job in the background is given up."""
    by.require(Power.MANAGE_AREAS)
    row = _taken(load, Load.State.RUNNING if is_stuck(load) else Load.State.SEEN)
    row.state = Load.State.LAID_ASIDE
    row.save(update_fields=["state"])
    _forget_file(row)


def is_stuck(load: Load) -> bool:
    """Whether it is to be written in the background, and nothing there will do it any more."""
    waits = Job.objects.filter(key=_job_of(load), state__in=(Job.State.WAITING, Job.State.LEASED))
    return load.state == Load.State.RUNNING and not waits.exists()


def _job_of(load: Load) -> str:
    return f"load:{load.pk}"


def _require_as_seen(plan: Planned, mark: str) -> None:
    if mark_of(plan) != mark:
        raise SetupError("刚才看到的和现在会写入的不一样（镇里刚有改动）：请再看一遍再确认。")


def _require_ready(plan: Planned) -> None:
    if plan.faults:
        raise SetupError("第 {line} 行：{why}", line=plan.faults[0].line, why=plan.faults[0].why)
    if plan.asks:
        raise SetupError("还有 {n} 处要先答复。", n=len(plan.asks))
    if not plan.changes:
        raise SetupError("表里没有要写入的：都已经有了。")


def _taken(load: Load, state: str) -> Load:
    row = Load.objects.select_for_update().get(pk=load.pk)
    if row.state != state:
        raise SetupError("这张表现在是“{state}”，不能这样做。", state=str(row.get_state_display()))
    return row


def _write(by: Actor, load: Load, plan: Planned) -> None:
    """Each table by its own service; what was written is noted row by row, so that it can be taken back."""
    position = 0
    for table in TABLES:
        changes = [one for one in plan.changes if one.table == table]
        if not changes:
            continue
        rows = _WRITERS[table](by, changes)
        for row in rows:
            row.load, row.position = load, position
            position += 1
        LoadRow.objects.bulk_create(rows, batch_size=_BATCH)
    load.state, load.written_at = Load.State.WRITTEN, clock.now()
    load.save(update_fields=["state", "written_at"])
    append(Fact.new("sheet_loaded", f"load/{load.pk}", {"sort": load.sort, "rows": position}, by=by))


def _row(
    change: Change, key: object, after: Mapping[str, object], before: Mapping[str, object] | None = None
) -> LoadRow:
    return LoadRow(
        line=change.line,
        table=change.table,
        key=str(key),
        name=change.name[:80],
        before=dict(before or {}),
        after=dict(after),
    )


def _offices(by: Actor, changes: Sequence[Change]) -> list[LoadRow]:
    today = clock.today()
    save_offices([NewOffice(since=today, **one.values) for one in changes], by=by)
    return [_row(one, one.values["code"], one.values) for one in changes]


def _posts(by: Actor, changes: Sequence[Change]) -> list[LoadRow]:
    today = clock.today()
    save_posts([NewPost(since=today, **one.values) for one in changes], by=by)
    return [_row(one, one.values["code"], one.values) for one in changes]


def _people(by: Actor, changes: Sequence[Change]) -> list[LoadRow]:
    made = [add_person(by=by, **one.values) for one in changes]
    return [_row(one, person.pk, one.values) for one, person in zip(changes, made, strict=True)]


def _phones(by: Actor, changes: Sequence[Change]) -> list[LoadRow]:
    wanted = {one.values["username"]: one.values["phone"] for one in changes}
    known = {one.username: one for one in Person.objects.filter(username__in=wanted)}
    before = {username: one.phone for username, one in known.items()}
    change_phones(wanted, by=by)
    return [
        _row(one, known[name].pk, {"phone": wanted[name]}, {"phone": before[name]})
        for one in changes
        for name in (one.values["username"],)
    ]


def _seats(by: Actor, changes: Sequence[Change]) -> list[LoadRow]:
    people = {
        one.username: one for one in Person.objects.filter(username__in={one.values["username"] for one in changes})
    }
    today = clock.today()
    return _appointed(
        by,
        changes,
        [
            Appointment(person=people[one.values["username"]], post_id=one.values["post"], since=today)
            for one in changes
        ],
    )


def _stand_ins(by: Actor, changes: Sequence[Change]) -> list[LoadRow]:
    rows = []
    for one in changes:
        said = one.values
        until = date.fromisoformat(said["until"]) if said["until"] else None
        row = Appointment(person_id=UUID(said["person"]), post_id=said["post"], acting=True, until=until)
        row.since = date.fromisoformat(said["since"])
        rows.append(row)
    return _appointed(by, changes, rows)


def _appointed(by: Actor, changes: Sequence[Change], rows: Sequence[Appointment]) -> list[LoadRow]:
    made = appoint(rows, by=by)
    return [
        _row(one, row.pk, {"until": row.until.isoformat() if row.until else None})
        for one, row in zip(changes, made, strict=True)
    ]


def _shifts(by: Actor, changes: Sequence[Change]) -> list[LoadRow]:
    posts = Post.objects.in_bulk({one.values["post"] for one in changes})
    rows = [
        Roster(
            post=posts[one.values["post"]],
            person_id=UUID(one.values["person"]),
            name=one.values["name"],
            phone=one.values["phone"],
            starts_at=datetime.fromisoformat(one.values["starts_at"]),
            ends_at=datetime.fromisoformat(one.values["ends_at"]),
        )
        for one in changes
    ]
    add_roster(rows, by=by)
    return [_row(one, row.pk, {"phone": row.phone, "name": row.name}) for one, row in zip(changes, rows, strict=True)]


def _units(by: Actor, changes: Sequence[Change]) -> list[LoadRow]:
    made = mint_units([NewUnit(since=clock.today(), **one.values) for one in changes], by=by)
    return [
        _row(one, unit.code, {"name": unit.name, "address": unit.address, "type": unit.type, "area_id": unit.area_id})
        for one, unit in zip(changes, made, strict=True)
    ]


_WRITERS: Mapping[str, Callable[[Actor, Sequence[Change]], list[LoadRow]]] = {
    "office": _offices,
    "post": _posts,
    "person": _people,
    "phone": _phones,
    "seat": _seats,
    "stand_in": _stand_ins,
    "shift": _shifts,
    "unit": _units,
}


def _forget_file(load: Load) -> None:
    """The sheet itself has served; what it wrote is known row by row."""
    upload = Load.objects.get(pk=load.pk).upload
    if upload is not None:
        Load.objects.filter(pk=load.pk).update(upload=None)
        forget([upload])


def _lay_old_aside(by: Actor) -> None:
    old = Load.objects.filter(state=Load.State.SEEN, made_at__lt=clock.now() - _KEPT)
    for load in old.order_by("pk"):
        lay_aside(by, load)
