"""Where a report's trouble is: the unit or grid that its address and its words point to, and how sure that is.

Each name found is evidence for some grids. A house on a road, a unit by its name and a lane say most, a crossing and a
stretch of road less, a village or a road alone least. What contradicts is never smoothed over: the answer is then not
confident and names up to three candidates. Where somebody lives is not where the trouble is: such a name may make a
candidate, never a confident answer. ``outside`` and ``border`` are answers too.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from doudi.engine.messages import Message, msg
from doudi.engine.places.gazetteer import Crossing, Gazetteer, House, Place, PlaceSort
from doudi.engine.places.mentions import Mention, Relation, Written, folded, mentions, outside_names

MOST_CANDIDATES = 3
CERTAIN, GOOD, FAIR, WEAK = 1.0, 0.85, 0.6, 0.35
CONFIDENT_FROM = 0.8
RIVAL = 0.5
"""A second grid with this share of the best one's evidence keeps the answer from being confident."""
FARTHEST_NUMBER = 40
"""Beyond the last known house, a number this much higher may lie anywhere."""
ADJACENT = 1
CORNER_AT = 0.00025
"""Degrees: some 25 metres to each side of the middle of a crossing."""
MEET_WITHIN = 180.0
"""Metres: roads whose nearest known houses lie further apart do not cross here."""
_BY_WRITING = {Written.EXACT: 1.0, Written.HEARD: 0.85, Written.MISTYPED: 0.7}


class Where(StrEnum):
    """What the answer is about."""

    UNIT = "unit"
    GRID = "grid"
    AREA = "area"
    BORDER = "border"
    OUTSIDE = "outside"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Candidate:
    """``area`` is a grid, or a village where no grid can be told; ``share`` of all evidence (0 to 1); why, in words."""

    area: str
    unit: str | None
    share: float
    why: Message


@dataclass(frozen=True, slots=True)
class Located:
    """``confident``: it may steer holder, backstop and twins. ``marked`` are the spans of the text that spoke."""

    where: Where
    candidates: tuple[Candidate, ...]
    confident: bool
    marked: tuple[tuple[int, int], ...]
    outside: str = ""
    homes: frozenset[str] = frozenset()
    """Grids in which somebody only lives who speaks."""

    @property
    def area(self) -> str | None:
        """The best candidate's area; None outside the town and where nothing is known."""
        return self.candidates[0].area if self.candidates and self.where is not Where.OUTSIDE else None

    @property
    def unit(self) -> str | None:
        return self.candidates[0].unit if self.candidates else None


@dataclass(frozen=True, slots=True)
class _Evidence:
    """How much speaks for which grids; ``coarse`` names a village of which no grid can be told."""

    mention: Mention
    strength: float
    grids: dict[str, float]
    unit: str | None
    why: Message
    coarse: str | None = None


_BORDER = re.compile(r"交界|接壤|边界|分界|两村之间|两个?(?:村|社区|镇)之间|三不管")
_JOINED = re.compile(r"^[\s、/与和跟同近靠从由自（(,，]{0,4}$")
_CROSS = re.compile(r"^\s*[)）]?(?:的)?(?:十字|三岔|丁字)?(?:路口|交叉|交界|交汇|交会|拐角|转角|口)")
_UNTIL = re.compile(r"^\s*(?:至|到|-|—|~|～)\s*$")
UNKNOWN = Located(Where.UNKNOWN, (), False, ())


def resolve(address: str, text: str, gazetteer: Gazetteer) -> Located:
    """Resolve the address field and the words of a report; the address counts first, the words where it is silent.

    ``marked`` counts positions in ``text`` alone. At most three candidates, the likeliest first.
    """
    of_address = _located(address, gazetteer) if address.strip() else UNKNOWN
    of_text = _located(text, gazetteer) if text.strip() else UNKNOWN
    if of_address.where is Where.UNKNOWN:
        return of_text
    if of_address.area in of_text.homes and of_text.area not in of_text.homes and of_text.where is not Where.UNKNOWN:
        # The clerk wrote down where the caller lives; the words say where the trouble is.
        return of_text
    if of_text.where is Where.UNKNOWN or of_address.where is Where.OUTSIDE:
        return replace(of_address, marked=of_text.marked)
    return _both(of_address, of_text, gazetteer)


