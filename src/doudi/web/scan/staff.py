"""What a colleague who signed in sees at the same plaque: what runs here, what to do now, whose place it is."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_noop as _

from doudi.engine.people.vocabulary import Power
from doudi.web.matters.models import Matter
from doudi.web.matters.queries import visible
from doudi.web.matters.reading import Told, told
from doudi.web.matters.steps_ahead import StepOffer, next_steps
from doudi.web.people.actor import Actor
from doudi.web.people.guard import ActorRequest
from doudi.web.rulebook.queries import rulebook_on
from doudi.web.units.models import Unit
from doudi.web.units.queries import is_seen_today, plaques_of, unit_by_code, visible_units, waiting_plaque


@dataclass(frozen=True, slots=True)
class Running:
    """An open matter here, with the steps that this person may take now."""

    matter: Matter
    told: Told
    kind_name: str
    steps: tuple[StepOffer, ...]


def staff_view(actor: Actor, unit: Unit) -> dict[str, object] | None:
    """None for anyone who holds no seat. Owner and state of the place only where the seat reaches."""
    if not actor.seats:
        return None
    book = rulebook_on()
    matters = (
        visible(actor)
        .filter(unit=unit, status__in=Matter.OPEN)
        .select_related("holder", "unit")
        .order_by("due_at", "accepted_at")
    )
    reaches = visible_units(actor).filter(pk=unit.pk).exists()
    shown = list(matters[:20])
    read = told(shown)
    return {
        "running": [
            Running(
                one,
                read[one.pk],
                book.kind_name(one.kind) if one.kind else "",
                tuple(step for step in next_steps(actor, one) if step.allowed),
            )
            for one in shown
        ],
        "reaches": reaches,
        "owners": _owners(unit) if reaches else [],
        "plaque": plaques_of(unit).first() if reaches else None,
        "waiting": waiting_plaque(unit) if actor.may(Power.PLACE_PLAQUES) and reaches else None,
        "may_report": actor.may(Power.REPORT),
        "walks": reaches and actor.may_in(Power.WALK, unit.area_id),
        "seen_today": reaches and is_seen_today(unit),
    }


def _owners(unit: Unit) -> list[tuple[str, object]]:
    pairs = [(_("主管"), unit.supervisor), (_("权属"), unit.owner), (_("养护"), unit.maintainer)]
    return [(label, office) for label, office in pairs if office is not None]


def waiting_view(request: ActorRequest, code: str) -> HttpResponse | None:
    """The page on which a grid worker says "the sign hangs": only for those who may, and only for a sign made and not yet up."""
    actor = request.actor
    if not actor.may(Power.PLACE_PLAQUES):
        return None
    unit = unit_by_code(code)
    if unit is None or not actor.may_in(Power.PLACE_PLAQUES, unit.area_id):
        return None
    plaque = waiting_plaque(unit)
    if plaque is None:
        return None
    response = render(request, "scan/waiting.html", {"unit": unit, "plaque": plaque})
    response.headers["Referrer-Policy"] = "same-origin"
    return response
