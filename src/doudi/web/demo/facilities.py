"""What stands in public: manholes, lamps, bins, sheds, green plots, river sections, roads, sites.

A component names who supervises, who owns and who maintains it. These three differ, and now and then one is
missing: that is where ambiguity is born, and the demo shows it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from random import Random

from doudi.web.demo.places import Finder, Place

_OWNER_UNKNOWN_SHARE = 0.12
_DISTRICT = "310199"


@dataclass(frozen=True, slots=True)
class _Component:
    """A type of component along the roads: how many, its offices, and its class code (CJ/T 214)."""

    type: str
    label: str
    count: int
    class_code: str
    supervisor: str
    owners: tuple[str, ...]
    maintainer: str | None
    aside: float = 9.0


_COMPONENTS = (
    _Component("manhole", "雨水井", 5, "0103", "water", ("water",), "road_works", 4),
    _Component("manhole", "通讯井", 4, "0107", "construction", ("telecom_utility",), "telecom_utility"),
    _Component("manhole", "电力井", 3, "0105", "construction", ("power_utility",), "power_utility"),
    _Component("streetlight", "路灯", 8, "0118", "construction", ("power_utility", "construction"), "power_utility"),
    _Component("pole", "通讯立杆", 6, "0117", "construction", ("telecom_utility",), None),
    _Component("bin", "垃圾箱房", 8, "0305", "greening", ("greening",), "sanitation"),
    _Component("hydrant", "消火栓", 4, "0113", "safety", ("water_utility",), "water_utility"),
    _Component("public_toilet", "公共厕所", 5, "0301", "greening", ("greening",), "sanitation", 20),
    _Component("fitness", "健身点", 5, "0126", "social", ("social",), None, 30),
    _Component("bus_stop", "公交站亭", 6, "0203", "construction", ("district_transport",), None, 6),
    _Component("green_plot", "街头绿地", 10, "0405", "greening", ("greening",), "garden", 24),
    _Component("street_tree", "行道树", 4, "0402", "greening", ("greening",), "garden", 7),
    _Component("parking_place", "非机动车停放点", 5, "0212", "chengguan", ("construction",), None, 8),
    _Component("construction_site", "项目工地", 7, "0602", "construction", ("construction",), None, 60),
    _Component("demolition_site", "拆房工地", 2, "0602", "construction", ("construction",), None, 60),
)
_SHEDS, _VILLAGE_ROADS, _FARMS, _PONDS, _SECTIONS_PER_RIVER = 10, 8, 4, 4, 4


def facilities(ground: Finder, homes: list[Place], chance: Random) -> Iterator[Place]:
    """Components with their sixteen-digit ids, road and river sections, charging sheds, fields and ponds."""
    drawn = [*_along_roads(ground, chance), *_sections(ground), *_sheds(homes, chance), *_in_villages(ground, chance)]
    for serial, place in enumerate(drawn, 1):
        digits = place.external_codes.get("class", "")
        external = {"component": f"{_DISTRICT}{digits}{serial:06d}"} if digits else {}
        yield replace(place, external_codes=external)


def _along_roads(ground: Finder, chance: Random) -> Iterator[Place]:
    busy = [road for road in ground.town.roads if road.rank != "country"]
    for component in _COMPONENTS:
        for number in range(1, component.count + 1):
            road, share, left = chance.choice(busy), chance.uniform(0.2, 0.8), chance.random() < 0.5
            known = chance.random() >= _OWNER_UNKNOWN_SHARE
            address = ground.numbered(road, share, left)
            place = ground.place(
                component.type,
                f"{road.name}{component.label}{number:02d}",
                road.at(share, component.aside if left else -component.aside),
                f"{address}门前",
                facts={"owner": "known" if known else "unknown", "place": "road"},
                road=road.name,
                supervisor=component.supervisor,
                owner=chance.choice(component.owners) if known else None,
                maintainer=component.maintainer,
            )
            if place is not None:
                yield replace(place, external_codes={"class": component.class_code})


def _sections(ground: Finder) -> Iterator[Place]:
    """Roads cut in the middle, rivers in four; each section is named by the village that it runs through."""
    for road in ground.town.roads:
        if road.rank in ("main", "core"):
            place = ground.place(
                "road_section",
                f"{road.name}路段",
                road.at(0.5),
                f"{ground.town.town.name}{road.name}",
                facts={"owner": "known", "place": "road"},
                road=road.name,
                supervisor="construction",
                owner="construction",
                maintainer="road_works",
            )
            if place is not None:
                yield place
    for river in ground.town.rivers:
        for part in range(_SECTIONS_PER_RIVER):
            spot = river.at((part + 0.5) / _SECTIONS_PER_RIVER)
            place = ground.place(
                "river_section",
                f"{river.name}第{part + 1}段",
                spot,
                f"{ground.town.town.name}{river.name}",
                facts={"owner": "known", "place": "water"},
                supervisor="water",
                owner="water",
                maintainer="water",
            )
            if place is not None:
                yield replace(place, address=f"{place.address}{place.village}段")


def _sheds(homes: list[Place], chance: Random) -> Iterator[Place]:
    compounds = [home for home in homes if home.type == "compound"]
    for compound in chance.sample(compounds, _SHEDS):
        yield replace(
            compound,
            type="charging_shed",
            name=f"{compound.name}充电棚",
            address=f"{compound.address}内",
            supervisor="housing",
        )


def _in_villages(ground: Finder, chance: Random) -> Iterator[Place]:
    villages = [area for area in ground.town.villages if area.kind == "village"]
    for kind, label, count, supervisor in (
        ("village_road", "村内主路", _VILLAGE_ROADS, "construction"),
        ("farm_plot", "连片农田", _FARMS, "agriculture"),
        ("pond", "村沟", _PONDS, "water"),
    ):
        for village in chance.sample(villages, count):
            place = ground.place(
                kind,
                f"{village.name}{label}",
                ground.spot_in(village, chance),
                f"{ground.town.town.name}{village.name}",
                facts={"owner": "known"},
                supervisor=supervisor,
            )
            if place is not None:
                yield place
