"""Receiving reports: stored as said, judged, and in the same transaction accepted as matters with one holder each.

``receive`` takes a batch, since imports bring thousands; one report is a batch of one. Nothing well-formed is
refused here: what is unclear, doubtful or sensitive is held by the duty desk or a backstop, and says so.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import datetime
from hashlib import sha256
from typing import Any

from django.db import IntegrityError, transaction

from doudi.engine.areas.coordinates import CoordinateSystem, convert
from doudi.engine.duties.book import DutyBook
from doudi.engine.folding import sound
from doudi.engine.kinds.catalogue import Lane
from doudi.engine.matters.clocks import ClockPlan, plan, upstream_clock
from doudi.engine.triage.danger import Alarm, lane_of
from doudi.engine.triage.judgement import Judgement, JudgementCode, judge
from doudi.engine.triage.sensitive import SECRET, sensitivity
from doudi.engine.units.codes import UnitCode, UnitCodeError
from doudi.web import clock
from doudi.web.areas.queries import AreaDirectory, areas
from doudi.web.duties.queries import book_under
from doudi.web.files.models import Upload
from doudi.web.inserting import together
from doudi.web.journal.services import record
from doudi.web.matters.models import Demand, Matter
from doudi.web.matters.services import NewMatter, accept, question_for
from doudi.web.people.actor import SYSTEM, Actor
from doudi.web.reports import services as reports
from doudi.web.reports.models import Report
from doudi.web.rulebook.queries import Rulebook, rulebook_on
from doudi.web.selecting import row_by
from doudi.web.triage.places import named_in
from doudi.web.units.models import Unit

TRIES = 4
LONGEST_WORDS = 4000
LONGEST_UPSTREAM_WORDS = 20000


@dataclass(frozen=True, slots=True)
class Incoming:
    """A report on its way in. ``key`` and (``system``, ``external_id``) make a repeated message harmless.

    Whoever has read the unit gives it; otherwise it is looked for by its code.
    """

    channel: str
    words: str
    title: str = ""
    unit_code: str = ""
    unit: Unit | None = None
    area_code: str = ""
    address: str = ""
    longitude: float | None = None
    latitude: float | None = None
    coordinate_system: str = "wgs84"
    picked_kind: str = ""
    name: str = ""
    phone: str = ""
    secret: bool = False
    uploads: tuple[Upload, ...] = ()
    system: str = ""
    external_id: str = ""
    upstream_due: str = ""
    upstream_due_at: datetime | None = None
    upstream_row: Mapping[str, Any] | None = None
    received_at: datetime | None = None
    demands: tuple[str, ...] = ()
    key: str = ""
    emergency_shown: str = ""


@dataclass(frozen=True, slots=True)
class Received:
    """``token`` opens the secret link and exists only here; a report known by another system's id has none to give."""

    report: Report
    matters: tuple[Matter, ...]
    token: str
    known: bool


def receive(
    batch: Sequence[Incoming], *, auto_dispatch: bool | None = None, actor: Actor = SYSTEM
) -> list[Received]:
    """Store each report and accept its demands, in one transaction with one journal append.

    ``auto_dispatch`` lets clear matters go straight to the post that the rules name; otherwise the duty desk holds
    them until a person confirms (default: the rulebook's parameter). The answers keep the order of the batch.

    The whole batch is tried anew when it collides: with a twin of the same message that another process has just
    stored (then found, and harmless), or with a number drawn by chance.
    """
    for tries_left in reversed(range(TRIES)):
        try:
            with transaction.atomic():
                return _receive(batch, auto_dispatch, actor)
        except IntegrityError:
            if not tries_left:
                raise
    raise AssertionError("the last try returns or raises")


def _receive(given: Sequence[Incoming], auto_dispatch: bool | None, actor: Actor) -> list[Received]:
    batch = [_storable(incoming) for incoming in given]
    rulebook = rulebook_on()
    if auto_dispatch is None:
        auto_dispatch = bool(rulebook.parameters["auto_dispatch"])
    known = _known(batch)
    within: dict[tuple[str, str], int] = {}
    fresh: list[int] = []
    for index, incoming in enumerate(batch):
        if index in known:
            continue
        marks = _marks(incoming)
        if any(mark in within for mark in marks):
            continue
        within.update(dict.fromkeys(marks, index))
        fresh.append(index)
    units = _units(batch[index] for index in fresh)
    places = areas()
    town = _Town(places, rulebook, book_under(rulebook, places.edition), auto_dispatch)
    made = {index: _prepare(batch[index], units, town) for index in fresh}
    _number(Report, [new.row for new, _, _ in made.values()])
    _number(Matter, [one.row for _, matters, _ in made.values() for one in matters])
    with together():
        facts = reports.store([new for new, _, _ in made.values()], actor)
        facts += accept([matter for _, matters, _ in made.values() for matter in matters], rulebook, actor)
    record(facts)
    answers = []
    for index, incoming in enumerate(batch):
        if index in made:
            new, matters, token = made[index]
            answers.append(Received(new.row, tuple(one.row for one in matters), token, known=False))
        else:
            twin = known.get(index) or made[next(within[mark] for mark in _marks(incoming) if mark in within)][0].row
            token = reports.new_token(incoming.key) if incoming.key and twin.key == incoming.key else ""
            answers.append(Received(twin, tuple(Matter.objects.filter(demands__report=twin).distinct()), token, known=True))
    return answers


