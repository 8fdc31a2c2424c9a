"""The attributes of a matter as axes of numbers: trees, choices, quantities with a step, days.

Rules keep codes; numbers live only while a table is looked at. Each axis has ``size`` places, the last
of which may be places where a value is only half known:

    0 … leaves - 1   the proper values, trees in pre-order     ``unknown``   the place of what is not known
    unknown + 1 …    the groups of a tree, where a matter may be known only as "somewhere in that village"

``proper`` is the side over which something is proven: the values, and "not known" where that is declared.
A rule that does not look at an axis has all its places; one that does has exactly those that it names.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_FLOOR, Decimal, InvalidOperation

from doudi.engine.errors import DoudiError
from doudi.engine.rules.sides import Side, side_of
from doudi.engine.trees import Tree

UNKNOWN = "unknown"


class SpaceError(DoudiError):
    """An axis is declared wrongly, or a condition names what its axis does not have."""


class CodedAxis:
    """An axis whose values are codes; ``numbers`` gives the place of each code a matter may carry."""

    def __init__(self, name: str, leaves: Sequence[str], unknown: bool) -> None:
        if not leaves or len(set(leaves)) < len(leaves) or UNKNOWN in leaves:
            raise SpaceError("“{axis}”的取值不能为空、不能重复，也不能叫 unknown，请改正。", axis=name)
        self.name = name
        self.may_be_unknown = unknown
        self.codes: tuple[str, ...] = tuple(leaves)
        self.unknown = len(self.codes)
        self.size = self.unknown + 1
        self.proper: Side = ((0, self.size if unknown else self.unknown),)
        self.numbers: dict[str, int] = {code: number for number, code in enumerate(self.codes)}
        self.numbers[UNKNOWN] = self.unknown

    @property
    def everything(self) -> Side:
        return ((0, self.size),)

    def number(self, value: object) -> int:
        """The place of a code; a value that is missing or not registered is "not known"."""
        return self.numbers.get(value, self.unknown) if isinstance(value, str) else self.unknown

    def side(self, codes: Iterable[str]) -> Side:
        """The places that a rule naming ``codes`` speaks about; it names at least one."""
        named = tuple(codes)
        for code in named:
            if code not in self.numbers:
                raise SpaceError("“{axis}”里没有“{code}”，请先登记，或改正代码。", axis=self.name, code=code)
        return self._side(named)

    def _side(self, codes: tuple[str, ...]) -> Side:
        return side_of((self.numbers[code], self.numbers[code] + 1) for code in codes)

    def value(self, number: int) -> str:
        """The code at a proper place."""
        return self.codes[number] if number < self.unknown else UNKNOWN


class ChoiceAxis(CodedAxis):
    """One of a few declared values."""

    def __init__(self, name: str, values: Sequence[str], *, unknown: bool = False) -> None:
        super().__init__(name, values, unknown)


class TreeAxis(CodedAxis):
    """A leaf of a tree. With ``groups`` a matter may be known only as a group: rules match it that cover all below."""

    def __init__(self, name: str, tree: Tree, *, unknown: bool = False, groups: bool = False) -> None:
        super().__init__(name, tree.leaves(), unknown)
        self.tree = tree
        self._groups: dict[str, tuple[int, int]] = {}
        for node in tree:
            first, last = tree.interval(node)
            if tree.children(node):
                self._groups[node] = (first, last + 1)
        self.has_groups = groups
        if groups:
            for code in self._groups:
                self.numbers[code] = self.size
                self.size += 1

    def side(self, codes: Iterable[str]) -> Side:
        named = tuple(codes)
        for code in named:
            if code not in self.numbers and code not in self._groups:
                raise SpaceError("“{axis}”里没有“{code}”，请先登记，或改正代码。", axis=self.name, code=code)
        leaves = side_of(self._groups.get(code) or (self.numbers[code], self.numbers[code] + 1) for code in named)
        if not self.has_groups:
            return leaves
        whole = (
            (self.numbers[group], self.numbers[group] + 1)
            for group, (first, end) in self._groups.items()
            if any(low <= first and end <= high for low, high in leaves)
        )
        return side_of([*leaves, *whole])


@dataclass(frozen=True, slots=True)
class Within:
    """A condition on a quantity: from ``low`` to just under ``high``; ``None`` is no bound."""

    low: Decimal | int | None = None
    high: Decimal | int | None = None


class NumberAxis:
    """A quantity from ``low`` to just under ``high`` in whole steps; what lies between two steps counts as the lower."""

    def __init__(
        self, name: str, low: Decimal | int, high: Decimal | int, step: Decimal | int = 1, *, unknown: bool = False
    ) -> None:
        self.name = name
        self.may_be_unknown = unknown
        self.low, self.step = Decimal(low), Decimal(step)
        if self.step <= 0 or not self.low < Decimal(high):
            raise SpaceError("“{axis}”的步长须大于零，下限须小于上限，请改正。", axis=name)
        whole = self.low == self.low.to_integral_value() and self.step == self.step.to_integral_value()
        self._whole = (int(self.low), int(self.step)) if whole else None
        self.unknown = self._steps(Decimal(high))
        self.size = self.unknown + 1
        self.proper: Side = ((0, self.size if unknown else self.unknown),)

    @property
    def everything(self) -> Side:
        return ((0, self.size),)

    def _steps(self, value: Decimal) -> int:
        return int(((value - self.low) / self.step).to_integral_value(ROUND_FLOOR))

    def number(self, value: object) -> int:
        """The place of a number or of the text of one; what is none, or out of range, is "not known"."""
        if type(value) is int and self._whole is not None:
            steps = (value - self._whole[0]) // self._whole[1]
            return steps if 0 <= steps < self.unknown else self.unknown
        if isinstance(value, bool) or not isinstance(value, int | float | str | Decimal):
            return self.unknown
        try:
            steps = self._steps(Decimal(str(value)))
        except (InvalidOperation, ValueError, OverflowError):
            return self.unknown
        return steps if 0 <= steps < self.unknown else self.unknown

    def side(self, condition: Within) -> Side:
        """The steps that lie wholly within the condition, for bounds that fall on a step."""
        first = 0 if condition.low is None else self._bound(condition.low)
        end = self.unknown if condition.high is None else self._bound(condition.high)
        if first >= end:
            raise SpaceError("“{axis}”的范围是空的：下限须小于上限，请改正。", axis=self.name)
        return ((first, end),)

    def _bound(self, value: Decimal | int) -> int:
        steps = (Decimal(value) - self.low) / self.step
        if steps != steps.to_integral_value() or not 0 <= steps <= self.unknown:
            raise SpaceError(
                "“{axis}”的界限 {value} 不在范围内，或不合步长 {step}，请改正。",
                axis=self.name,
                value=value,
                step=self.step,
            )
        return int(steps)

    def value(self, number: int) -> Decimal | str:
        """The lower bound of a step."""
        return self.low + number * self.step if number < self.unknown else UNKNOWN


class DayAxis:
    """The day of a matter. Rules hold at any time; something is proven from ``since`` to the day before ``until``."""

    may_be_unknown = False

    def __init__(self, name: str, since: date, until: date) -> None:
        if not since < until:
            raise SpaceError("“{axis}”的起始日须早于终止日，请改正。", axis=name)
        self.name = name
        self.unknown = date.max.toordinal() + 1
        self.size = self.unknown + 1
        self.proper: Side = ((since.toordinal(), until.toordinal()),)

    @property
    def everything(self) -> Side:
        return ((0, self.size),)

    def number(self, value: object) -> int:
        """The ordinal of a day or of an ISO date."""
        if isinstance(value, str):
            try:
                return date.fromisoformat(value).toordinal()
            except ValueError:
                return self.unknown
        return value.toordinal() if isinstance(value, date) else self.unknown

    def between(self, since: date | None, until: date | None) -> Side:
        """The days from ``since`` to the day before ``until``; without either, also a day that is not known."""
        if since is None and until is None:
            return self.everything
        first = since.toordinal() if since else 0
        return ((first, until.toordinal() if until else self.unknown),)

    def value(self, number: int) -> date | str:
        return date.fromordinal(number) if 0 < number < self.unknown else UNKNOWN


Axis = CodedAxis | NumberAxis | DayAxis
Condition = Sequence[str] | Within
Conditions = Mapping[str, Condition]
