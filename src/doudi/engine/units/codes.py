"""The code on a plaque names one unit for ever, and a slip of the finger never names another one.

A `UnitCode` is twelve random symbols and one check character. It says nothing about area, type or order, so
that a unit may move, split or change its trade without a new plaque. The symbols are Crockford's 32 (no I, L,
O, U); the check is ISO 7064 MOD 37-2, which catches every single wrong symbol and every swap of neighbours or
next-but-one neighbours. A code whose check would fall outside the 32 symbols is never minted.
A code is an identifier, not a secret: anyone who stands at the plaque can read it.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from doudi.engine.errors import DoudiError
from doudi.engine.folding import fold_look_alikes

SYMBOLS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_CHECK_VALUES = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ*"
_DRAWN, _BITS_PER_SYMBOL, _DRAWN_BYTES, _MOST_DRAWS = 12, 5, 8, 64
_SHAPE = re.compile(f"[{SYMBOLS}]{{{_DRAWN + 1}}}")


class UnitCodeError(DoudiError):
    """A text is no unit code, or no code could be minted."""


@dataclass(frozen=True, slots=True, order=True)
class UnitCode:
    """Thirteen symbols whose check is right; built from text by `parse`, from chance by `mint`."""

    symbols: str

    def __post_init__(self) -> None:
        if not _SHAPE.fullmatch(self.symbols):
            raise UnitCodeError("“{text}”不是码牌编码：应为 13 位数字和字母，请对照码牌重新输入。", text=self.symbols)
        if check_character(self.symbols[:_DRAWN]) != self.symbols[_DRAWN]:
            raise UnitCodeError("编码“{text}”的校验位不对，请对照码牌逐位核对后重新输入。", text=self.printed)

    def __str__(self) -> str:
        return self.symbols

    @property
    def printed(self) -> str:
        """As it stands on the plaque: ``7K3M-9QWR-T2XW-G``."""
        s = self.symbols
        return f"{s[:4]}-{s[4:8]}-{s[8:12]}-{s[12:]}"

    @classmethod
    def parse(cls, text: str) -> UnitCode:
        """Read a code as people give it: any case or width, spaces, dashes, O for 0, I or L for 1.

        A whole scan address is read too. Raises `UnitCodeError` when what is left is not a code, or its check is wrong.
        """
        return cls(_symbols_in(text))

    @classmethod
    def mint(cls, draw: Callable[[int], bytes]) -> UnitCode:
        """Make a new code from ``draw(count)``, which must return ``count`` bytes nobody can foresee.

        The caller still has to find out whether the code is already in use. Raises `UnitCodeError` when ``draw``
        keeps giving bytes that make no code, which chance does not do.
        """
        for _ in range(_MOST_DRAWS):
            bits = int.from_bytes(draw(_DRAWN_BYTES), "big")
            drawn = "".join(SYMBOLS[bits >> place * _BITS_PER_SYMBOL & 31] for place in range(_DRAWN))
            if (check := check_character(drawn)) in SYMBOLS:
                return cls(drawn + check)
        raise UnitCodeError("随机数来源连续 {count} 次没有产生可用的编码，请检查系统随机数来源。", count=_MOST_DRAWS)


def check_character(drawn: str) -> str:
    """The ISO 7064 MOD 37-2 check of ``drawn`` (digits and capital letters): one of 0-9, A-Z or ``*``."""
    product = 0
    for symbol in drawn:
        product = (product + _CHECK_VALUES.index(symbol)) * 2 % 37
    return _CHECK_VALUES[(1 - product) % 37]


def _symbols_in(text: str) -> str:
    """The last part of a scan address without its query, or the text itself, folded."""
    path = re.split(r"[?#]", fold_look_alikes(text), maxsplit=1)[0]
    return path.rstrip("/").rsplit("/", 1)[-1]
