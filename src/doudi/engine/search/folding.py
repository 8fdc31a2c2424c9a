"""Text as search reads it: half width, capital letters, no blanks, no marks of any kind; and what was typed, cut into parts.

Folded alike on both sides, ``４０ 号``, ``40号`` and ``40-号`` are the same.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from operator import add

MOST_PARTS = 6
#: parts the own texts of a record: no pair of signs reaches over it
BETWEEN = "\n"
_DIGITS = re.compile(r"\d[\d ()\-]{5,}\d")
_LEAST_PHONE, _MOST_PHONE = 7, 13
_CAPITALS = ("010", "02")


class _Kept(dict[int, str | None]):
    """For ``str.translate``: signs of punctuation, blanks and controls fall away; asked of Unicode once each."""

    def __missing__(self, code: int) -> str | None:
        sign = chr(code)
        kept = self[code] = sign if unicodedata.category(sign)[0] not in "ZPC" and sign != "\u2212" else None
        return kept


_KEPT = _Kept({ord(BETWEEN): BETWEEN})


def folded(text: str) -> str:
    """The text without blanks and marks, in half width and capitals: ``"兴隆路４０ 号，ab"`` to ``"兴隆路40号AB"``."""
    return joined(text.replace(BETWEEN, ""))


def joined(raw: str) -> str:
    """The own texts of a record, side by side as `beside` puts them, folded."""
    return unicodedata.normalize("NFKC", raw).upper().translate(_KEPT)


def beside(texts: Iterable[str]) -> str:
    """The texts, not yet folded, parted by ``BETWEEN``; what stands in a longer one before it is left out."""
    found: list[str] = []
    for text in texts:
        text = text.replace(BETWEEN, " ") if BETWEEN in text else text
        if text and not any(text in one for one in found):
            found.append(text)
    return BETWEEN.join(found)


def plain(part: str) -> bool:
    """Whether a folded part is found in folded text wherever it stands in the text as it came: ideographs and digits alone."""
    return all("\u4e00" <= sign <= "\u9fff" or "0" <= sign <= "9" for sign in part)


def pairs(text: str) -> set[str]:
    """Each two signs that stand side by side in a folded or joined text, one of each."""
    found: set[str] = set()
    for one in text.split(BETWEEN):
        found.update(map(add, one, one[1:]))
    return found


def parts(typed: str) -> tuple[str, ...]:
    """What was typed, cut at blanks and folded, one of each; digits alone are one part, as telephones are written in groups."""
    cut = [part for part in map(folded, typed.split()) if part]
    if len(cut) > 1 and all(part.isdecimal() for part in cut):
        return ("".join(cut),)
    return tuple(dict.fromkeys(cut))[:MOST_PARTS]


def phones(text: str) -> set[str]:
    """The numbers in what stands for a telephone, as they may be asked for: bare digits, with the area code and without.

    The country's 86 falls away, an extension behind the number too.
    """
    found = set()
    for run in _DIGITS.findall(unicodedata.normalize("NFKC", text)):
        digits = re.sub(r"\D", "", run)
        digits = re.sub(r"^(00)?86(?=1\d{10}$|0?\d{10,11}$)", "", digits)
        if len(digits) < _LEAST_PHONE:
            continue
        found.add(digits[:_MOST_PHONE])
        if digits[0] == "0" and len(digits) >= 10:
            head = 3 if digits.startswith(_CAPITALS) else 4
            line = 8 if head == 3 else len(digits) - head
            found |= {digits[head:], digits[: head + line], digits[head : head + line]}
        elif digits[0] == "1" and len(digits) > 11:
            found.add(digits[:11])
        elif digits[0] not in "01" and len(digits) > 8:
            found.add(digits[:8])
    return found
