"""What a matter can be: the axes that span all matters, and the combinations that never occur."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from doudi.engine.rules import sides
from doudi.engine.rules.axes import Axis, CodedAxis, Conditions, DayAxis, NumberAxis, SpaceError, Within
from doudi.engine.rules.sides import Side, Sides

Point = tuple[int, ...]
Values = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Impossible:
    """Matters that never occur, called by ``name`` wherever something is proven without them."""

    name: str
    when: Conditions


class Space:
    """Axes in the order in which tables are split: the kind first, dates and quantities last.

    ``impossible`` combinations are left out of every proof and named in it. Raises SpaceError.
    """

    def __init__(self, axes: Sequence[Axis], impossible: Iterable[Impossible] = ()) -> None:
        names = [axis.name for axis in axes]
        if not names or len(set(names)) < len(names):
            raise SpaceError("空间至少要有一个维度，名称不能重复，请改正。")
        if sum(isinstance(axis, DayAxis) for axis in axes) > 1:
            raise SpaceError("空间只能有一个日期维度，请改正。")
        self.axes: tuple[Axis, ...] = tuple(axes)
        self.places: dict[str, int] = {name: place for place, name in enumerate(names)}
        self.everything: Sides = tuple(axis.everything for axis in axes)
        self.proper: Sides = tuple(axis.proper for axis in axes)
        self._kept: dict[tuple[str, object], Side] = {}
        self.impossible: tuple[Impossible, ...] = tuple(impossible)
        self.excluded: tuple[Sides, ...] = tuple(self.clip(self.box(one.when)) for one in self.impossible)

    def box(self, when: Conditions, since: date | None = None, until: date | None = None) -> Sides:
        """The sides of a rule with these conditions, in the order of the axes. Raises SpaceError."""
        for name in when:
            if name not in self.places:
                raise SpaceError("没有“{axis}”这个维度，请改正列名或登记这个维度。", axis=name)
            if isinstance(self.axes[self.places[name]], DayAxis):
                raise SpaceError("“{axis}”由规则的起止日期决定，不能另写条件，请改正。", axis=name)
        return tuple(
            axis.between(since, until) if isinstance(axis, DayAxis) else self._side(axis, when.get(axis.name))
            for axis in self.axes
        )

    def _side(self, axis: CodedAxis | NumberAxis, condition: Sequence[str] | Within | None) -> Side:
        if condition is None or condition == ():
            return axis.everything
        key = (axis.name, condition if isinstance(condition, Within) else tuple(condition))
        if (kept := self._kept.get(key)) is None:
            kept = self._kept[key] = self._fresh_side(axis, condition)
        return kept

    @staticmethod
    def _fresh_side(axis: CodedAxis | NumberAxis, condition: Sequence[str] | Within) -> Side:
        if isinstance(axis, NumberAxis) and isinstance(condition, Within):
            return axis.side(condition)
        if isinstance(axis, NumberAxis) or isinstance(condition, Within):
            raise SpaceError("“{axis}”的条件写法不对：数量写范围，其他写代码，请改正。", axis=axis.name)
        return axis.side(condition)

    def clip(self, box: Sides) -> Sides:
        """What lies in the part of the space over which something is proven."""
        return tuple(sides.meet(side, proper) for side, proper in zip(box, self.proper, strict=True))

    def point(self, values: Values) -> Point:
        """The place of one matter on every axis; what is missing is "not known"."""
        return tuple(axis.number(values.get(axis.name)) for axis in self.axes)

    def values(self, point: Iterable[int]) -> dict[str, object]:
        """One matter with these proper places, as ``point`` takes it."""
        return {axis.name: axis.value(number) for axis, number in zip(self.axes, point, strict=True)}