def _both(of_address: Located, of_text: Located, gazetteer: Gazetteer) -> Located:
    """The address decides; words that name a grid inside it make it finer, confident words elsewhere make it doubtful."""
    here, there = of_address.area, of_text.area
    if here is None or there is None:
        return replace(of_address, marked=of_text.marked)
    if there != here and there in gazetteer.tree and here in gazetteer.tree and gazetteer.tree.contains(here, there):
        return of_text
    agree = gazetteer.tree.contains(here, there) or gazetteer.tree.contains(there, here)
    if agree:
        confident = of_address.confident or (there == here and of_text.confident)
        best = of_address.candidates[0]
        if best.unit is None and there == here and of_text.unit is not None:
            return replace(of_text, confident=confident)
        return replace(of_address, confident=confident, marked=of_text.marked)
    merged = tuple({one.area: one for one in (*of_address.candidates, *of_text.candidates)}.values())
    doubtful = of_text.confident
    return replace(
        of_address,
        candidates=merged[:MOST_CANDIDATES] if doubtful else of_address.candidates,
        confident=of_address.confident and not doubtful,
        marked=of_text.marked,
    )


def _located(text: str, gazetteer: Gazetteer) -> Located:
    found = mentions(text, gazetteer)
    others = list(outside_names(text, gazetteer, found))
    named_outside = [one for one in found if _is_outside(one)]
    beyond = [end for _, end, _ in others] + [one.end for one in named_outside]
    # What follows the name of another town lies there: 新桥镇禾丰路5号.
    found = tuple(one for one in found if not any(0 <= one.start - end <= ADJACENT for end in beyond))
    evidence = [one for one in _evidence(folded(text), found, gazetteer) if one.grids or one.coarse]
    theirs = [one for one in evidence if not one.mention.caller]
    marked = tuple(sorted({(one.mention.start, one.mention.end) for one in evidence} | {(a, b) for a, b, _ in others}))
    outside = next(iter([one.name for one in named_outside if not one.caller] + [name for *_, name in others]), "")
    border = bool(_BORDER.search(text))
    if outside and not any(one.strength >= FAIR for one in theirs):
        where = Where.BORDER if border else Where.OUTSIDE
        return Located(where, (), not theirs and not border, marked, outside)
    if not evidence:
        return UNKNOWN
    homes = frozenset(grid for one in evidence if one.mention.caller for grid in one.grids)
    answer = replace(_weighed(theirs or evidence, gazetteer, marked), homes=homes)
    if border and (
        outside or len({_village(one.area, gazetteer) for one in answer.candidates}) > 1 or not answer.confident
    ):
        return replace(answer, where=Where.BORDER, confident=False, outside=outside)
    return replace(answer, confident=answer.confident and bool(theirs) and not outside and not border, outside=outside)


def _is_outside(mention: Mention) -> bool:
    return all(place.sort is PlaceSort.OUTSIDE for place in mention.places)


def _village(area: str, gazetteer: Gazetteer) -> str:
    return (gazetteer.tree.parent(area) or area) if area in gazetteer.tree else area


def _weighed(evidence: Sequence[_Evidence], gazetteer: Gazetteer, marked: tuple[tuple[int, int], ...]) -> Located:
    fine = [one for one in evidence if one.grids]
    villages = [one for one in evidence if one.coarse]
    if not fine:
        ranked = sorted(villages, key=lambda one: -one.strength)
        areas = list(dict.fromkeys(one.coarse for one in ranked if one.coarse))
        whole = tuple(
            Candidate(area, None, 1 / len(areas), next(one.why for one in ranked if one.coarse == area))
            for area in areas
        )
        return Located(Where.AREA, whole[:MOST_CANDIDATES], False, marked)
    scores: dict[str, float] = defaultdict(float)
    best_of: dict[str, _Evidence] = {}
    for one in fine:
        for grid, share in one.grids.items():
            weight = one.strength * share
            scores[grid] += weight
            if grid not in best_of or weight > best_of[grid].strength * best_of[grid].grids[grid]:
                best_of[grid] = one
    spoken = {grid for one in villages for grid in gazetteer.grids_of(str(one.coarse))}
    if spoken:
        inside = {grid for grid in scores if grid in spoken}
        for grid in scores:
            scores[grid] *= 1.5 if grid in inside else 0.5
    total = sum(scores.values())
    ranked_grids = sorted(scores, key=lambda grid: (-scores[grid], grid))
    candidates = tuple(
        Candidate(grid, _unit(best_of[grid], grid), scores[grid] / total, best_of[grid].why)
        for grid in ranked_grids[:MOST_CANDIDATES]
    )
    first = ranked_grids[0]
    strongest = max(one.strength * one.grids.get(first, 0.0) for one in fine)
    rival = scores[ranked_grids[1]] / scores[first] if len(ranked_grids) > 1 else 0.0
    against = bool(spoken) and first not in spoken
    confident = strongest >= CONFIDENT_FROM and rival < RIVAL and not against
    return Located(Where.UNIT if candidates[0].unit else Where.GRID, candidates, confident, marked)


