"""Boxes in the words of a town: as few tree nodes as will do, "all but …" where that is shorter, ranges with their ends."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from doudi.engine.messages import Message, msg
from doudi.engine.rules.axes import UNKNOWN, Axis, CodedAxis, DayAxis, NumberAxis, TreeAxis
from doudi.engine.rules.sides import Side, Sides, inside, meet, minus, side_of
from doudi.engine.rules.space import Space
from doudi.engine.trees import Tree

MOST_NAMED = 8


@dataclass(frozen=True, slots=True)
class Wording:
    """Says boxes with ``names`` for codes.

    A value of a small axis may be named as ``axis=value``, the axis itself as ``axis=``.
    """

    space: Space
    names: Mapping[str, str] = field(default_factory=dict)
    #: as many codes are named; of further ones it is said how many there are
    most: int = MOST_NAMED

    def in_full(self) -> Wording:
        """The same, naming everything."""
        return replace(self, most=sys.maxsize)

    def box(self, box: Sides) -> tuple[Message, ...]:
        """One phrase for each side that is not the whole axis; none for the whole space."""
        found = []
        for axis, side in zip(self.space.axes, box, strict=True):
            proper = meet(side, axis.proper)
            if proper != axis.proper:
                found.append(self.side(axis, proper))
        return tuple(found)

    def sentence(self, box: Sides) -> Message:
        """The phrases joined: 沿街商户 × 油烟 × 非工作时间 × 东片."""
        said = self.box(box)
        return (
            msg(" × ".join(f"{{p{n}}}" for n in range(len(said))), **{f"p{n}": one for n, one in enumerate(said)})
            if (said)
            else msg("所有事项")
        )

    def side(self, axis: Axis, side: Side) -> Message:
        """A proper part of an axis in words."""
        if isinstance(axis, CodedAxis):
            return self._coded(axis, side)
        return msg("{ranges}", ranges="、".join(str(self._range(axis, low, high)) for low, high in side))

    def _name(self, axis: Axis, code: str) -> str:
        return (
            self.names.get(f"{axis.name}={code}")
            or self.names.get(code)
            or (f"{self._label(axis)}不明" if code == UNKNOWN else code)
        )

    def _label(self, axis: Axis) -> str:
        return self.names.get(f"{axis.name}=", axis.name)

    def _listed(self, axis: CodedAxis, codes: Sequence[str]) -> str:
        listed = "、".join(self._name(axis, code) for code in codes[: self.most])
        return listed if len(codes) <= self.most else f"{listed}等{len(codes)}项"

    def _coded(self, axis: CodedAxis, side: Side) -> Message:
        named, within, others = nodes_of(axis, side)
        if not others:
            return msg("{listed}", listed=self._listed(axis, named))
        if within is None:
            return msg("除{others}外", others=self._listed(axis, others))
        return msg("{within}（除{others}外）", within=self._name(axis, within), others=self._listed(axis, others))

    def _range(self, axis: NumberAxis | DayAxis, low: int, high: int) -> Message:
        label = self._label(axis)
        if low >= axis.unknown:
            return msg("{axis}不明", axis=label)
        first, last = axis.proper[0][0], min(axis.proper[0][1], axis.unknown)
        above, below = axis.value(low), "不明" if high > axis.unknown else self._end(axis, high)
        if isinstance(axis, DayAxis):
            if low <= first:
                return msg("{axis}在 {below} 之前", axis=label, below=below)
            return (
                msg("{axis}自 {above} 起", axis=label, above=above)
                if high >= last
                else msg("{axis}自 {above} 起、{below} 之前", axis=label, above=above, below=below)
            )
        if high >= last:
            more = "{axis}不少于 {above}" if high <= axis.unknown else "{axis}不少于 {above}，或不明"
            return msg(more, axis=label, above=above)
        if low <= first:
            return msg("{axis}不足 {below}", axis=label, below=below)
        return msg("{axis}不少于 {above}、不足 {below}", axis=label, above=above, below=below)

    @staticmethod
    def _end(axis: NumberAxis | DayAxis, high: int) -> object:
        return axis.low + high * axis.step if isinstance(axis, NumberAxis) else axis.value(high)


def nodes_of(axis: CodedAxis, side: Side) -> tuple[tuple[str, ...], str | None, tuple[str, ...]]:
    """The side as few codes: those in it; or the group around it (None: the whole axis) and those in it left out.

    The third part is empty where the first is no longer than the two others together.
    """
    if not isinstance(axis, TreeAxis):
        named = _unit_codes(axis, side)
        rest = _unit_codes(axis, minus(axis.proper, side))
        return (named, None, rest) if 0 < len(rest) < len(named) - 1 else (named, None, ())
    named = cover(axis, side)
    around: str | None = None
    for node in axis.tree.upward(named[0]) if named and named[0] in axis.tree else ():
        if inside(side, _leaves(axis.tree, node)):
            around = node
            break
    whole = _leaves(axis.tree, around) if around is not None else axis.proper
    rest = cover(axis, minus(whole, side))
    shorter = len(rest) + (around is not None) < len(named)
    return (named, around, rest) if rest and shorter else (named, None, ())


def _unit_codes(axis: CodedAxis, side: Side) -> tuple[str, ...]:
    return tuple(axis.value(number) for low, high in side for number in range(low, high))


def _leaves(tree: Tree, node: str) -> Side:
    first, last = tree.interval(node)
    return ((first, last + 1),)


def cover(axis: TreeAxis, side: Side) -> tuple[str, ...]:
    """The fewest nodes whose leaves are the side, in pre-order; "not known" stands last."""
    found: list[str] = []
    waiting = list(reversed(axis.tree.roots))
    while waiting:
        node = waiting.pop()
        leaves = _leaves(axis.tree, node)
        if inside(leaves, side):
            found.append(node)
        elif meet(leaves, side):
            waiting.extend(reversed(axis.tree.children(node)))
    if meet(side, side_of([(axis.unknown, axis.unknown + 1)])):
        found.append(UNKNOWN)
    return tuple(found)
