"""Receiving reports: stored as said, judged, and in the same transaction accepted as matters with one holder each.

``receive`` takes a batch, since imports bring thousands; one report is a batch of one. Nothing well-formed is
refused here: what is unclear, doubtful or sensitive is held by the duty desk or a backstop, and says so.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.db import IntegrityError

from doudi.engine.danger.assessment import Severity
from doudi.engine.duties.answers import Answer
from doudi.engine.duties.book import DutyBook
from doudi.engine.kinds.catalogue import Lane
from doudi.engine.matters.clocks import ClockPlan, plan, upstream_clock
from doudi.engine.triage.danger import Alarm, lane_of
from doudi.engine.triage.judgement import Judgement, JudgementCode, judge
from doudi.engine.triage.sensitive import SECRET, restricts, sensitivity
from doudi.engine.triage.whole_text import WholeText
from doudi.engine.units.codes import UnitCode, UnitCodeError
from doudi.web import clock
from doudi.web.areas.queries import AreaDirectory, areas
from doudi.web.duties.queries import book_under
from doudi.web.idempotency.services import Asked, outcomes, remember
from doudi.web.journal.services import unit_of_work
from doudi.web.matters import services as matters
from doudi.web.matters.errors import MatterStepError
from doudi.web.matters.models import Danger, Demand, Matter
from doudi.web.matters.services import NewMatter, accept, danger_columns, question_for, told_again
from doudi.web.people.actor import SYSTEM, Actor
from doudi.web.reports import services as reports
from doudi.web.reports.models import Report
from doudi.web.rulebook.queries import Rulebook, rulebook_on
from doudi.web.sql.insert import bulk_insert, one_statement
from doudi.web.triage.incoming import Incoming, storable
from doudi.web.triage.placing import Placed, placed_by, point_of
from doudi.web.triage.queries import digest_in_use, model_of
from doudi.web.triage.services.in_place import fixed_in_place
from doudi.web.triage.services.same_danger import Prepared, fold
from doudi.web.units.models import Unit

TRIES = 4
LONGEST_WORDS = 4000
#: a doubt that a clear report dispels: it came while many came
CROWD = "crowd"
LONGEST_UPSTREAM_WORDS = 20000


@dataclass(frozen=True, slots=True)
class Foreseen:
    """What would become of a report: where it is taken to be, who would hold it as what, and the danger in its words."""

    placed: Placed
    judged: Judgement
    alarm: Alarm


def foresee(incoming: Incoming) -> Foreseen:
    """The judgement that ``receive`` would come to now, for whoever takes the report down; nothing is stored."""
    rulebook, places = rulebook_on(), areas()
    unit = incoming.unit or _units([incoming]).get(incoming.unit_code)
    placed = placed_by(incoming, unit, point_of(incoming), places)
    question = question_for(rulebook, None, placed.unit, placed.area, {})
    book = book_under(rulebook, places.version)
    model = model_of(digest_in_use())
    judged = judge(incoming.words, incoming.picked_kind or None, rulebook.catalogue, book, question, model)
    return Foreseen(placed, judged, lane_of(incoming.words, judged.kind, rulebook.catalogue, rulebook.phones))


@dataclass(frozen=True, slots=True)
class Received:
    """``token`` opens the secret link and exists only here; a report known by another system's id has none to give."""

    report: Report
    matters: tuple[Matter, ...]
    token: str
    known: bool


def receive(batch: Sequence[Incoming], *, auto_dispatch: bool | None = None, actor: Actor = SYSTEM) -> list[Received]:
    """Store each report and accept its demands, in one transaction with one journal append.

    ``auto_dispatch`` lets clear matters go straight to the post that the rules name; otherwise the duty desk holds
    them until a person confirms (default: the rulebook's parameter). The answers keep the order of the batch.

    The whole batch is tried again when it collides: with a twin of the same message that another process has just
    stored (then found, and harmless), or with a number drawn by chance.
    """
    for tries_left in reversed(range(TRIES)):
        try:
            with unit_of_work():
                return _receive(batch, auto_dispatch, actor)
        except IntegrityError:
            if not tries_left:
                raise
    raise AssertionError("the last try returns or raises")


