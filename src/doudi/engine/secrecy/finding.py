"""Find what names somebody in free words: numbers of identity cards, telephones, accounts, plates, rooms, names.

Digits are read in any width and script and may stand apart by blanks or dashes. A number that is known to be none of a
person's — an order's, a hotline's — is given as ``spare``; what its own neighbours call an order is left alone too.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import lru_cache

from doudi.engine.secrecy.surnames import SURNAME


class Sort(StrEnum):
    """What was found. The first three are hidden from every reader, all of them in a retelling."""

    IDENTITY = "identity"
    PHONE = "phone"
    ACCOUNT = "account"
    PLATE = "plate"
    ROOM = "room"
    NAME = "name"


#: hidden wherever words are read
NUMBERS = frozenset({Sort.IDENTITY, Sort.PHONE, Sort.ACCOUNT})
EVERYTHING = frozenset(Sort)


@dataclass(frozen=True, slots=True)
class Found:
    """One such thing: the signs of ``text[start:end]``."""

    sort: Sort
    start: int
    end: int


def find(text: str, sorts: Collection[Sort] = EVERYTHING, spare: Collection[str] = ()) -> tuple[Found, ...]:
    """What of these sorts stands in ``text``, in its order, none over another. ``spare``: numbers to leave alone."""
    shadow = _shadow(text)
    known = {_digits(_shadow(one)) for one in spare} - {""}
    taken: list[Found] = []
    for sort in _ORDER:
        if sort in sorts or sort in NUMBERS:
            for start, end in _FINDERS[sort](shadow):
                apart = all(end <= other.start or other.end <= start for other in taken)
                if start < end and apart and not _is_spare(shadow, start, end, known):
                    taken.append(Found(sort, start, end))
    return tuple(sorted((one for one in taken if one.sort in sorts), key=lambda one: one.start))


@lru_cache(maxsize=4096)
def _plain(sign: str) -> str:
    """One sign for one: digits of any script, letters of any width, every dash a dash, what is not seen a blank."""
    digit = unicodedata.digit(sign, None)
    if digit is not None:
        return str(digit)
    category = unicodedata.category(sign)
    if category == "Pd" or sign == "\u2212":
        return "-"
    if category in ("Zs", "Cf") or sign == "\t":
        return " "
    if sign in "×хХ":
        return "X"
    folded = unicodedata.normalize("NFKC", sign)
    return folded if len(folded) == 1 else sign


def _shadow(text: str) -> str:
    return "".join(map(_plain, text))


def _digits(text: str) -> str:
    """The digits of a shadow, and the X that ends the number of a card."""
    return "".join(sign for sign in text.upper() if sign in "0123456789X")


def _is_spare(shadow: str, start: int, end: int, known: Collection[str]) -> bool:
    """Whether it is one of the numbers given, however either was written."""
    return _digits(shadow[start:end]) in known


_GAP = "[ .-]{0,2}"
_FREE = "(?<![0-9])"
_DONE = "(?![0-9])"
#: what stands before a number that is an order's and not a person's
_ORDER_BEFORE = re.compile(r"(?:工单|订单|单号|案号|受理|流水|文号|运单|快递)(?:编号|号码|号)?[:为是 ]{0,3}$")
_CODE_BEFORE = re.compile(r"(?:编号|编码)(?:为|是|[: ]){0,3}$")
_CALLED_BEFORE = re.compile(r"(?i)(?:tel|phone|mobile|mob|cell|call|vx|wx|v|wechat)[:. -]*$")
_SIGNS_BEFORE = re.compile(r"([0-9A-Za-z_]+)([-_./]?)$")


def _belongs_to_longer(before: str) -> bool:
    """Whether letters or digits stand so close before that the number is a part of a longer mark."""
    if _CALLED_BEFORE.search(before):
        return False
    close = _SIGNS_BEFORE.search(before)
    if close is None:
        return False
    signs, joint = close.groups()
    # "1.138…" counts in a list, "021-138…" bears a city's code.
    counted = joint == "." and len(signs) <= 2
    return not (counted or (joint and re.fullmatch("0[0-9]{2,3}", signs)))


_IDENTITY = re.compile(rf"{_FREE}[1-8][0-9](?:{_GAP}[0-9]){{15}}{_GAP}[0-9Xx](?![0-9A-Za-z])")
_OLD_IDENTITY = re.compile(rf"{_FREE}[1-8][0-9]{{14}}{_DONE}")
_IDENTITY_BEFORE = re.compile(r"(?:身份证|证件|身份号|公民身份)[^0-9]{0,8}$")
_PASSPORT = re.compile(r"(?:护照|通行证|回乡证|台胞证)[^0-9A-Za-z]{0,6}([A-Za-z]{0,2}[0-9]{7,10})(?![0-9A-Za-z])")
_PROVINCES = frozenset(
    {*range(11, 16), *range(21, 24), *range(31, 38), *range(41, 47), *range(50, 55), *range(61, 66), 71, 81, 82, 83}
)
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def _identities(shadow: str) -> Iterator[tuple[int, int]]:
    for one in _IDENTITY.finditer(shadow):
        signs, before = _digits(one[0]), shadow[: one.start()]
        # A wrong check digit next to the word is a card that was misread; far from it it is some other number.
        meant = bool(_IDENTITY_BEFORE.search(before))
        if meant or (is_identity(signs) and not _ORDER_BEFORE.search(before)):
            yield one.span()
    for one in _OLD_IDENTITY.finditer(shadow):
        if _IDENTITY_BEFORE.search(shadow[: one.start()]) and _is_day(f"19{one[0][6:12]}"):
            yield one.span()
    for one in _PASSPORT.finditer(shadow):
        yield one.span(1)


def is_identity(signs: str) -> bool:
    """Whether 18 signs are the number of an identity card: province, day of birth and check digit (GB 11643) are right."""
    if not re.fullmatch("[0-9]{17}[0-9X]", signs) or int(signs[:2]) not in _PROVINCES or not _is_day(signs[6:14]):
        return False
    rest = sum(int(digit) * weight for digit, weight in zip(signs, _WEIGHTS, strict=False)) % 11
    return signs[17] == "10X98765432"[rest]


def _is_day(digits: str) -> bool:
    try:
        return 1880 < datetime.strptime(digits, "%Y%m%d").year < 2100  # noqa: DTZ007 (only whether it is a day)
    except ValueError:
        return False


_MOBILE = re.compile(rf"{_FREE}(?:(?:\+|00)?86{_GAP})?1{_GAP}[3-9](?:{_GAP}[0-9]){{9}}{_DONE}")
_SPOKEN = re.compile(
    "(?<![〇零一二两三四五六七八九幺])[一幺][三四五六七八九][〇零一二两三四五六七八九幺]{9}(?![〇零一二两三四五六七八九幺])"
)
_LANDLINE = re.compile(
    rf"{_FREE}\(?0[1-9][0-9]{{1,2}}\)?[ -]{{0,2}}[2-9](?:{_GAP}[0-9]){{6,7}}(?:(?:-|转)[0-9]{{1,6}})?{_DONE}"
)
_LOCAL = re.compile(
    rf"(?:电话|座机|固话|联系方式|致电|回电|(?i:tel))[^0-9\n]{{0,6}}([2-9](?:{_GAP}[0-9]){{6,7}}){_DONE}"
)


def _phones(shadow: str) -> Iterator[tuple[int, int]]:
    for form in (_MOBILE, _LANDLINE):
        for one in form.finditer(shadow):
            before = shadow[: one.start()]
            if not (_ORDER_BEFORE.search(before) or _CODE_BEFORE.search(before) or _belongs_to_longer(before)):
                yield one.span()
    for one in _LOCAL.finditer(shadow):
        digits = _digits(one[1])
        if not (len(digits) == 8 and digits[:2] in ("19", "20") and _is_day(digits)):
            yield one.span(1)
    for one in _SPOKEN.finditer(shadow):
        yield one.span()


_ACCOUNT = re.compile(rf"(?:卡号|账号|帐号|银行卡|户名账户)[^0-9]{{0,8}}([0-9](?:{_GAP}[0-9]){{11,18}}){_DONE}")
_PLATE = re.compile(
    "[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼][A-Za-z][ ·・.-]?"
    "[A-HJ-NP-Za-hj-np-z0-9]{4,5}[A-HJ-NP-Za-hj-np-z0-9挂学警港澳](?![A-Za-z0-9])"
)
_COUNT = "[0-9A-Za-z]{1,5}|[一二三四五六七八九十百〇零两]{1,5}"
_ROOMS = (
    # 3-2-402, 12号402, 5幢1203室; a layout (两室一厅) is no room
    re.compile("(?<![0-9-])[0-9]{1,3}-(?:[0-9]{1,2}-)?[0-9]{3,4}(?![0-9-]|[元年月日米平斤个])"),
    re.compile("(?<=[号楼幢栋座])[ ]?[0-9]{3,4}室?(?![0-9路弄]|[元年月日米平斤个])"),
    re.compile(f"(?:{_COUNT})[ ]?室(?!友|内|外|[0-9一二两三]?[厅卫])"),
    re.compile("(?:[0-9]{1,2}|[一二三四五六七八九十]{1,2})[ ]?单元"),
    re.compile("第?(?:[0-9]{1,2}|[一二三四五六七八九十]{1,3})[ ]?(?:层(?!次)|楼(?![盘宇市组道栋幢]))"),
    re.compile("户号[: ]{0,2}[0-9A-Za-z-]{3,20}"),
)
_NAMES = (
    # 我叫张小明, 姓名：张小明, 联系人 张小明: up to two signs after the surname, where no further word begins
    re.compile(
        rf"(?:我叫|名叫|叫做|我是|本人是?|姓名[:为是 ]{{0,2}}|联系人[:为是 ]{{0,2}})"
        rf"({SURNAME}[\u4e00-\u9fff]{{1,2}}?)"
        "(?=$|[^\u4e00-\u9fff]|[住是在电手家的今来想要和跟与有也先女小同])"
    ),
    re.compile(rf"(?:我叫|名叫|姓名[: ]{{1,2}}|联系人[: ]{{1,2}})({SURNAME}[\u4e00-\u9fff]{{1,2}})"),
    re.compile(rf"(?:免贵姓|我姓)({SURNAME})"),
    re.compile(
        rf"({SURNAME}[\u4e00-\u9fff]{{0,2}}?)(?=女士|先生|小姐|阿姨|叔叔|大爷|大妈|大叔|大姐|师傅|老师|同志|某某)"
    ),
)


def _spans(*forms: re.Pattern[str], part: int = 0) -> Callable[[str], Iterator[tuple[int, int]]]:
    return lambda shadow: (one.span(part) for form in forms for one in form.finditer(shadow))


_ORDER = (Sort.IDENTITY, Sort.ACCOUNT, Sort.PHONE, Sort.PLATE, Sort.ROOM, Sort.NAME)
_FINDERS = {
    Sort.IDENTITY: _identities,
    Sort.PHONE: _phones,
    Sort.ACCOUNT: _spans(_ACCOUNT, part=1),
    Sort.PLATE: _spans(_PLATE),
    Sort.ROOM: _spans(*_ROOMS),
    Sort.NAME: _spans(*_NAMES, part=1),
}
