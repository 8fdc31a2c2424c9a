"""Every place of the demo town with its code and the state of its plaque.

The codes are drawn from the town's own seed, so that the address of a demo shop is the same on every machine.
Only a demo may do that: anyone who knows the seed foresees the codes.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from random import Random

from doudi.engine.units.codes import UnitCode
from doudi.web.demo.facilities import facilities
from doudi.web.demo.geometry import TownMap
from doudi.web.demo.margins import edges, spots
from doudi.web.demo.names import chance_for, spread
from doudi.web.demo.places import Finder, Place
from doudi.web.demo.premises import homes_and_works, premises

#: shares of the plaques by state; what serves (placed, active) adds up to the binding rate of 91.5 %
_PLAQUES = {"active": 84.0, "placed": 7.5, "printed": 5.0, "minted": 2.3, "revoked": 1.2}


def all_places(town: TownMap) -> tuple[Place, ...]:
    """The whole town, premises first, in a fixed order."""
    ground = Finder(town)
    homes = list(homes_and_works(ground, chance_for("homes")))
    drawn = [
        *premises(ground, chance_for("premises")),
        *homes,
        *facilities(ground, homes, chance_for("facilities")),
        *edges(ground, homes, chance_for("edges")),
        *spots(ground, chance_for("spots")),
    ]
    return tuple(_coded(_told_apart(drawn), chance_for("codes")))


def _told_apart(places: Iterable[Place]) -> Iterator[Place]:
    """A name that comes twice gets a number."""
    seen: Counter[str] = Counter()
    for place in places:
        seen[place.name] += 1
        yield place if seen[place.name] == 1 else replace(place, name=f"{place.name}({seen[place.name]})")


def _coded(places: Iterable[Place], chance: Random) -> Iterator[Place]:
    places = list(places)
    states = [
        state
        for state, count in zip(_PLAQUES, spread(len(places), list(_PLAQUES.values())), strict=True)
        for _ in range(count)
    ]
    chance.shuffle(states)
    used: set[str] = set()
    for place, state in zip(places, states, strict=True):
        code = str(UnitCode.mint(chance.randbytes))
        while code in used:
            code = str(UnitCode.mint(chance.randbytes))
        used.add(code)
        yield replace(place, code=code, plaque=state)