def _receive(given: Sequence[Incoming], auto_dispatch: bool | None, actor: Actor) -> list[Received]:
    batch = [storable(incoming) for incoming in given]
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
    town = _town(rulebook, auto_dispatch)
    made = {index: Prepared(*_prepare(batch[index], units, town)) for index in fresh}
    folded = fold(batch, made, rulebook)
    _number(Report, [one.report.row for one in made.values()])
    _number(Matter, [one.row for prepared in made.values() for one in prepared.matters])
    with one_statement():
        remember([(batch[i].asked, {"report": str(one.report.row.pk)}) for i, one in made.items() if batch[i].key])
        reports.store([one.report for one in made.values()], actor)
        accept([matter for one in made.values() for matter in one.matters], rulebook, actor)
        bulk_insert(folded.heard)
    for pk, demands in folded.joining.items():
        told_again(actor, folded.standing[pk], demands)
    answers = []
    for index, incoming in enumerate(batch):
        if index in made:
            one = made[index]
            matters = (folded.into[index],) if index in folded.into else tuple(new.row for new in one.matters)
            answers.append(Received(one.report.row, matters, one.token, known=False))
        else:
            first = next((within[mark] for mark in _marks(incoming) if mark in within), -1)
            twin = known.get(index) or made[first].report.row
            token = reports.new_token(_token_key(incoming))
            token = token if incoming.key and reports.digest_of(token) == twin.link_digest else ""
            answers.append(
                Received(twin, tuple(Matter.objects.filter(demands__report=twin).distinct()), token, known=True)
            )
    return answers


def _number(table: type[Report] | type[Matter], rows: Sequence[Any]) -> None:
    for row, number in zip(rows, reports.draw_numbers(table, len(rows)), strict=True):
        row.number = number


@dataclass(frozen=True, slots=True)
class _Town:
    """What every report of a batch is judged by."""

    places: AreaDirectory
    rulebook: Rulebook
    book: DutyBook
    auto_dispatch: bool
    digest: str
    model: WholeText | None


def _town(rulebook: Rulebook, auto_dispatch: bool) -> _Town:
    places, digest = areas(), digest_in_use()
    return _Town(places, rulebook, book_under(rulebook, places.version), auto_dispatch, digest, model_of(digest))


def _marks(incoming: Incoming) -> list[tuple[str, str]]:
    """What makes a message the same message: its key, and its id in a system above."""
    marks = [incoming.asked] if incoming.key else []
    return [*marks, (f"system:{incoming.system}", incoming.external_id)] if incoming.external_id else marks


def _known(batch: Sequence[Incoming]) -> dict[int, Report]:
    by_key = _by_keys([incoming.asked for incoming in batch if incoming.key])
    by_id: dict[tuple[str, str], Report] = {}
    for system in {incoming.system for incoming in batch if incoming.external_id}:
        ids = [incoming.external_id for incoming in batch if incoming.system == system and incoming.external_id]
        by_id |= {(system, row.external_id): row for row in Report.objects.filter(system=system, external_id__in=ids)}
    found = {
        index: (by_key.get(incoming.asked) if incoming.key else None)
        or by_id.get((incoming.system, incoming.external_id))
        for index, incoming in enumerate(batch)
    }
    return {index: row for index, row in found.items() if row is not None}


def was_received(incoming: Incoming) -> bool:
    """Whether the same form with the same content was received before, so that receiving it again changes nothing."""
    return bool(incoming.key and outcomes([incoming.asked]))


def _by_keys(asked: Collection[Asked]) -> dict[Asked, Report]:
    """The reports that came of the same actions before."""
    came = {one: outcome["report"] for one, outcome in outcomes(asked).items()}
    rows = {str(row.pk): row for row in Report.objects.filter(pk__in=set(came.values()))} if came else {}
    return {one: rows[pk] for one, pk in came.items()}


def _token_key(incoming: Incoming) -> str:
    """From what the link's token follows: the same form with the same content gets the same link again."""
    if incoming.slip:
        return reports.slip_key(incoming.slip)
    return "\x1f".join(incoming.asked) if incoming.key else ""