def _unit(evidence: _Evidence, grid: str) -> str | None:
    return evidence.unit if evidence.grids.get(grid) == 1.0 else None


def _evidence(text: str, found: Sequence[Mention], gazetteer: Gazetteer) -> Iterable[_Evidence]:
    at = 0
    while at < len(found):
        here = found[at]
        if here.is_road and here.numbered is None:
            met, used = _meeting(text, found, at, gazetteer)
            if met is not None:
                yield met
                at += used
                continue
        yield from _alone(here, gazetteer)
        at += 1


def _alone(here: Mention, gazetteer: Gazetteer) -> Iterable[_Evidence]:
    by_writing = _BY_WRITING[here.written]
    if here.is_road and here.numbered is not None:
        houses = [
            one for road in gazetteer.aliases_of_road(here.name) for one in (_by_number(here, road, gazetteer),) if one
        ]
        yield from houses
        if houses:
            return
    if here.is_road:
        grids = Counter(
            house.place.area for road in gazetteer.aliases_of_road(here.name) for house in gazetteer.houses(road)
        )
        if grids:
            whole = sum(grids.values())
            why = msg("“{road}”沿线", road=here.name)
            strength = FAIR if len(grids) == 1 else WEAK
            yield _Evidence(here, strength * by_writing, {str(g): n / whole for g, n in grids.items()}, None, why)
    placed = [one for one in here.places if one.area is not None and one.sort is not PlaceSort.ROAD]
    fine = [one for one in placed if one.area in gazetteer.tree and not gazetteer.tree.children(str(one.area))]
    if fine:
        yield _by_name(here, fine, by_writing, gazetteer)
    for one in placed:
        if one not in fine:
            yield _Evidence(here, FAIR * by_writing, {}, None, msg("“{name}”", name=one.name), coarse=one.area)


def _by_name(here: Mention, places: Sequence[Place], by_writing: float, gazetteer: Gazetteer) -> _Evidence:
    areas = Counter(str(one.area) for one in places)
    whole = sum(areas.values())
    only = places[0] if len(places) == 1 else None
    unit = only.unit if only and here.relation is Relation.AT else None
    strength = CERTAIN if len(areas) == 1 else FAIR
    if here.relation is Relation.OPPOSITE:
        facing = {str(one.place.area) for place in places for one in gazetteer.facing(place)}
        areas.update(facing)
        whole = sum(areas.values())
        strength = GOOD if len(areas) == 1 else FAIR
    why = msg("“{name}”", name=places[0].name)
    return _Evidence(here, strength * by_writing, {area: n / whole for area, n in areas.items()}, unit, why)


def _by_number(here: Mention, road: str, gazetteer: Gazetteer) -> _Evidence | None:
    wanted = here.numbered or 0
    by_writing = _BY_WRITING[here.written]
    exact = [one for one in gazetteer.houses(road) if one.number == wanted]
    # A house of a lane that is not entered itself lies in the lane.
    inner = [one for one in exact if one.inner == here.inner] or [one for one in exact if one.inner is None]
    same = (inner if here.lane else []) or [one for one in exact if one.lane == here.lane] or exact
    said = msg("{road}{number}{mark}", road=road, number=wanted, mark="弄" if here.lane else "号")
    if same:
        areas = Counter(str(one.place.area) for one in same)
        whole = sum(areas.values())
        units = {one.place.unit for one in same}
        unit = units.pop() if len(units) == 1 and here.relation is Relation.AT else None
        strength = (CERTAIN if len(areas) == 1 else FAIR) * (GOOD if here.relation is Relation.OPPOSITE else 1.0)
        return _Evidence(here, strength * by_writing, {a: n / whole for a, n in areas.items()}, unit, said)
    below, above = gazetteer.around(road, wanted)
    why = msg("{said}，按相邻门牌推算", said=said)
    if below is not None and above is not None:
        shares = _between(below, above, wanted, gazetteer)
        across = {str(one.place.area) for one in gazetteer.across(road, wanted)}
        agreed = len(shares) == 1 and across <= shares.keys()
        for other in across - shares.keys():
            shares = {grid: share * 0.7 for grid, share in shares.items()} | {other: 0.3}
        return _Evidence(here, (GOOD if agreed else FAIR) * by_writing, shares, None, why)
    edge = below or above
    if edge is None:
        return None
    strength = WEAK if abs(edge.number - wanted) > FARTHEST_NUMBER else FAIR
    return _Evidence(here, strength * by_writing, {str(edge.place.area): 1.0}, None, why)


