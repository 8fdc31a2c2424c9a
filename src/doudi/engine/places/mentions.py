"""Which of the town's names stand in a text, exactly, by their sound, or with one sign wrong, and what they stand there for."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum

from doudi.engine.places.gazetteer import Gazetteer, Place, PlaceSort
from doudi.engine.places.numerals import NUMERAL, number
from doudi.engine.places.sounds import sounds_of


class Written(StrEnum):
    """How the name stands there."""

    EXACT = "exact"
    HEARD = "heard"
    MISTYPED = "mistyped"


class Relation(StrEnum):
    """Where the trouble is, seen from the place named."""

    AT = "at"
    NEAR = "near"
    OPPOSITE = "opposite"


@dataclass(frozen=True, slots=True)
class Mention:
    """A name found at ``start`` to ``end`` of the text as given.

    ``numbered`` is the house number that follows a road, ``lane`` says it is a lane, ``inner`` the house inside it.
    ``caller``: it says where somebody lives, not where the trouble is.
    """

    start: int
    end: int
    name: str
    places: tuple[Place, ...]
    written: Written
    relation: Relation = Relation.AT
    numbered: int | None = None
    lane: bool = False
    inner: int | None = None
    caller: bool = False

    @property
    def is_area(self) -> bool:
        return any(place.sort is PlaceSort.AREA for place in self.places)

    @property
    def is_road(self) -> bool:
        return any(place.sort is PlaceSort.ROAD for place in self.places)


_HOUSE = re.compile(
    rf"\s*(?:近|靠近)?\s*(?P<number>{NUMERAL})(?:\s*[-—~至到、之]\s*(?:{NUMERAL}))?\s*(?P<mark>支?弄|号(?!线)|號)?"
    rf"(?:\s*(?P<inner>{NUMERAL})\s*(?:号楼|号|幢|栋|座|#))?"
)
_NOT_A_HOUSE = re.compile(r"\s*[\d.]+\s*(?:米|m|M|公里|路|点|月|年|日|天|个|人|辆|家|次|层|元|多)")
_OPPOSITE = re.compile(r"(?:小区|店|门口)?(?:的|正)?(?:斜)?对(?:面|过)")
_NEAR = re.compile(
    r"(?:小区|店)?(?:的)?(?:旁边?|附近|周边|周围|后面|背后|隔壁|边上|往[东南西北]|以[东南西北]|[东南西北]侧|[东南西北]面)"
)
_LIVES_BEFORE = re.compile(
    r"(?:住在|家住|居住在?|住于|[我人]住|住址[为是:：]?|户籍[在为]?|户口在?|联系地址[为是:：]?|来电地址[为是:：]?)[^，。；,;\s]{0,8}$|[（(]住在?$"
)
_LIVES_AFTER = re.compile(
    r"[^，。；,;]{0,12}?(?:居民|业主|村民|住户|租户|租客|居住)(?:来电|反映|投诉|您?好|们?[，,:：。]|$)"
)
_CLAUSE = "，。；！？,;!?\n"
_STEM_NUMBER = re.compile(r"[0-9]{2,5}(?![0-9]*(?:元|人|个|米|年|点|岁|路))")
_GROUP = re.compile(rf"(?P<group>{NUMERAL})(?P<word>组|队|村民小组)[\s,，、]*(?P<house>{NUMERAL})号")
_AFTER = 16
_ROAD_WORD = re.compile(rf"(?P<road>[\u4e00-\u9fff]{{2,3}}(?:路|街|大道))(?=\s*(?:{NUMERAL})\s*(?:弄|号))")
_NO_NAME = "去到在由请找问给向说从跟和与是让求们个本我全城乡该村小古街各的条区来对叫被把就为邻县市镇近"
"""Signs that stand before 镇 or end a word before a town's name, and belong to no name."""
_OTHER_TOWN = re.compile(
    rf"(?P<name>(?:[^\W\d_{_NO_NAME}]{{1,2}}[^\W\d_{_NO_NAME}]镇|[^\W\d_{_NO_NAME}]{{2,3}}(?:街道|乡|县)))"
    r"(?!里|域|区|村|容|长|级|属)"
)
_NOT_OUTSIDE = ("家乡", "故乡", "城乡", "老乡", "下乡", "回乡")


def folded(text: str) -> str:
    """Full width to half width, sign by sign, so that every position stays what it was."""
    return "".join(one if len(one) == 1 else sign for sign in text for one in [unicodedata.normalize("NFKC", sign)])