def _units(batch: Iterable[Incoming]) -> dict[str, Unit]:
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
    since = incoming.since(now)
    unit = incoming.unit or units.get(incoming.unit_code)
    point = point_of(incoming)
    placed = placed_by(incoming, unit, point, town.places)
    unit, area = placed.unit, placed.area
    longest = LONGEST_UPSTREAM_WORDS if incoming.system else LONGEST_WORDS
    words = incoming.words.strip()[:longest]
    title = incoming.title.strip()[:200]
    said = "\n".join([title, words, *incoming.demands])
    heard_of = sensitivity(said)
    sensitive = (*heard_of, SECRET) if incoming.secret and SECRET not in heard_of else heard_of
    secrecy = Report.Secrecy.OPEN
    if restricts(said):
        secrecy = Report.Secrecy.RESTRICTED
    elif SECRET in sensitive:
        secrecy = Report.Secrecy.SECRET
    token = reports.new_token(_token_key(incoming))
    row = Report(
        channel=incoming.channel,
        system=incoming.system,
        external_id=incoming.external_id,
        unit=unit,
        area_id=area,
        address=incoming.address.strip()[:200],
        longitude=point[0] if point else None,
        latitude=point[1] if point else None,
        coordinate_system=incoming.coordinate_system if point else "",
        picked_kind=incoming.picked_kind if incoming.picked_kind in rulebook.catalogue else "",
        title=title,
        words=words,
        secrecy=secrecy,
        sensitivity=list(sensitive),
        received_at=incoming.received_at or now,
        upstream_due=incoming.upstream_due[:60],
        sealed_row=json.dumps(incoming.upstream_row, ensure_ascii=False) if incoming.upstream_row else "",
        link_digest=reports.digest_of(token),
        notice=incoming.notice or None,
    )
    given = [upstream_clock(now, incoming.upstream_due_at)] if incoming.upstream_due_at else []
    clocks = [*given]
    if incoming.phone.strip() or incoming.system:
        clocks.append(plan("contact", rulebook.term("contact_by"), since, rulebook.calendar))
    if incoming.channel != Report.Channel.GRID or incoming.phone.strip():
        clocks.append(plan("reply", rulebook.reply_term(incoming.channel), since, rulebook.calendar))
    asked = [text for text in incoming.demands if text.strip()] or [f"{title}\n{words}".strip()]
    matters = [_matter(row, position, text, placed, town, tuple(given)) for position, text in enumerate(asked, start=1)]
    if incoming.fixed_by:
        matters = [fixed_in_place(one, incoming.fixed_by, sensitive, rulebook) for one in matters]
    if since < now:
        matters = [replace(one, since=since) for one in matters]
    row.answerer_id = matters[0].held_by
    if incoming.doubt and all(_may_wait(one, incoming.doubt, rulebook) for one in matters):
        row.status, row.quarantine_reason = Report.Status.QUARANTINED, incoming.doubt
        row.answerer_id, matters, asked = town.book.duty_desk, [], []
    shown = {"emergency_shown": incoming.emergency_shown, "notice": incoming.notice}
    shown = {name: told for name, told in shown.items() if told}
    name, phone = incoming.name.strip()[:60], incoming.phone.strip()[:30]
    return (
        reports.NewReport(row, name, phone, incoming.uploads, tuple(clocks), tuple(asked), incoming.claim, shown),
        matters,
        token,
    )


def _matter(
    report: Report,
    position: int,
    asks: str,
    placed: Placed,
    town: _Town,
    given: tuple[ClockPlan, ...],
) -> NewMatter:
    """Judge one demand and prepare its matter: the post that the rules name, the desk to confirm, or the backstop."""
    rulebook, book = town.rulebook, town.book
    unit, area = placed.unit, placed.area
    question = question_for(rulebook, None, unit, area, {})
    judged: Judgement = judge(asks, report.picked_kind or None, rulebook.catalogue, book, question, town.model)
    alarm: Alarm = lane_of(asks, judged.kind, rulebook.catalogue, rulebook.phones)
    clear = judged.code is JudgementCode.CLEAR
    confirm = clear and not town.auto_dispatch and alarm.lane is not Lane.LIFE
    matter = Matter(
        kind=judged.kind or "",
        unit=unit,
        area_id=area,
        address=report.address,
        summary=(report.title or asks.replace("\n", " "))[:200],
        restricted=report.secrecy == Report.Secrecy.RESTRICTED,
        secret=report.secrecy != Report.Secrecy.OPEN,
        unclear="confirm" if confirm else "" if clear else str(judged.code),
    )
    candidates = [
        {
            "kind": one.kind,
            "score": round(one.score * 1000),
            "matched": list(one.matched),
            "post": answer.post,
            "status": str(answer.status),
            "likely": one.likely,
            **_beyond(answer, rulebook),
        }
        for one, answer in judged.candidates
    ]
    inputs = {
        "kind": judged.kind,
        "unit_type": question.unit_type,
        "area": area,
        "hours": str(question.hours),
        "facts": dict(question.facts),
        "day": question.day.isoformat(),
        "candidates": candidates,
        "judged": str(judged.code),
        **_read_by(town),
        **placed.inputs,
    }
    call = {"emergency": alarm.emergency.call, "danger": alarm.kind} if alarm.emergency else {}
    demand = Demand(report=report, matter=matter, position=position, asks=asks)
    danger = None
    if alarm.severity is not Severity.NONE:
        danger = Danger(
            answer=alarm.severity, source=Danger.Source.RECEIVED, demand=demand, **danger_columns(alarm, asks)
        )
    return NewMatter(
        row=matter,
        demands=(demand,),
        answer=judged.answer,
        held_by=book.duty_desk if confirm else judged.answer.post,
        inputs=inputs,
        upstream_due=given,
        payload={"judged": str(judged.code), **call},
        danger=danger,
    )


