"""The number of a paper slip, printed before anybody writes on it and typed in afterwards.

Ten digits: the day on which it was printed as YYMMDD, a running number within the day, one check digit
(ISO 7064 MOD 11,10), which catches every single wrong digit.
"""

from __future__ import annotations

import re
from datetime import date

from doudi.engine.folding import fold_look_alikes
from doudi.engine.numbers import NumberError, check_digit

MOST_A_DAY = 999


def slip_number(day: date, running: int) -> str:
    """The ten digits of the ``running``-th slip of ``day``, from 1. Raises `NumberError` beyond `MOST_A_DAY`."""
    if not 1 <= running <= MOST_A_DAY:
        raise NumberError("一天最多印 {most} 张登记单，今天已经印满，请先用手里的。", most=MOST_A_DAY)
    digits = f"{day:%y%m%d}{running:03d}"
    return digits + check_digit(digits)


def parse_slip(text: str) -> str:
    """The ten digits in what a person typed: any width, spaces, dashes. Raises `NumberError`."""
    digits = fold_look_alikes(text)
    if not re.fullmatch("[0-9]{10}", digits):
        raise NumberError("“{text}”不是登记单编号：应为 10 位数字，请对照登记单重新输入。", text=text)
    if check_digit(digits[:9]) != digits[9]:
        raise NumberError("登记单编号“{text}”的校验位不对，请对照登记单逐位核对后重新输入。", text=printed_slip(digits))
    return digits


def printed_slip(digits: str) -> str:
    """In groups that can be read out: ``261130-007-3``."""
    return f"{digits[:6]}-{digits[6:9]}-{digits[9:]}"
