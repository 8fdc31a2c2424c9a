"""The number a resident can read out on the telephone: which report or matter is meant, and whether it was misheard.

Fourteen digits: the day as YYMMDD, seven drawn digits that tell nothing, one check digit (ISO 7064 MOD 11,10),
which catches every single wrong digit. A number is no secret; who may see what is asked elsewhere.
"""

from __future__ import annotations

import re
from datetime import date, datetime

from doudi.engine.errors import DoudiError
from doudi.engine.folding import fold_look_alikes

DRAWS = 10_000_000
"""A draw lies in ``range(DRAWS)``; the caller redraws when the number is taken."""


class NumberError(DoudiError):
    """A text is not the number of a report or matter, or a number cannot be made of the draw given."""


def number(day: date, draw: int) -> str:
    """The fourteen digits for something of ``day``; ``draw`` is unforeseeable and lies in ``range(DRAWS)``."""
    if not 0 <= draw < DRAWS:
        raise NumberError("编号的随机部分 {draw} 应在 0 到 {most} 之间，请重新抽取。", draw=draw, most=DRAWS - 1)
    drawn = f"{day:%y%m%d}{draw:07d}"
    return drawn + check_digit(drawn)


def parse_number(text: str) -> str:
    """The fourteen digits in what a person typed: any width, spaces, dashes, O for 0, I or L for 1.

    Raises `NumberError` when it is not a number, its check is wrong or its day does not exist.
    """
    digits = fold_look_alikes(text)
    if not re.fullmatch("[0-9]{14}", digits):
        raise NumberError("“{text}”不是编号：应为 14 位数字，请对照回执重新输入。", text=text)
    if check_digit(digits[:13]) != digits[13]:
        raise NumberError("编号“{text}”的校验位不对，请对照回执逐位核对后重新输入。", text=printed_number(digits))
    try:
        datetime.strptime(digits[:6], "%y%m%d")  # noqa: DTZ007 (only whether it is a day)
    except ValueError:
        raise NumberError("编号“{text}”的前六位不是日期，请对照回执重新输入。", text=printed_number(digits)) from None
    return digits


def printed_number(digits: str) -> str:
    """In groups that can be read out: ``261124-012-3456-7``."""
    return f"{digits[:6]}-{digits[6:9]}-{digits[9:13]}-{digits[13:]}"


def check_digit(digits: str) -> str:
    """The ISO 7064 MOD 11,10 check digit of ``digits``."""
    product = 10
    for digit in digits:
        product = ((product + int(digit)) % 10 or 10) * 2 % 11
    return str((11 - product) % 10)
