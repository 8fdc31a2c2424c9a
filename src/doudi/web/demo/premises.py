"""Shops along the roads, the compounds behind them, and the works at the edge of the town."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from random import Random

from doudi.web.demo.names import once, read, spread
from doudi.web.demo.places import Finder, Place

_SHOPS_BY_RANK = {"main": 2.0, "core": 5.0, "lane": 1.4, "country": 0.5}
_ASIDE_METRES = 14.0
_COMPOUNDS, _BUILDINGS, _VILLAGE_HOUSES, _ENTERPRISES = 36, 8, 6, 10


def premises(ground: Finder, chance: Random) -> Iterator[Place]:
    """The 900 premises: evenly along each road, both sides, denser in the middle of the town."""
    lists = read("names")
    roads = ground.town.roads
    wanted = [kind for kind, count in lists["premises_mix"].items() for _ in range(count)]
    chance.shuffle(wanted)
    named = {kind: _shop_names(trades, chance) for kind, trades in lists["trades"].items()}
    counts = spread(len(wanted), [road.path.length * _SHOPS_BY_RANK[road.rank] for road in roads])
    numbers = iter(wanted)
    for road, count in zip(roads, counts, strict=True):
        for step in range(count):
            kind, left = next(numbers), chance.random() < 0.5
            share = min(max((step + chance.uniform(0.15, 0.85)) / count, 0.005), 0.995)
            address = ground.numbered(road, share, left)
            name = f"{address.removeprefix(ground.town.town.name)}空置商铺" if kind == "shop.vacant" else named[kind]()
            spot = road.at(share, _ASIDE_METRES if left else -_ASIDE_METRES)
            place = ground.place(kind, name, spot, address, facts={"owner": "known", "place": "road"}, road=road.name)
            if place is None:
                raise ValueError(f"{address} lies outside the town: shorten the road in map.yaml")
            yield place


def _shop_names(trades: list[str], chance: Random) -> Callable[[], str]:
    words = read("names")["shop_words"]
    return once(lambda: chance.choice(words) + chance.choice(trades))


def homes_and_works(ground: Finder, chance: Random) -> Iterator[Place]:
    """Compounds with or without property management, a few of their buildings, village houses, works."""
    compounds = list(_compounds(ground, chance))
    yield from compounds
    for compound in chance.sample(compounds, _BUILDINGS):
        number = chance.randrange(1, 30)
        yield _inside(compound, "building", f"{compound.name}{number}号楼", f"{compound.address}{number}号")
    for village in chance.sample([area for area in ground.town.villages if area.kind == "village"], _VILLAGE_HOUSES):
        team, number = chance.randrange(1, 13), chance.randrange(2, 90)
        address = f"{ground.town.town.name}{village.name}{team}组{number}号"
        yield from _found(
            ground.place(
                "village_house",
                address.removeprefix(ground.town.town.name),
                ground.spot_in(village, chance),
                address,
                facts={"owner": "known", "managed": "no"},
            )
        )
    outer = [area for area in ground.town.villages if area.kind == "village"]
    for name in read("names")["enterprise_words"][:_ENTERPRISES]:
        spot = ground.spot_in(chance.choice(outer), chance)
        road = ground.nearest_road(spot)
        yield from _found(
            ground.place(
                "enterprise",
                name,
                spot,
                ground.numbered(road, chance.uniform(0.1, 0.9), True),
                facts={"owner": "known", "managed": "yes"},
                road=road.name,
            )
        )


def _compounds(ground: Finder, chance: Random) -> Iterator[Place]:
    lists = read("names")
    inner = [road for road in ground.town.roads if road.rank in ("core", "main")]
    named = once(lambda: chance.choice(lists["compound_words"]) + chance.choice(lists["compound_ends"]))
    for number in range(_COMPOUNDS):
        road = inner[number % len(inner)]
        share, left = (
            chance.uniform(0.38, 0.62) if road.rank == "main" else chance.uniform(0.1, 0.9),
            chance.random() < 0.5,
        )
        address = ground.numbered(road, share, left).removesuffix("号") + "弄"
        managed = "yes" if chance.random() < 0.72 else "no"
        spot = road.at(share, 95.0 if left else -95.0)
        yield from _found(
            ground.place(
                "compound",
                named(),
                spot,
                address,
                road=road.name,
                facts={"owner": "known", "managed": managed, "place": "compound"},
            )
        )


def _inside(compound: Place, kind: str, name: str, address: str) -> Place:
    return Place(kind, name, compound.area, address, compound.at, compound.facts, compound.road, compound.village)


def _found(place: Place | None) -> Iterator[Place]:
    """A spot drawn just outside the town is left out; the counts above allow for it."""
    if place is not None:
        yield place