def _beyond(answer: Answer, rulebook: Rulebook) -> dict[str, object]:
    """Who decides where the authority above has taken the matter back; nothing for what is the town's own."""
    taken = answer.competent is not None and rulebook.taken_back.issuperset(answer.rules) and bool(answer.rules)
    return {"beyond": answer.competent.body} if taken and answer.competent else {}


def _read_by(town: _Town) -> dict[str, object]:
    """Which model read the words, and whether its shares hold; nothing where the catalogue's words were looked for."""
    return {"model": town.digest, "calibrated": town.model.calibrated} if town.model is not None else {}


def _may_wait(matter: NewMatter, doubt: str, rulebook: Rulebook) -> bool:
    """Whether what is doubtful may be set apart: never danger, and in a crowd only what says nothing that we know."""
    [demand], kind = matter.demands, matter.row.kind
    alarm = lane_of(demand.asks, kind or None, rulebook.catalogue, rulebook.phones)
    return matter.danger is None and alarm.lane is Lane.NORMAL and (doubt != CROWD or not kind)


@unit_of_work()
def release(actor: Actor, report: Report) -> None:
    """Nothing is doubtful about it (any more): it goes its way, with matters where it was set apart before it had any."""
    if Demand.objects.filter(report=report).exists():
        reports.release(actor, report)
        return
    rulebook = rulebook_on()
    town = _town(rulebook, bool(rulebook.parameters["auto_dispatch"]))
    asks = f"{report.title}\n{report.words}".strip()
    matter = _matter(report, 1, asks, Placed(report.unit, report.area_id), town, ())
    _number(Matter, [matter.row])
    reports.release(actor, report, asks=(asks,), answerer=matter.held_by)
    accept([matter], rulebook, actor)


@unit_of_work()
def part(actor: Actor, matter: Matter, demand: Demand, text: str) -> Matter:
    """One demand of a matter becomes a matter of its own, judged as if it came now; returns that one."""
    rulebook, report = rulebook_on(), demand.report
    town = _town(rulebook, bool(rulebook.parameters["auto_dispatch"]))
    placed = Placed(report.unit, report.area_id) if report.area_id else Placed(matter.unit, matter.area_id)
    new = _with_demand(_matter(report, demand.position, demand.asks, placed, town, ()), demand)
    _number(Matter, [new.row])
    matters.part(actor, matter, [new], text)
    return new.row


@unit_of_work()
def split(actor: Actor, matter: Matter, demand: Demand, asks: Sequence[str], text: str) -> list[Matter]:
    """What one demand asks is ``asks``, each a matter judged by its own words: the first stays where it is.

    Returns the new ones.
    """
    said = [one.strip()[:LONGEST_WORDS] for one in asks]
    if len(said) < 2 or not all(said):
        raise MatterStepError("请至少分成两件，每件都要有话。")
    rulebook, report = rulebook_on(), demand.report
    town = _town(rulebook, bool(rulebook.parameters["auto_dispatch"]))
    places = areas()
    first = Placed(matter.unit, matter.area_id)
    last = Demand.objects.filter(report=report).count()
    new: list[NewMatter] = []
    for position, one in enumerate(said[1:], start=last + 1):
        # Each thing may lie elsewhere; what its own words leave open is where the letter is.
        own = placed_by(Incoming(report.channel, one), None, None, places) if report.unit is None else first
        placed = own if own.area and own.located.confident else first
        made = _matter(report, position, one, placed, town, ())
        made.row.summary = one.replace("\n", " ")[:200]
        new.append(made)
    _number(Matter, [one.row for one in new])
    matters.split(actor, matter, demand, said[0], new, text)
    return [one.row for one in new]


def _with_demand(new: NewMatter, demand: Demand) -> NewMatter:
    """The same with a demand that is stored already."""
    if new.danger is not None:
        new.danger.demand = demand
    return replace(new, demands=(demand,))


def hear_apart(report: Report, text: str) -> None:
    """Words that come later to a report without matters: where they tell of danger, it is taken up first."""
    apart = report.status == Report.Status.QUARANTINED and not Demand.objects.filter(report=report).exists()
    rulebook = rulebook_on()
    if apart and lane_of(text, None, rulebook.catalogue, rulebook.phones).lane is not Lane.NORMAL:
        release(SYSTEM, report)
