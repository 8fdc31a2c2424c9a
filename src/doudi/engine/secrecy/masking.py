"""Words with what names somebody hidden: numbers in part, so that two can still be told apart; in a retelling all of it."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection

from doudi.engine.secrecy.finding import NUMBERS, Found, Sort, find

_MASK = "****"
_COUNTRY = re.compile(r"^(?:００|00)?(?:８６|86)(?=[1１]\d{10}$)")


def masked(text: str, spare: Collection[str] = ()) -> str:
    """``text`` with numbers of identity cards, telephones and accounts hidden in part; all else is as it was.

    ``spare``: numbers of orders and hotlines, which stay.
    """
    return _replaced(text, find(text, NUMBERS, spare), lambda one, signs: _in_part(one.sort, signs))


def without_person(text: str, spare: Collection[str] = ()) -> str:
    """``text`` with everything hidden that names somebody: what a retelling begins with."""
    return _replaced(text, find(text, spare=spare), lambda one, signs: _AWAY[one.sort])


#: the number of a house; what comes behind it in an address leads to a door
_HOUSE = re.compile("(?:[0-9０-９]+|[一二三四五六七八九十百]+)[ ]?(?:弄|号楼?|幢|栋|座)(?![线码桥泵井机闸门])")


def without_flat(address: str) -> str:
    """An address as far as its house, and not the flat in it: 朝阳路88弄12号402室 is told as 朝阳路88弄12号."""
    houses = list(_HOUSE.finditer(address))
    return without_rooms(address[: houses[-1].end()] if houses else address)


def without_rooms(name: str) -> str:
    """The name of a place without rooms and the numbers of persons."""
    left = _replaced(name, find(name, {*NUMBERS, Sort.ROOM}), lambda one, signs: "")
    return " ".join(left.split()).strip(" -、，,·")


def masked_name(name: str) -> str:
    return f"{name[0]}{'*' * (len(name) - 1)}" if name else ""


def masked_phone(phone: str) -> str:
    """The first three and the last two signs; a short number is hidden whole."""
    return f"{phone[:3]}{_MASK}{phone[-2:]}" if len(phone) >= 7 else (_MASK if phone else "")


def _in_part(sort: Sort, signs: str) -> str:
    """The same however the digits stood apart, so that nothing of the whole is left in the gaps."""
    bare = "".join(sign for sign in signs if sign.isalnum())
    if sort is Sort.PHONE:
        return masked_phone(_COUNTRY.sub("", bare))
    return f"{bare[:4]}{'*' * 8}{bare[-2:]}"


_AWAY = {
    Sort.IDENTITY: "（证件号）",
    Sort.PHONE: "（电话）",
    Sort.ACCOUNT: "（账号）",
    Sort.PLATE: "（车牌）",
    Sort.ROOM: "某户",
    Sort.NAME: "某",
}


def _replaced(text: str, found: Collection[Found], by: Callable[[Found, str], str]) -> str:
    pieces, at = [], 0
    for one in found:
        pieces += [text[at : one.start], by(one, text[one.start : one.end])]
        at = one.end
    return "".join([*pieces, text[at:]])
