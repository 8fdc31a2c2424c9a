"""What a learned model sees of a text: hashes of its characters, pairs and triples. No text can be read back from them.

Every digit is the same digit, so that no telephone, number or date is seen. Words of courtesy, which stand in all
letters alike, are taken out first: they say nothing about what a letter is about.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

BITS = 20
LONGEST = 3
_PLANE = 0x10000
_DIGIT, _SIGN, _NOTHING = ord("0"), 1, 0
_SPREAD, _MIX, _NEXT = (np.uint32(number) for number in (2654435761, 2246822519, 3266489917))
_FOLD = np.uint32(15)

Hashes = npt.NDArray[np.int32]
Floats = npt.NDArray[np.float32]

COURTESY = (
    "尊敬的(?:各位)?(?:市|区|县|镇|街道)?(?:委|政府)?(?:领导|书记|市长|区长|县长|镇长|局长|主任|政府)?(?:们)?",
    "(?:各位)?(?:敬爱|亲爱)的(?:领导|书记|市长|政府)",
    "(?:各位)?领导(?:们)?(?:您|你)?们?好",
    "[您你]们?好",
    "(?:非常|十分|万分|衷心|先)?(?:感谢|谢谢)(?:您|你|领导|政府|各位领导|大家|了)*",
    "(?:恳请|敬请|烦请|望请|请求|希望|麻烦|盼|望|请)(?:各位|政府|上级|有关|相关|市|区|镇)*(?:领导|部门|职能部门)*"
    "(?:能够|能|予以|给予|尽快|早日|及时|高度)*(?:重视|解决|处理|回复|答复|关注|核实|协调|为盼|为谢)+(?:一下|此事|该问题|这个问题)*",
    "(?:请|望|希望)?(?:有关|相关)(?:职能)?部门(?:能|能够)?",
    "百忙之中|打扰了?|辛苦了?|此致|敬礼|为盼|特此(?:反映|投诉|举报)|来电(?:反映|表示|投诉|咨询)?|市民(?:来电|反映|表示|称)+|诉求人(?:称|表示|反映)?",
    "(?:我|本人)(?:想|要)?(?:反映|投诉|举报|咨询)(?:一下)?",
)
"""Forms of address, thanks and asking for help. They are cut where they stand, whatever is around them."""
_courteous = re.compile("|".join(COURTESY))


def _table() -> npt.NDArray[np.uint32]:
    """For each sign of the first plane the one it counts as."""
    table = np.full(_PLANE, _SIGN, np.uint32)
    for code in range(_PLANE):
        if 0xD800 <= code < 0xE000:
            continue
        folded = unicodedata.normalize("NFKC", chr(code)).casefold()
        sign = folded if len(folded) == 1 and ord(folded) < _PLANE else chr(code)
        if sign.isdecimal():
            table[code] = _DIGIT
        elif sign.isalnum():
            table[code] = ord(sign)
        elif sign.isspace() or unicodedata.category(sign) in ("Cc", "Cf"):
            table[code] = _NOTHING
    return table


_TABLE = _table()


@dataclass(frozen=True, slots=True)
class Features:
    """The hashes that a text holds, each once and rising, and how often each stands there."""

    hashes: Hashes
    counts: Floats


def features_of(text: str) -> Features:
    """All characters, pairs and triples of ``text`` without courtesy; an empty text has none."""
    signs, _ = _signs(text)
    hashes, counts = np.unique(np.concatenate(_grams(signs)), return_counts=True)
    return Features(hashes.astype(np.int32), counts.astype(np.float32))


def grams_with_places(text: str) -> tuple[Hashes, npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Every gram of ``text`` in turn, with where in the text it begins and ends."""
    signs, places = _signs(text)
    grams = _grams(signs)
    begins = [places[: len(one)] for one in grams]
    ends = [places[width : width + len(one)] + 1 for width, one in enumerate(grams)]
    return np.concatenate(grams).astype(np.int32), np.concatenate(begins), np.concatenate(ends)


def _signs(text: str) -> tuple[npt.NDArray[np.uint32], npt.NDArray[np.int64]]:
    """What counts of ``text``, and where each sign stands in it."""
    blank = _courteous.sub(lambda found: "，" + " " * (len(found[0]) - 1), text)
    raw = np.frombuffer(blank.encode("utf-32-le", "surrogatepass"), np.uint32)
    signs = _TABLE[np.minimum(raw, _PLANE - 1)]
    places = np.flatnonzero(signs)
    return signs[places], places


def _grams(signs: npt.NDArray[np.uint32]) -> list[npt.NDArray[np.uint32]]:
    shift = np.uint32(32 - BITS)
    mixed = signs * _SPREAD
    grams = [mixed >> shift]
    for width in range(1, LONGEST):
        if len(signs) <= width:
            break
        mixed = (mixed[:-1] ^ (mixed[:-1] >> _FOLD)) * _MIX + signs[width:] * _NEXT
        grams.append((mixed * _SPREAD) >> shift)
    return grams