def _number(table: type[Report] | type[Matter], rows: Sequence[Any]) -> None:
    for row, number in zip(rows, reports.draw_numbers(table, len(rows)), strict=True):
        row.number = number


def _storable(incoming: Incoming) -> Incoming:
    """The same with text that every database can keep, and marks no longer than their columns."""
    given = {one.name: getattr(incoming, one.name) for one in fields(Incoming)}
    texts = {name: sound(value) for name, value in given.items() if isinstance(value, str)}
    for name, longest in (("system", 40), ("external_id", 80), ("key", 80)):
        texts[name] = _fitted(texts[name], longest)
    row = {sound(name): _sound(value) for name, value in (incoming.upstream_row or {}).items()}
    return replace(incoming, **texts, demands=tuple(map(sound, incoming.demands)), upstream_row=row or None)


def _sound(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {sound(str(name)): _sound(one) for name, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [_sound(one) for one in value]
    return sound(value) if isinstance(value, str) else value


def _fitted(mark: str, longest: int) -> str:
    """A mark that is too long is shortened so that it still differs from every other."""
    return mark if len(mark) <= longest else f"{mark[: longest - 33]}~{sha256(mark.encode()).hexdigest()[:32]}"


@dataclass(frozen=True, slots=True)
class _Town:
    """What every report of a batch is judged by."""

    places: AreaDirectory
    rulebook: Rulebook
    book: DutyBook
    auto_dispatch: bool


def _marks(incoming: Incoming) -> list[tuple[str, str]]:
    """What makes a message the same message: its key, and its id in a system above."""
    marks = [("key", incoming.key)] if incoming.key else []
    return [*marks, (f"system:{incoming.system}", incoming.external_id)] if incoming.external_id else marks


def _known(batch: Sequence[Incoming]) -> dict[int, Report]:
    keys = {incoming.key for incoming in batch if incoming.key}
    by_key = {row.key: row for row in _by_keys(keys)}
    by_id: dict[tuple[str, str], Report] = {}
    for system in {incoming.system for incoming in batch if incoming.external_id}:
        ids = [incoming.external_id for incoming in batch if incoming.system == system and incoming.external_id]
        by_id |= {(system, row.external_id): row for row in Report.objects.filter(system=system, external_id__in=ids)}
    found = {
        index: by_key.get(incoming.key) or by_id.get((incoming.system, incoming.external_id))
        for index, incoming in enumerate(batch)
    }
    return {index: row for index, row in found.items() if row is not None}


def _by_keys(keys: Collection[str]) -> Iterable[Report]:
    if len(keys) > 1:
        return Report.objects.filter(key__in=keys)
    return [row for key in keys if (row := row_by(Report, key=key))]


def _units(batch: Any) -> dict[str, Unit]:
    """The units named in the batch, by the code as it was written. A code that names nothing names no place."""
    written: dict[str, str] = {}
    for incoming in batch:
        if incoming.unit_code and incoming.unit is None:
            try:
                written[incoming.unit_code] = str(UnitCode.parse(incoming.unit_code))
            except UnitCodeError:
                continue
    if not written:
        return {}
    rows = {unit.code: unit for unit in Unit.objects.filter(code__in=written.values())}
    return {text: rows[code] for text, code in written.items() if code in rows}


def _prepare(
    incoming: Incoming, units: Mapping[str, Unit], town: _Town
) -> tuple[reports.NewReport, list[NewMatter], str]:
    now, rulebook = clock.now(), town.rulebook
    unit = incoming.unit or units.get(incoming.unit_code)
    point = _point(incoming)
    area = _area(incoming, unit, point, town.places)
    longest = LONGEST_UPSTREAM_WORDS if incoming.system else LONGEST_WORDS
    words = incoming.words.strip()[:longest]
    title = incoming.title.strip()[:200]
    sensitive = sensitivity("\n".join([title, words, *incoming.demands]))
    secrecy = Report.Secrecy.OPEN
    if set(sensitive) - {SECRET}:
        secrecy = Report.Secrecy.RESTRICTED
    elif sensitive or incoming.secret:
        secrecy = Report.Secrecy.SECRET
    token = reports.new_token(incoming.key)
    row = Report(
        channel=incoming.channel, system=incoming.system, external_id=incoming.external_id,
        key=incoming.key or None, unit=unit, area_id=area, address=incoming.address.strip()[:200],
        longitude=point[0] if point else None, latitude=point[1] if point else None,
        coordinate_system=incoming.coordinate_system if point else "",
        picked_kind=incoming.picked_kind if incoming.picked_kind in rulebook.catalogue else "", title=title, words=words,
        secrecy=secrecy, sensitivity=list(sensitive), received_at=incoming.received_at or now,
        upstream_due=incoming.upstream_due[:60], upstream_row=dict(incoming.upstream_row) if incoming.upstream_row else None,
        link_digest=reports.digest_of(token),
    )
    given = [upstream_clock(now, incoming.upstream_due_at)] if incoming.upstream_due_at else []
    clocks = [*given]
    if incoming.phone.strip() or incoming.system:
        clocks.append(plan("contact", rulebook.term("contact_by"), now, rulebook.calendar))
    if incoming.channel != Report.Channel.GRID or incoming.phone.strip():
        clocks.append(plan("reply", rulebook.reply_term(incoming.channel), now, rulebook.calendar))
    asked = [text for text in incoming.demands if text.strip()] or [f"{title}\n{words}".strip()]
    matters = [
        _matter(row, position, text, unit, area, town, tuple(given))
        for position, text in enumerate(asked, start=1)
    ]
    row.answerer_id = matters[0].held_by
    shown = {"emergency_shown": incoming.emergency_shown} if incoming.emergency_shown else {}
    name, phone = incoming.name.strip()[:60], incoming.phone.strip()[:30]
    return reports.NewReport(row, name, phone, incoming.uploads, tuple(clocks), shown), matters, token


def _matter(
    report: Report, position: int, asks: str, unit: Unit | None, area: str | None, town: _Town, given: tuple[ClockPlan, ...]
) -> NewMatter:
    """Judge one demand and prepare its matter: the post that the rules name, the desk to confirm, or the backstop."""
    rulebook, book = town.rulebook, town.book
    question = question_for(rulebook, None, unit, area, {})
    judged: Judgement = judge(asks, report.picked_kind or None, rulebook.catalogue, book, question)
    alarm: Alarm = lane_of(asks, judged.kind, rulebook.catalogue)
    clear = judged.code is JudgementCode.CLEAR
    confirm = clear and not town.auto_dispatch and alarm.lane is not Lane.LIFE
    matter = Matter(
        kind=judged.kind or "", unit=unit, area_id=area, address=report.address,
        summary=(report.title or asks.replace("\n", " "))[:200], lane=str(alarm.lane),
        restricted=report.secrecy == Report.Secrecy.RESTRICTED,
        unclear="confirm" if confirm else "" if clear else str(judged.code),
    )
    candidates = [
        {"kind": one.kind, "score": round(one.score * 1000), "matched": list(one.matched), "post": answer.post,
         "status": str(answer.status)}
        for one, answer in judged.candidates
    ]
    inputs = {
        "kind": judged.kind, "unit_type": question.unit_type, "area": area, "hours": str(question.hours),
        "facts": dict(question.facts), "day": question.day.isoformat(), "candidates": candidates, "judged": str(judged.code),
    }
    call = {"emergency": alarm.emergency.call, "danger": alarm.kind} if alarm.emergency else {}
    demand = Demand(report=report, matter=matter, position=position, asks=asks)
    return NewMatter(
        row=matter, demands=(demand,), answer=judged.answer, held_by=book.duty_desk if confirm else judged.answer.post, inputs=inputs,
        upstream_due=given, payload={"judged": str(judged.code), **call},
    )


def _point(incoming: Incoming) -> tuple[float, float] | None:
    """The point in WGS-84, if one was given and lies on the globe."""
    if incoming.longitude is None or incoming.latitude is None:
        return None
    if not (-180 <= incoming.longitude <= 180 and -90 <= incoming.latitude <= 90):
        return None
    if incoming.coordinate_system not in list(CoordinateSystem):
        return None
    source = CoordinateSystem(incoming.coordinate_system)
    return convert((incoming.longitude, incoming.latitude), source, CoordinateSystem.WGS84)


def _area(
    incoming: Incoming, unit: Unit | None, point: tuple[float, float] | None, places: AreaDirectory
) -> str | None:
    """The nearest that is known of where it is: the unit's grid, the area named, the point's grid, the address's village."""
    if unit is not None:
        return unit.area_id
    if incoming.area_code in places.areas:
        return incoming.area_code
    located = places.shapes.locate(*point) if point else None
    return located or named_in(f"{incoming.address} {incoming.title}", places)
