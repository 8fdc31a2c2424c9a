"""The only writer of units and plaques: codes minted once and for ever, plaques that come and go."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db.models import F, ProtectedError, QuerySet

from doudi.engine.areas.coordinates import CoordinateSystem, LonLat, convert, distance_m
from doudi.engine.people.vocabulary import Power
from doudi.engine.units.codes import UnitCode
from doudi.engine.units.plaques import PlaqueStep, is_far, state_after, states_before
from doudi.web import clock
from doudi.web.areas.models import Area
from doudi.web.journal.services import Fact, append, keep_text, text_payload, unit_of_work
from doudi.web.people.actor import SYSTEM, Actor
from doudi.web.tables.saved import Changed, Saved, differing
from doudi.web.units.errors import PlaqueError, UnitError
from doudi.web.units.models import BatchVoiding, PlaceSeen, PlacesVersion, Plaque, Unit

_BATCH = 500


@dataclass(frozen=True, slots=True)
class NewUnit:
    """A place to be entered. ``code``: one it already bears (a move from another system, a demo), else it is minted.

    ``point``: (longitude, latitude) in ``coordinate_system``. ``type`` is checked above, where the rulebook is known.
    """

    type: str
    name: str
    area: str
    address: str = ""
    point: tuple[float, float] | None = None
    coordinate_system: str = "wgs84"
    facts: Mapping[str, str] = field(default_factory=dict)
    external_codes: Mapping[str, str] = field(default_factory=dict)
    supervisor: str | None = None
    owner: str | None = None
    maintainer: str | None = None
    since: date | None = None
    code: str = ""
    #: the columns of which a table speaks; None: all of them
    given: frozenset[str] | None = None


@dataclass(frozen=True, slots=True)
class Here:
    """Where a phone says it is, and within how many metres it knows."""

    point: LonLat
    accuracy: float


@unit_of_work()
def change_units(rows: Mapping[str, NewUnit], *, by: Actor = SYSTEM) -> Saved:
    """Let the places (by code) say what their rows say now, as far as these speak of it."""
    changed = []
    for unit in Unit.objects.filter(code__in=rows, until__isnull=True).order_by("code"):
        row = rows[unit.code]
        fresh = _unit(row, unit.code)
        given = None if row.given is None else row.given | (_WITH_POINT if "longitude" in row.given else frozenset())
        wanted = {column: getattr(fresh, column) for column in _CHANGEABLE}
        if row.given is not None and {"credit_code", "external"} & row.given:
            given = (given or frozenset()) | {"external_codes"}
            wanted["external_codes"] = unit.external_codes | fresh.external_codes
        if columns := differing(unit, wanted, given):
            for column, (_before, after) in columns.items():
                setattr(unit, column, after)
            unit.save(update_fields=list(columns))
            changed.append(Changed(unit.code, unit.name, columns))
            append(Fact.new("unit_changed", f"unit/{unit.code}", {"columns": sorted(columns)}, by=by))
    if changed:
        bump_places_version()
    return Saved(len(rows), changed=tuple(changed))


#: what a table may change of a place; what depends on its coordinates comes with them
_CHANGEABLE = (
    "name type area_id address longitude latitude coordinate_system facts external_codes supervisor_id owner_id maintainer_id"
).split()
_WITH_POINT = frozenset({"longitude", "latitude", "coordinate_system"})


@unit_of_work()
def mint_units(
    rows: Iterable[NewUnit], *, draw: Callable[[int], bytes] = secrets.token_bytes, by: Actor = SYSTEM
) -> list[Unit]:
    """Enter places, each with its own code. All or none; `UnitError` names the first row that does not fit."""
    rows = list(rows)
    standing = Area.objects.filter(code__in={row.area for row in rows}, until__isnull=True)
    areas = set(standing.values_list("code", flat=True))
    given = [str(UnitCode.parse(row.code)) for row in rows if row.code]
    if len(set(given)) < len(given) or Unit.objects.filter(code__in=given).exists():
        raise UnitError("有编码已经用过或写了两次：编码一经使用永不再用，请删去重复的行。")
    taken = set(given)
    units = []
    for number, row in enumerate(rows, 1):
        if row.area not in areas:
            raise UnitError(
                "第 {number} 行“{name}”的网格代码 {area} 不在区域目录里，请先载入区域。",
                number=number,
                name=row.name,
                area=row.area,
            )
        code = str(UnitCode.parse(row.code)) if row.code else _fresh(draw, taken)
        taken.add(code)
        units.append(_unit(row, code))
    Unit.objects.bulk_create(units, batch_size=_BATCH)
    if units:
        bump_places_version()
        append(Fact.new("units_minted", "units", {"units": len(units)}, by=by))
    return units


def bump_places_version() -> None:
    """Say that a place or one of its names changed. Call it inside the transaction that changed it."""
    PlacesVersion.objects.get_or_create(id=1)
    PlacesVersion.objects.filter(id=1).update(number=F("number") + 1)


def _fresh(draw: Callable[[int], bytes], taken: set[str]) -> str:
    """A code nobody bears. Two in a million towns collide; the primary key has the last word."""
    while True:
        code = str(UnitCode.mint(draw))
        if code not in taken and not Unit.objects.filter(code=code).exists():
            return code


def _unit(row: NewUnit, code: str) -> Unit:
    point = (
        convert(row.point, CoordinateSystem(row.coordinate_system), CoordinateSystem.WGS84)
        if row.point
        else (None, None)
    )
    return Unit(
        code=code,
        type=row.type,
        name=row.name,
        area_id=row.area,
        address=row.address,
        longitude=point[0],
        latitude=point[1],
        coordinate_system=row.coordinate_system,
        facts=dict(row.facts),
        external_codes=dict(row.external_codes),
        supervisor_id=row.supervisor,
        owner_id=row.owner,
        maintainer_id=row.maintainer,
        since=row.since or clock.today(),
    )


@unit_of_work()
def end_unit(by: Actor, unit: Unit, text: str, successors: Sequence[Unit] = ()) -> None:
    """The place exists no longer, or is now others; its code answers for ever with what came of it, its signs serve no more.

    Higher slices look first whether anything is still at work there.
    """
    by.require_in(Power.END_UNITS, unit.area_id)
    if not text.strip():
        raise UnitError("请写明注销这个场所的理由，如关门歇业、拆除、并入别处。")
    if unit.code in {one.code for one in successors}:
        raise UnitError("场所不能由自己接替：请填另一个场所的编码，或留空。")
    if not Unit.objects.filter(pk=unit.pk, until__isnull=True).update(until=clock.today()):
        raise UnitError("“{name}”已经注销过了。", name=unit.name)
    unit.successors.add(*successors)
    living = Plaque.objects.filter(unit=unit, state__in=states_before(PlaqueStep.REVOKE))
    living.update(state=state_after(PlaqueStep.REVOKE, text))
    bump_places_version()
    told = {"successors": [one.code for one in successors], **text_payload(keep_text(text))}
    append(Fact.new("unit_ended", f"unit/{unit.code}", told, by=by))


@unit_of_work()
def take_back_unit(unit: Unit, *, by: Actor = SYSTEM) -> None:
    """A place that was entered by mistake and that nothing names yet is gone, its code with it. Raises UnitError else."""
    by.require(Power.MANAGE_AREAS)
    if Unit.successors.through.objects.filter(to_unit=unit).exists():
        raise UnitError("“{name}”接替了另一个已注销的场所，不能删去，请按注销办理。", name=unit.name)
    try:
        with unit_of_work():
            Unit.objects.get(pk=unit.pk).delete()
    except ProtectedError as error:
        raise UnitError("“{name}”已经有码牌、诉求或事项，请按注销办理。", name=unit.name) from error
    bump_places_version()
    append(Fact.new("unit_taken_back", f"unit/{unit.pk}", {}, by=by))


@unit_of_work()
def mint_plaques(
    units: Iterable[Unit], batch: str, *, state: str = Plaque.State.MINTED, by: Actor = SYSTEM
) -> list[Plaque]:
    """One new plaque for each unit, numbered within the batch. ``state`` differs only for a town that already has signs."""
    by.require(Power.PRINT_PLAQUES)
    first = Plaque.objects.filter(batch=batch).count() + 1
    plaques = [Plaque(unit=unit, batch=batch, sheet_no=number, state=state) for number, unit in enumerate(units, first)]
    Plaque.objects.bulk_create(plaques, batch_size=_BATCH)
    if plaques:
        append(Fact.new("plaques_minted", f"plaques/{batch}", {"plaques": len(plaques), "state": str(state)}, by=by))
    return plaques


@unit_of_work()
def mark_printed(by: Actor, plaques: Iterable[Plaque]) -> int:
    """The labels were handed out for print. A printed sign serves nobody until it is placed: a stolen roll is worthless."""
    by.require(Power.PRINT_PLAQUES)
    ids = [plaque.pk for plaque in plaques]
    found = Plaque.objects.filter(pk__in=ids, state__in=states_before(PlaqueStep.PRINT))
    done = found.update(state=state_after(PlaqueStep.PRINT))
    if done:
        append(Fact.new("plaques_printed", "plaques", {"plaques": done}, by=by))
    return done


@unit_of_work()
def place_plaque(by: Actor, plaque: Plaque, *, longitude: float | None = None, latitude: float | None = None) -> None:
    """Somebody stands at the place and has put the sign up; from now on it serves. The signs before it step back."""
    by.require(Power.PLACE_PLAQUES)
    if not by.may_in(Power.PLACE_PLAQUES, plaque.unit.area_id):
        raise PlaqueError("这个场所不在您的责任网格内，请联系所在网格的网格员张贴。")
    now, post = clock.now(), by.post_for(Power.PLACE_PLAQUES)
    done = Plaque.objects.filter(pk=plaque.pk, state__in=states_before(PlaqueStep.PLACE)).update(
        state=state_after(PlaqueStep.PLACE), placed_by=post, placed_at=now, longitude=longitude, latitude=latitude
    )
    if not done:
        raise PlaqueError("这块码牌已经登记过张贴，不必再登记。")
    older = Plaque.objects.filter(unit=plaque.unit, state__in=states_before(PlaqueStep.REPLACE))
    older.exclude(pk=plaque.pk).update(state=state_after(PlaqueStep.REPLACE), replaced_at=now)
    payload: dict[str, object] = {"unit": plaque.unit_id, "located": longitude is not None}
    append(Fact.new("plaque_placed", f"plaque/{plaque.pk}", payload, by=by))


@unit_of_work()
def see_place(by: Actor, unit: Unit, here: Here | None = None) -> int | None:
    """Somebody stands here and has looked. Only the day is kept, so that places which nobody sees come up.

    A sign that was put up is in use from the first time on. ``here``: where the phone is now, for this look alone; too far
    from where the sign hangs it makes it suspect. Returns how many metres then, else None.
    """
    by.require_in(Power.WALK, unit.area_id)
    PlaceSeen.objects.update_or_create(unit=unit, defaults={"seen_on": clock.today()})
    plaque = (
        Plaque.objects.filter(unit=unit, state__in=Plaque.IN_USE).order_by("-placed_at", "-batch", "-sheet_no").first()
    )
    if plaque is None:
        return None
    metres = _metres_off(plaque, here) if here else None
    if here and metres is not None and is_far(metres, here.accuracy):
        _change(
            by,
            plaque,
            "plaque_suspected",
            PlaqueStep.SUSPECT,
            f"扫码的地方离登记的位置 {metres} 米。",
            suspected_at=clock.now(),
        )
        return metres
    if plaque.state in states_before(PlaqueStep.ACTIVATE):
        _change(by, plaque, "plaque_activated", PlaqueStep.ACTIVATE, "")
    return None


def _metres_off(plaque: Plaque, here: Here) -> int | None:
    """How far from where the sign was put up, else from where its place lies; None: neither is known."""
    for row in (plaque, plaque.unit):
        if row.longitude is not None and row.latitude is not None:
            return round(distance_m(here.point, (row.longitude, row.latitude)))
    return None


@unit_of_work()
def doubt_plaque(by: Actor, unit: Unit) -> None:
    """Somebody who scanned it says that the sign looks false; anybody may. What they wrote stands in their report alone."""
    for plaque in Plaque.objects.filter(unit=unit, state__in=states_before(PlaqueStep.SUSPECT)).order_by("pk"):
        _change(by, plaque, "plaque_suspected", PlaqueStep.SUSPECT, "扫码的人说像假的。", suspected_at=clock.now())


@unit_of_work()
def suspect_plaque(by: Actor, plaque: Plaque, text: str) -> None:
    """It may be copied, moved or damaged; it goes on serving until somebody has looked."""
    by.require_in(Power.NOTE, plaque.unit.area_id)
    _change(by, plaque, "plaque_suspected", PlaqueStep.SUSPECT, text, suspected_at=clock.now())


@unit_of_work()
def clear_plaque(by: Actor, plaque: Plaque, text: str) -> None:
    """Somebody has looked in place: the sign is ours and hangs where it belongs."""
    by.require_in(Power.PLACE_PLAQUES, plaque.unit.area_id)
    _change(by, plaque, "plaque_cleared", PlaqueStep.CLEAR, text, suspected_at=None)


@unit_of_work()
def revoke_plaque(by: Actor, plaque: Plaque, text: str) -> None:
    """The sign no longer names its place. The code stays with the unit and serves again by the next sign."""
    by.require_in(Power.REVOKE_PLAQUES, plaque.unit.area_id)
    _change(by, plaque, "plaque_revoked", PlaqueStep.REVOKE, text)


@unit_of_work()
def ask_batch_void(by: Actor, batch: str, text: str) -> None:
    """A whole print run is to be void. Nothing changes until somebody else agrees."""
    living = _living_of_batch(by, batch)
    state_after(PlaqueStep.REVOKE, text)
    if by.person is None or not living.exists():
        raise PlaqueError("这个批次没有可以作废的码牌了。")
    if BatchVoiding.objects.filter(batch=batch, ended_at=None).exists():
        raise PlaqueError("这个批次已经有人申请整批作废，等另一位同事同意。")
    kept = keep_text(text)
    BatchVoiding.objects.create(batch=batch, asked_by=by.person, asked_at=clock.now(), words=kept)
    append(Fact.new("batch_void_asked", f"plaques/{batch}", text_payload(kept), by=by))


@unit_of_work()
def answer_batch_void(by: Actor, batch: str, *, agree: bool) -> int:
    """Another person agrees, and all living signs of the run are void; or it is dropped, by anybody who may. Returns how many."""
    living = _living_of_batch(by, batch)
    asked = BatchVoiding.objects.select_for_update(of=("self",)).filter(batch=batch, ended_at=None).first()
    if asked is None:
        raise PlaqueError("没有等着同意的整批作废申请，请刷新后再看。")
    if agree and by.person is not None and asked.asked_by_id == by.person.pk:
        raise PlaqueError("申请的人不能自己同意：整批作废要两个人。")
    done = living.update(state=Plaque.State.REVOKED) if agree else 0
    BatchVoiding.objects.filter(pk=asked.pk).update(ended_by=by.person, ended_at=clock.now(), agreed=agree)
    kind = "batch_voided" if agree else "batch_void_dropped"
    append(Fact.new(kind, f"plaques/{batch}", {"plaques": done}, by=by))
    return done


def _living_of_batch(by: Actor, batch: str) -> QuerySet[Plaque]:
    """The signs of a run that are not void. Raises NotAllowedError where one of them hangs beyond this person's reach."""
    by.require(Power.REVOKE_PLAQUES)
    living = Plaque.objects.filter(batch=batch, state__in=states_before(PlaqueStep.REVOKE))
    for area in living.values_list("unit__area", flat=True).order_by("unit__area").distinct():
        by.require_in(Power.REVOKE_PLAQUES, area)
    return living


def _change(by: Actor, plaque: Plaque, kind: str, step: PlaqueStep, text: str, **columns: datetime | None) -> None:
    after = state_after(step, text)
    if not Plaque.objects.filter(pk=plaque.pk, state__in=states_before(step)).update(state=after, **columns):
        plaque.refresh_from_db(fields=["state"])
        raise PlaqueError("这块码牌现在是“{state}”，不能这样处理；请刷新后再看。", state=plaque.get_state_display())
    append(Fact.new(kind, f"plaque/{plaque.pk}", {"unit": plaque.unit_id, **text_payload(keep_text(text))}, by=by))