def _between(below: House, above: House, wanted: int, gazetteer: Gazetteer) -> dict[str, float]:
    """The grids in which a house between two known ones may stand; their shares add up to 1."""
    one, two = below.place, above.place
    if one.area == two.area:
        return {str(one.area): 1.0}
    along = (wanted - below.number) / max(1, above.number - below.number)
    if one.point is not None and two.point is not None:
        # Numbers rise unevenly: a house may stand a sixth of the gap to either side of its share of the way.
        ways = (along, max(0.0, along - 1 / 6), min(1.0, along + 1 / 6))
        east, north = two.point[0] - one.point[0], two.point[1] - one.point[1]
        spots = [gazetteer.locate(one.point[0] + east * way, one.point[1] + north * way) for way in ways]
        if found := [spot for spot in (spots[0], *spots) if spot is not None]:
            return {spot: found.count(spot) / len(found) for spot in dict.fromkeys(found)}
    return {str(one.area): 1 - along, str(two.area): along}


def _meeting(text: str, found: Sequence[Mention], at: int, gazetteer: Gazetteer) -> tuple[_Evidence | None, int]:
    """Two roads that cross, or a stretch of one between two others; how many mentions it took."""
    here = found[at]
    later = found[at + 1 : at + 3]
    if not later or not later[0].is_road or later[0].numbered is not None:
        return None, 0
    if not _JOINED.match(text[here.end : later[0].start]):
        return None, 0
    road, first = here.name, later[0]
    if len(later) == 2 and later[1].is_road and _UNTIL.match(text[first.end : later[1].start]):
        stretch = _stretch(road, first.name, later[1].name, gazetteer)
        if stretch:
            areas = Counter(str(one.place.area) for one in stretch)
            whole = sum(areas.values())
            strength = GOOD if len(areas) == 1 else FAIR
            why = msg("{road}（{one}至{other}）", road=road, one=first.name, other=later[1].name)
            return _Evidence(here, strength, {a: n / whole for a, n in areas.items()}, None, why), 3
    met = gazetteer.crossing(road, first.name)
    if met is None or met.metres > MEET_WITHIN:
        return None, 0
    areas = _around(met, gazetteer)
    whole = sum(areas.values())
    strength = (GOOD if len(areas) == 1 else FAIR) * _BY_WRITING[here.written] * _BY_WRITING[first.written]
    why = msg("{road}{other}路口", road=road, other=first.name)
    spanned = replace(here, end=first.end)
    return _Evidence(spanned, strength, {a: n / whole for a, n in areas.items()}, None, why), 2


def _around(met: Crossing, gazetteer: Gazetteer) -> Counter[str]:
    """The grids at a crossing, counted at its middle and at its four corners; by the nearest houses where no map is."""
    longitude, latitude = met.point
    spots = [(0.0, 0.0), (0.0, 0.0), *((x * CORNER_AT, y * CORNER_AT) for x in (-1, 1) for y in (-1, 1))]
    found = [gazetteer.locate(longitude + x, latitude + y) for x, y in spots]
    corners = Counter(str(one.place.area) for one in met.houses)
    return Counter(one for one in found if one) + corners or corners


def _stretch(road: str, one: str, other: str, gazetteer: Gazetteer) -> list[House]:
    ends = []
    for cross in (one, other):
        met = gazetteer.crossing(road, cross)
        if met is None or met.metres > MEET_WITHIN:
            return []
        own = [house.number for house in met.houses if house in gazetteer.houses(road)]
        ends.append(own[0] if own else gazetteer.nearest_number(road, met.point))
    return [house for house in gazetteer.houses(road) if min(ends) <= house.number <= max(ends)]
