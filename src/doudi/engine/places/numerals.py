"""Numbers in addresses: 128, １２８, 一百二十八, 一二八, 甲5."""

from __future__ import annotations

from typing import Final

DIGITS: Final = {sign: value for value, sign in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_STEPS: Final = {"十": 10, "百": 100, "千": 1000}
NUMERAL: Final = "[0-9]{1,5}|[零〇一二三四五六七八九十百千两]{1,7}"


def number(text: str) -> int | None:
    """The number that ``text`` writes in digits or in Chinese, from 0 to 99,999; None when it writes none."""
    if text.isascii():
        return int(text) if text.isdecimal() else None
    if not any(sign in _STEPS for sign in text):
        return int("".join(str(DIGITS[sign]) for sign in text)) if all(sign in DIGITS for sign in text) else None
    total, waiting = 0, 0
    for sign in text:
        if sign in DIGITS:
            waiting = DIGITS[sign]
        elif sign in _STEPS:
            total += (waiting or 1) * _STEPS[sign]
            waiting = 0
        else:
            return None
    return total + waiting


def in_chinese(value: int) -> str:
    """A number from 0 to 99 as it is spoken: 3 is 三, 12 is 十二, 20 is 二十."""
    tens, ones = divmod(value, 10)
    signs = "零一二三四五六七八九"
    if not tens:
        return signs[ones]
    return ("" if tens == 1 else signs[tens]) + "十" + (signs[ones] if ones else "")
