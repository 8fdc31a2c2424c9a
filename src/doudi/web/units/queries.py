"""Places and plaques as pages and other slices read them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.conf import settings
from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery
from django.urls import reverse

from doudi.engine.people.vocabulary import Power
from doudi.engine.units.codes import UnitCode, UnitCodeError
from doudi.engine.units.plaques import REPLACED_SERVES_DAYS
from doudi.web import clock
from doudi.web.people.actor import Actor
from doudi.web.sql.select import first_where
from doudi.web.units.models import BatchVoiding, PlaceSeen, PlacesVersion, Plaque, Unit

_SERVED = (
    "t.code = %s AND t.since <= %s AND (t.until IS NULL OR t.until > %s) AND EXISTS "
    "(SELECT 1 FROM doudi_units_plaque p WHERE p.unit_id = t.code AND p.state IN ('placed', 'active', 'suspect'))"
)
#: well-formed, and borne by no place: what is no code at all is looked for like one that is
_NOBODYS = "0" * 13


def in_life(day: date | None = None) -> QuerySet[Unit]:
    """The places that exist on the day."""
    day = day or clock.today()
    return Unit.objects.filter(since__lte=day).filter(Q(until__isnull=True) | Q(until__gt=day)).select_related("area")


def unit_by_code(text: str) -> Unit | None:
    """The place a code names, its plaque serving or not; None for anything else."""
    try:
        code = UnitCode.parse(text)
    except UnitCodeError:
        return None
    return in_life().filter(code=str(code)).first()


def served_unit(text: str) -> Unit | None:
    """The place that a passer-by stands at: the code is well-formed, the place in life, and one of its plaques hangs."""
    day = clock.today().isoformat()
    return first_where(Unit, _SERVED, [_code_in(text), day, day])


def served_by_old_sign(text: str) -> Unit | None:
    """The place whose last sign was changed for another that is gone since: for a while it takes reports, and says so."""
    since = clock.now() - timedelta(days=REPLACED_SERVES_DAYS)
    old = Plaque.objects.filter(unit=OuterRef("pk"), state=Plaque.State.REPLACED, replaced_at__gt=since)
    return in_life().filter(Exists(old), code=_code_in(text)).first()


def _code_in(text: str) -> str:
    try:
        return str(UnitCode.parse(text))
    except UnitCodeError:
        return _NOBODYS


def heir_of(text: str) -> Unit | None:
    """The one served place that came after the ended one that a code names; None where there is none, or several."""
    ended = Unit.objects.filter(code=_code_in(text), until__lte=clock.today()).first()
    heirs = list(ended.successors.all()[:2]) if ended else []
    return served_unit(heirs[0].code) if len(heirs) == 1 else None


def visible_units(actor: Actor) -> QuerySet[Unit]:
    """The places that this actor may look up: those in the areas that their seats serve."""
    if not (actor.is_system or actor.may(Power.SEE_UNITS)):
        return Unit.objects.none()
    scope = actor.scope(Power.SEE_UNITS)
    return in_life() if scope is None else in_life().filter(area__in=scope)


def places_version() -> int:
    """Raised whenever a place or one of its names changes; 0 before the first."""
    return PlacesVersion.objects.filter(id=1).values_list("number", flat=True).first() or 0


def plaques_of(unit: Unit) -> QuerySet[Plaque]:
    return Plaque.objects.filter(unit=unit).select_related("placed_by").order_by("-batch", "-sheet_no")


def waiting_plaque(unit: Unit) -> Plaque | None:
    """A sign that was made for the place and not yet put up."""
    made = [Plaque.State.MINTED, Plaque.State.PRINTED]
    return (
        Plaque.objects.filter(unit=unit, state__in=made).select_related("unit").order_by("-batch", "-sheet_no").first()
    )


def plaques_of_batch(actor: Actor, batch: str) -> QuerySet[Plaque]:
    """The signs of a print run, as far as this actor may print them."""
    mine = visible_units(actor.only(Power.PRINT_PLAQUES))
    return Plaque.objects.filter(batch=batch, unit__in=mine).select_related("unit__area").order_by("sheet_no")


@dataclass(frozen=True, slots=True)
class BatchView:
    """One print run: how many signs, and how far they have come (state, its label, count)."""

    batch: str
    total: int
    states: tuple[tuple[str, str, int], ...]
    #: somebody asked to make all of it void, and nobody has agreed yet
    asked: BatchVoiding | None = None

    @property
    def living(self) -> bool:
        return any(state != Plaque.State.REVOKED for state, _, _ in self.states)

    @property
    def unprinted(self) -> bool:
        return any(state == Plaque.State.MINTED for state, _, _ in self.states)


def batches(limit: int = 100) -> list[BatchView]:
    """The print runs, the newest names first."""
    counted: dict[str, list[tuple[str, str, int]]] = {}
    for row in Plaque.objects.values("batch", "state").annotate(count=Count("id")).order_by("-batch", "state"):
        counted.setdefault(row["batch"], []).append(
            (row["state"], str(Plaque.STATE_LABELS[Plaque.State(row["state"])]), row["count"])
        )
    waiting = BatchVoiding.objects.filter(ended_at=None).select_related("asked_by", "words")
    asked = {one.batch: one for one in waiting}
    return [
        BatchView(batch, sum(count for _, _, count in states), tuple(states), asked.get(batch))
        for batch, states in list(counted.items())[:limit]
    ]


def is_seen_today(unit: Unit) -> bool:
    """Whether somebody of the town stood here today."""
    return PlaceSeen.objects.filter(unit=unit, seen_on=clock.today()).exists()


def last_seen() -> Subquery:
    """The day on which somebody of the town was last seen at a place, as a column of places; none: never."""
    return Subquery(PlaceSeen.objects.filter(unit=OuterRef("pk")).values("seen_on")[:1])


def not_seen_since(actor: Actor, power: Power, day: date) -> QuerySet[Unit]:
    """Places with a sign, where this actor has the power, at which nobody was seen since the day; the longest unseen first."""
    hanging = Plaque.objects.filter(unit=OuterRef("pk"), state__in=Plaque.SERVING)
    mine = visible_units(actor.only(power)).filter(Exists(hanging)).annotate(seen_on=last_seen())
    unseen = mine.filter(Q(seen_on__isnull=True) | Q(seen_on__lt=day))
    return unseen.order_by(F("seen_on").asc(nulls_first=True), "area", "name", "code")


def without_plaque(actor: Actor, area_codes: Iterable[str] | None = None) -> QuerySet[Unit]:
    """Places in life that no living sign names, made or hanging."""
    living = Plaque.objects.filter(unit=OuterRef("pk")).exclude(state__in=Plaque.GONE)
    bare = visible_units(actor).filter(~Exists(living))
    return bare if area_codes is None else bare.filter(area__in=list(area_codes))


def scan_url(code: str) -> str:
    """What the QR says, in capitals: the alphanumeric mode of QR makes larger modules, read from further away."""
    return f"{settings.SITE_URL}{reverse('place', args=[code])}".upper()