def mentions(text: str, gazetteer: Gazetteer) -> tuple[Mention, ...]:
    """The town's names in ``text``, in the order in which they stand; none overlaps another."""
    text = folded(text)
    return tuple(_mentions(text, gazetteer))


def outside_names(text: str, gazetteer: Gazetteer, taken: tuple[Mention, ...]) -> Iterator[tuple[int, int, str]]:
    """Other towns that a text names by their ending (新桥镇, 中山街道) without the gazetteer knowing them."""
    for found in _OTHER_TOWN.finditer(folded(text)):
        name = found["name"]
        if gazetteer.town and name.endswith(gazetteer.town[-3:]):
            continue
        if name.endswith(_NOT_OUTSIDE) or any(one.start < found.end() and found.start() < one.end for one in taken):
            continue
        yield found.start(), found.end(), name


def _mentions(text: str, gazetteer: Gazetteer) -> Iterator[Mention]:
    sounds, at = sounds_of(text), 0
    while at < len(text):
        found = _at(text, sounds, at, gazetteer)
        if found is None:
            at += 1
            continue
        name, length, written = found
        places = tuple(gazetteer.named[name])
        end = at + length
        if all(place.sort is PlaceSort.TOWN for place in places):
            at = end
            continue
        mention = _finer(_placed(Mention(at, end, name, places, written), text), text, gazetteer)
        yield mention
        at = mention.end


def _finer(mention: Mention, text: str, gazetteer: Gazetteer) -> Mention:
    """A road or village after which one of its units is spoken of: 石桥村11组，6号; 采菱路旁边废弃的电话亭."""
    if mention.numbered is not None or not (mention.is_road or mention.is_area):
        return mention
    if (house := _GROUP.match(text, mention.end)) and mention.is_area:
        for place in mention.places:
            name = f"{place.name}{number(house['group'])}{house['word']}{number(house['house'])}号"
            if found := gazetteer.named.get(name):
                return replace(mention, end=house.end(), places=tuple(found), name=name)
    after = re.split("[，。；,;！？]", text[mention.end : mention.end + _AFTER], maxsplit=1)[0]
    if spoken := gazetteer.spoken_of(mention.name, after):
        return replace(mention, places=tuple(spoken), relation=Relation.AT)
    return mention


def _at(text: str, sounds: tuple[str, ...], at: int, gazetteer: Gazetteer) -> tuple[str, int, Written] | None:
    for name in gazetteer.names_at(text, at):
        return name, len(name), Written.EXACT
    for name in gazetteer.heard_at(sounds, at):
        if _alike(text[at : at + len(name)], name):
            return name, len(name), Written.HEARD
    for length in (3, 2):
        stem = text[at : at + length]
        if stem in gazetteer.stems and _STEM_NUMBER.match(text, at + length):
            return gazetteer.stems[stem], length, Written.EXACT
    typed = _ROAD_WORD.match(text, at)
    road = gazetteer.mistyped(typed["road"]) if typed else None
    return (road, len(road), Written.MISTYPED) if road else None


def _alike(said: str, name: str) -> bool:
    """A name is only heard where its last sign, which says what it is, is written right, and no digit sounds like a word."""
    return said[-1] == name[-1] and not any(sign.isascii() for sign in said)


def _placed(mention: Mention, text: str) -> Mention:
    """The mention with its house number, its relation and whose place it is."""
    start, end = mention.start, mention.end
    numbered, lane, inner = None, False, None
    if mention.is_road and not _NOT_A_HOUSE.match(text, end) and (house := _HOUSE.match(text, end)):
        at = number(house["number"])
        # 桐荫路三叉口, 同春路一带: a numeral alone after a road is a number only in digits.
        if at is not None and (house["mark"] or house["number"].isascii()):
            numbered, lane, end = at, (house["mark"] or "").endswith("弄"), house.end()
            inner = number(house["inner"]) if house["inner"] else None
    after = text[end : end + 24]
    relation = Relation.OPPOSITE if _OPPOSITE.match(after) else Relation.NEAR if _NEAR.match(after) else Relation.AT
    clause = max(text.rfind(sign, 0, start) for sign in _CLAUSE) + 1
    caller = bool(_LIVES_BEFORE.search(text[clause:start])) or bool(_LIVES_AFTER.match(after))
    return Mention(start, end, mention.name, mention.places, mention.written, relation, numbered, lane, inner, caller)
