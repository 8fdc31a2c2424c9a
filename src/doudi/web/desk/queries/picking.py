"""What the pickers of forms propose for what was typed. Nobody finds here what they could not choose or look up."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from doudi.engine.units.codes import UnitCode
from doudi.web import clock
from doudi.web.areas.queries import AreaDirectory, areas
from doudi.web.design.picking import Pick, matching
from doudi.web.desk.queries import choices
from doudi.web.edition_cache import by_edition
from doudi.web.people.actor import Actor
from doudi.web.people.models import Person
from doudi.web.people.queries import appointments_on
from doudi.web.places.models import PlaceName
from doudi.web.rulebook.queries import Rulebook
from doudi.web.search import queries as search
from doudi.web.units.queries import places_version, visible_units

MOST_PLACES, MOST_KINDS = 20, 40


def posts(typed: str) -> Sequence[Pick]:
    """The posts that stand today, by office, name or code; a form takes those among its own."""
    return matching(_posts(areas().version), typed)


@by_edition(2)
def _posts(version: int) -> tuple[Pick, ...]:
    return tuple(
        Pick(post.code, f"{post.office.name} · {post.name}", also=(post.name, post.code))
        for post in choices.posts(version, holding=False)
    )


def people(typed: str) -> Sequence[Pick]:
    """Open accounts, by name, login name or the posts held today."""
    held: dict[object, list[str]] = defaultdict(list)
    for one in appointments_on(clock.today()):
        held[one.person_id].append(f"{one.post.office.name} · {one.post.name}")
    found = [
        Pick(str(one.pk), f"{one.name}（{one.username}）", "；".join(held[one.pk]), (one.username, *held[one.pk]))
        for one in Person.objects.filter(is_active=True).order_by("name", "username")
    ]
    return matching(found, typed)


def kinds(typed: str, book: Rulebook) -> Sequence[Pick]:
    """The kinds that a matter under ``book`` may be called; what is sent is the label, as it may be typed."""
    return matching(_kinds(book.version.number, book), typed)[:MOST_KINDS]


@by_edition(4, key=lambda number, book: (number, areas().version, clock.today()))
def _kinds(number: int, book: Rulebook) -> tuple[Pick, ...]:
    found = []
    for label, code in choices.offered_kinds(book).items():
        above = book.catalogue.name(code).rsplit(" / ", 1)[0] if code in book.catalogue else ""
        found.append(Pick(label, label, above, (code, above)))
    return tuple(found)


def places(actor: Actor, typed: str, *, with_areas: bool, with_units: bool, by_path: bool = False) -> Sequence[Pick]:
    """Areas, and the places that the actor may look up: by name, other name, road, address or code.

    ``by_path``: what is sent for an area is its path, as it may be typed, and not its code.
    """
    town = areas()
    found = list(matching(_areas(town, places_version(), by_path=by_path), typed)) if with_areas else []
    found = found[: MOST_PLACES // 2] if with_units else found
    if with_units and typed:
        units = search.units(visible_units(actor), typed, sounds=True).order_by("name", "code")
        units = units.select_related(None)[:MOST_PLACES]
        found += [
            Pick(
                one.code, one.name, " · ".join(filter(None, (town.path(one.area_id), one.address, _printed(one.code))))
            )
            for one in units
        ]
    return found


def _printed(code: str) -> str:
    return UnitCode.parse(code).printed


@by_edition(4, key=lambda town, version, *, by_path: (town.version, version, by_path))
def _areas(town: AreaDirectory, version: int, *, by_path: bool) -> tuple[Pick, ...]:
    called: dict[str, list[str]] = defaultdict(list)
    named = PlaceName.objects.filter(until__isnull=True, area__isnull=False, unit__isnull=True).order_by("name")
    for area, name in named.values_list("area_id", "name"):
        called[area].append(name)
    return tuple(
        Pick(
            town.path(code) if by_path else code,
            town.path(code),
            "、".join(called[code]),
            (town.name(code), code, *called[code]),
        )
        for code in town.tree
    )
