"""What the digits of an area code say: which town, which village or neighbourhood, which unit grid.

Twelve digits (the statistical code) name a town, village or neighbourhood: 2 province, 2 prefecture, 2 county,
3 town, 3 village, which are 000 for the town itself. Fifteen digits (GB/T 30428, DB11) name a unit grid: its
village and a sequence from 001.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from doudi.engine.errors import DoudiError
from doudi.engine.folding import fold


class AreaCodeError(DoudiError):
    """A text is not the code of a town, village, neighbourhood or unit grid."""


class AreaKind(StrEnum):
    """What a code names. ``SIMILAR``: estates and zones run like a village (400-599), merged communities (from 601)."""

    TOWN = "town"
    NEIGHBOURHOOD = "neighbourhood"
    VILLAGE = "village"
    SIMILAR = "similar"
    GRID = "grid"


@dataclass(frozen=True, slots=True, order=True)
class AreaCode:
    """Twelve or fifteen digits; `parse_area_code` reads them from text."""

    digits: str

    def __post_init__(self) -> None:
        if not re.fullmatch("[1-9][0-9]{11}([0-9]{3})?", self.digits):
            raise AreaCodeError(
                "“{code}”不是区域代码：应为 12 位（镇、村居）或 15 位（单元网格）数字。", code=self.digits
            )
        if self.digits[6:9] == "000":
            raise AreaCodeError("区域代码“{code}”没有写到街镇，请补上第 7 至 9 位。", code=self.digits)
        if self.is_grid and self.digits[9:12] == "000":
            raise AreaCodeError("网格“{code}”直接挂在镇下，请先归到一个村居。", code=self.digits)
        if self.is_grid and self.digits[12:] == "000":
            raise AreaCodeError("网格“{code}”的序号是 000，请从 001 起编。", code=self.digits)

    def __str__(self) -> str:
        return self.digits

    @property
    def is_grid(self) -> bool:
        return len(self.digits) == 15

    @property
    def kind(self) -> AreaKind:
        """What the code names; a village is told from a neighbourhood by its three digits."""
        if self.is_grid:
            return AreaKind.GRID
        match int(self.digits[9:]):
            case 0:
                return AreaKind.TOWN
            case part if part < 200:
                return AreaKind.NEIGHBOURHOOD
            case part if part < 400:
                return AreaKind.VILLAGE
        return AreaKind.SIMILAR

    @property
    def county(self) -> str:
        """The six digits of county or district (GB/T 2260)."""
        return self.digits[:6]

    @property
    def town(self) -> AreaCode:
        """The town that the area lies in, or is."""
        return AreaCode(self.digits[:9] + "000")

    @property
    def village(self) -> AreaCode | None:
        """The village or neighbourhood that the area lies in, or is; ``None`` for a town."""
        return None if self.kind is AreaKind.TOWN else AreaCode(self.digits[:12])

    @property
    def sequence(self) -> int | None:
        """The number of a grid inside its village; ``None`` for what is no grid."""
        return int(self.digits[12:]) if self.is_grid else None

    @property
    def parent(self) -> AreaCode | None:
        """The area right above: a grid's village, a village's town, ``None`` for a town."""
        if self.kind is AreaKind.TOWN:
            return None
        return self.village if self.is_grid else self.town


def parse_area_code(text: str) -> AreaCode:
    """Read a code in any width, with spaces or dashes; `AreaCodeError` says what is wrong with anything else."""
    return AreaCode(fold(text))
