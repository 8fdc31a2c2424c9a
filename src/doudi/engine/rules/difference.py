"""Who would hold what after a change: every region of matters whose holder differs between two tables."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from itertools import pairwise

from doudi.engine.messages import Message, msg
from doudi.engine.rules.budget import Budget, Meter, SpentError
from doudi.engine.rules.diagram import VOID, Diagram
from doudi.engine.rules.holding import HoldingDiagrams, Live, by_holder
from doudi.engine.rules.regions import History, Region, region, weightiest_first
from doudi.engine.rules.sides import Side, Sides, side_of
from doudi.engine.rules.space import Space
from doudi.engine.rules.table import DecisionStatus, RuleTableError, Table, exclusion_rules
from doudi.engine.rules.wording import Wording

MOST_REGIONS = 300


@dataclass(frozen=True, slots=True)
class Held:
    """One holder by rule, the rivals of a conflict, or for a gap the backstop's holder, if any."""

    status: DecisionStatus
    holders: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Change:
    """In ``regions``, maximal boxes that may overlap, ``before`` becomes ``after``; ``points`` counts them once."""

    before: Held
    after: Held
    regions: tuple[Region, ...]
    complete: bool
    points: int
    share: float | None


@dataclass(frozen=True, slots=True)
class Difference:
    """All changes, those that would have met most matters first; ``unproven`` says where nothing could be told."""

    changes: tuple[Change, ...]
    unproven: tuple[Message, ...]

    @property
    def proven(self) -> bool:
        return not self.unproven


class DifferenceMemo:
    """What is known of who holds what in one space; keep it while drafts are compared, drop it at any time."""

    def __init__(self, space: Space) -> None:
        self.space = space
        self.holding = HoldingDiagrams(space.proper, by_holder)


def difference(
    old: Table,
    new: Table,
    budget: Budget = Budget(),  # noqa: B008 - a frozen value
    memo: DifferenceMemo | None = None,
    history: History | None = None,
    wording: Wording | None = None,
) -> Difference:
    """Every region whose holder, gap or conflict changes from ``old`` to ``new``, tables over one space."""
    space = old.space
    memo = memo or DifferenceMemo(space)
    if new.space is not space or memo.space is not space:
        raise RuleTableError("只能比较同一个空间里的两张表，请先换到同一个空间。")
    meter = Meter(budget)
    changed = _Changed(memo.holding, space, meter)
    root, lost = changed.between(old, new)
    unproven = []
    if lost:
        where = (wording or Wording(space)).side(space.axes[0], lost)
        unproven.append(msg("{where}：承办岗有无变化，未能在限额内证明。", where=where))
    meter.refill(budget.steps)
    found = []
    for outcome in sorted(
        node for node in changed.diagram.reached(root) if node < 0 and node not in (VOID, changed.same)
    ):
        try:
            found.append(changed.change(root, outcome, history))
        except SpentError:
            unproven.append(msg("变化的范围没有全部列出：限额已用完。"))
            break
    found.sort(key=lambda one: (-(one.share or 0.0), -one.points, one.before.holders, one.after.holders))
    return Difference(tuple(found), tuple(unproven))


class _Changed:
    """The diagram of ``(before, after)`` where they differ."""

    def __init__(self, holding: HoldingDiagrams, space: Space, meter: Meter) -> None:
        self._holding, self._space, self._meter = holding, space, meter
        self.diagram = Diagram(space.proper)
        self.same = self.diagram.outcome("same")
        self._pairs: dict[tuple[int, int], int] = {}

    def between(self, old: Table, new: Table) -> tuple[int, Side]:
        """The root, and the part of the first axis for which the budget was not enough."""
        never = exclusion_rules(self._space)
        olds = self._first_parts(self._holding.live([*old.placed.values(), *never]))
        news = self._first_parts(self._holding.live([*new.placed.values(), *never]))
        parts: list[tuple[int, int]] = []
        lost: list[tuple[int, int]] = []
        for low, high in pairwise(sorted({bound for part in (*olds, *news) for bound in part[:2]})):
            before = next(state for start, end, state in olds if start <= low < end)
            after = next(state for start, end, state in news if start <= low < end)
            kid = VOID
            if before is not None and after is not None:
                try:
                    kid = self._states(before, after)
                except SpentError:
                    kid = self.same
                    lost.append((low, high))
            parts.append((high, kid))
        return self.diagram.node(0, parts), side_of(lost)

    def _first_parts(self, live: Live) -> list[tuple[int, int, Live | None]]:
        axis, parts = self._holding.split(live, 0) if live else (-1, [])
        domain = self._space.proper[0]
        return parts if axis == 0 else [(domain[0][0], domain[-1][1], live)]

    def _states(self, before: Live, after: Live) -> int:
        if before == after:
            return self.same
        build = self._holding.build
        self._meter.allow(self._meter.left)
        return self._pair(build(before, self._meter, 1), build(after, self._meter, 1))

    def _pair(self, before: int, after: int) -> int:
        if before == after:
            return self.same
        if (known := self._pairs.get((before, after))) is not None:
            return known
        self._meter.spend()
        held = self._holding.diagram
        if before < 0 and after < 0:
            made = self.diagram.outcome((held.what(before), held.what(after)))
        else:
            axis = min(held.axis(before), held.axis(after))
            ends, kids = zip(*(self._ways(node, axis) for node in (before, after)), strict=True)
            parts: list[tuple[int, int]] = []
            for end in sorted({*ends[0], *ends[1]}):
                one, other = (kids[k][bisect_right(ends[k], end - 1)] for k in (0, 1))
                parts.append((end, self._pair(one, other)))
            made = self.diagram.node(axis, parts)
        self._pairs[before, after] = made
        return made

    def _ways(self, node: int, axis: int) -> tuple[tuple[int, ...], tuple[int, ...]]:
        held = self._holding.diagram
        if held.axis(node) == axis:
            return held.nodes[node][1:]
        return (self._space.proper[axis][-1][1],), (node,)

    def change(self, root: int, outcome: int, history: History | None) -> Change:
        order = tuple(reversed(range(len(self._space.axes))))
        self._meter.allow(self._meter.left)
        boxes, complete = self.diagram.maximal_boxes(root, {outcome}, order, MOST_REGIONS, self._meter)
        what = self.diagram.what(outcome)
        assert isinstance(what, tuple), "changes are pairs"
        return Change(
            Held(*what[0]),
            Held(*what[1]),
            weightiest_first(region(self._space, box, history) for box in boxes),
            complete,
            self.diagram.count(root, {outcome}),
            _share(history, boxes),
        )


def _share(history: History | None, boxes: tuple[Sides, ...]) -> float | None:
    return None if history is None else history.share(boxes)
