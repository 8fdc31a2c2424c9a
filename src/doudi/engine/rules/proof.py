"""Before anyone falls into it: prove that rules leave no gap and no conflict, or show exactly where they do.

Three proofs stand side by side: coverage, rivalry between rules, and (in ``difference``) who holds what.
Each has its budget. Where that is used up the proof says "not proven" and where; it never says that all is well.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from doudi.engine.messages import Message, msg
from doudi.engine.rules.budget import Budget, Meter, SpentError
from doudi.engine.rules.coverage import Coverage
from doudi.engine.rules.diagram import VOID
from doudi.engine.rules.regions import History, Region, region, weightiest_first
from doudi.engine.rules.rivalry import Rivalry
from doudi.engine.rules.sides import Side, Sides, points, side_of
from doudi.engine.rules.space import Space
from doudi.engine.rules.table import BACKSTOP_LAYER, RuleTableError, Table
from doudi.engine.rules.wording import Wording

MOST_GAPS = 300
FAIR_SHARE = 2_000


@dataclass(frozen=True, slots=True)
class Conflict:
    """Two rules that both win, with different holders, in ``regions``; ``complete`` is False when there are more."""

    rules: tuple[str, str]
    holders: tuple[str, str]
    regions: tuple[Region, ...]
    complete: bool


@dataclass(frozen=True, slots=True)
class Contradiction:
    """A rule or ruling that defies ``binding`` rules in ``region``: such a table may not be published."""

    rule: str
    binding: tuple[str, ...]
    region: Region
    reason: Message


@dataclass(frozen=True, slots=True)
class Shadowed:
    """A rule that never decides: those in ``above`` outrank it wherever it holds. Empty: it holds nowhere."""

    rule: str
    above: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Proof:
    """What was proven of a table, and what not.

    ``gaps`` are maximal boxes; they may overlap, and where ``all_gaps`` is False there are more of them.
    ``gap_points`` of ``points`` are gaps, counted once; ``gap_share`` of the past lies in those listed.
    ``unproven`` says in words where the budget was not enough. ``assumed`` names what was taken as impossible.
    """

    points: int
    gap_points: int
    gap_share: float | None
    gaps: tuple[Region, ...]
    all_gaps: bool
    conflicts: tuple[Conflict, ...]
    contradictions: tuple[Contradiction, ...]
    shadowed: tuple[Shadowed, ...]
    unproven: tuple[Message, ...]
    assumed: tuple[str, ...]

    @property
    def proven(self) -> bool:
        """Whether every question was answered; the answers may still be gaps and conflicts."""
        return not self.unproven


class Memo:
    """What earlier proofs over one space found out. Keep it while a table is edited; drop it at any time."""

    def __init__(self, space: Space) -> None:
        self.space = space
        self.coverage = Coverage(space.proper)
        self.rivalry = Rivalry(space)
        self.gaps: tuple[int, tuple[Sides, ...]] | None = None
        """The last root of the coverage whose gaps were all listed, and those gaps."""

    def forget_coverage_beyond(self, nodes: int) -> None:
        """Begin again once so many nodes are kept."""
        if len(self.coverage.diagram.nodes) > nodes:
            self.coverage, self.gaps = Coverage(self.space.proper), None


def verify(
    table: Table,
    budget: Budget = Budget(),  # noqa: B008 - a frozen value
    memo: Memo | None = None,
    history: History | None = None,
    wording: Wording | None = None,
) -> Proof:
    """Prove coverage, the absence of conflicts and of contradictions, and find rules that never decide.

    With ``memo`` only what changed since the last call is proven again; the answer is the same.
    """
    space = table.space
    memo = Memo(space) if memo is None else memo
    if memo.space is not space:
        raise RuleTableError("这份证明记录属于另一个空间，请换用空的记录。")
    wording = wording or Wording(space)
    meter = Meter(budget)
    memo.forget_coverage_beyond(1_000_000)
    root, unproven = _cover(table, memo.coverage, meter, wording)
    gaps, all_gaps = _gaps(memo, root, meter, unproven)
    meter.refill(budget.steps)
    if not memo.rivalry.update(table, meter):
        unproven.append(msg("规则之间是否交叉、抵触、被遮盖，未能在限额内证明。"))
    unproven += _open_questions(memo.rivalry)
    return Proof(
        points=points(space.proper),
        gap_points=memo.coverage.diagram.count(root, {memo.coverage.open}),
        gap_share=history.share(gaps) if history is not None else None,
        gaps=weightiest_first(region(space, box, history) for box in gaps),
        all_gaps=all_gaps,
        conflicts=_conflicts(table, memo.rivalry, history),
        contradictions=_contradictions(table, memo.rivalry, history),
        shadowed=_shadowed(table, memo.rivalry),
        unproven=tuple(unproven),
        assumed=tuple(one.name for one in space.impossible),
    )


@dataclass(frozen=True, slots=True)
class OpenGaps:
    """What neither a rule nor an accepted box covers. ``complete``: these are all; ``unproven`` says where nothing is known."""

    regions: tuple[Region, ...]
    complete: bool
    unproven: tuple[Message, ...]


def open_gaps(
    table: Table,
    accepted: Iterable[Sides],
    budget: Budget = Budget(),  # noqa: B008 - a frozen value
    memo: Memo | None = None,
    history: History | None = None,
    wording: Wording | None = None,
) -> OpenGaps:
    """The gaps of a table outside the boxes that somebody accepted as gaps; ``memo`` serves this question alone."""
    space = table.space
    memo = Memo(space) if memo is None else memo
    if memo.space is not space:
        raise RuleTableError("这份证明记录属于另一个空间，请换用空的记录。")
    meter = Meter(budget)
    memo.forget_coverage_beyond(1_000_000)
    root, unproven = _cover(table, memo.coverage, meter, wording or Wording(space), accepted)
    boxes, complete = _gaps(memo, root, meter, unproven)
    return OpenGaps(weightiest_first(region(space, box, history) for box in boxes), complete, tuple(unproven))


def _cover(
    table: Table, coverage: Coverage, meter: Meter, wording: Wording, accepted: Iterable[Sides] = ()
) -> tuple[int, list[Message]]:
    """The diagram of what is covered, and in words the parts of the first axis that are not proven.

    Each part of the first axis is a question of its own, and gets a fair share before any gets the rest.
    """
    space = table.space
    boxes = [one.proper for one in table.placed.values() if one.layer > BACKSTOP_LAYER and not one.settles]
    state = coverage.asked([*boxes, *space.excluded, *map(space.clip, accepted)])
    try:
        axis, parts = coverage.split(state) if state - {0} and 0 not in state else (0, [])
        if not parts or axis > 0:
            meter.allow(meter.left)
            return coverage.build(state, meter), []
    except SpentError:
        return coverage.covered, [msg("整张表是否有空白，未能在限额内证明。")]
    waiting = dict.fromkeys(part for _, _, part in parts if part is not None)
    roots: dict[frozenset[int] | None, int] = {None: VOID}
    for share in (max(FAIR_SHARE, meter.left // (2 * len(waiting))), meter.left):
        for part in [part for part in waiting if part not in roots]:
            meter.allow(min(share, meter.left))
            try:
                roots[part] = coverage.build(part, meter)
            except SpentError:
                continue
    root = coverage.diagram.node(0, [(high, roots.get(part, coverage.covered)) for _, high, part in parts])
    lost: Side = side_of((low, high) for low, high, part in parts if part not in roots)
    where = wording.side(space.axes[0], lost) if lost else None
    return root, [msg("{where}：是否有空白，未能在限额内证明。", where=where)] if where is not None else []


def _gaps(memo: Memo, root: int, meter: Meter, unproven: list[Message]) -> tuple[tuple[Sides, ...], bool]:
    if memo.gaps is not None and memo.gaps[0] == root:
        return memo.gaps[1], True
    coverage = memo.coverage
    order = tuple(reversed(range(len(coverage.diagram.domain))))
    meter.allow(meter.left)
    try:
        boxes, complete = coverage.diagram.maximal_boxes(root, {coverage.open}, order, MOST_GAPS, meter)
    except SpentError:
        unproven.append(msg("空白没有全部列出：限额已用完。"))
        return (), False
    memo.gaps = (root, boxes) if complete else None
    return boxes, complete


def _open_questions(rivalry: Rivalry) -> list[Message]:
    found = [
        msg("规则 {one} 与 {other} 是否交叉，未能在限额内证明。", one=one.id, other=other.id)
        for one, other in rivalry.open_pairs
    ]
    return found + [msg("规则 {rule} 是否起作用，未能在限额内证明。", rule=one.id) for one in rivalry.open_rules]


def _conflicts(table: Table, rivalry: Rivalry, history: History | None) -> tuple[Conflict, ...]:
    found = [
        Conflict(
            (one.id, other.id),
            (one.holder, other.holder),
            weightiest_first(region(table.space, box, history) for box in boxes),
            complete,
        )
        for pair in rivalry.conflicts
        for one, other in [sorted(pair[:2], key=lambda placed: placed.id)]
        for boxes, complete in [pair[2]]
    ]
    return tuple(sorted(found, key=lambda one: (-(one.regions[0].share or 0.0), -one.regions[0].points, one.rules)))


def _contradictions(table: Table, rivalry: Rivalry, history: History | None) -> tuple[Contradiction, ...]:
    found = [
        Contradiction(
            one.id,
            (other.id,),
            region(table.space, box, history),
            msg(
                "规则 {rule} 与上位规则 {binding}（{source}）相抵触：那里已定由{holder}承办，请缩小范围或改为同一承办岗。",
                rule=one.id,
                binding=other.id,
                source=table.rules[other.id].source,
                holder=other.holder,
            ),
        )
        for one, other, box in rivalry.defiant
    ]
    if table.binding is not None:
        for ruling in (one for one in table.placed.values() if one.settles and all(one.proper)):
            settled = [table.placed[rule] for rule in sorted(ruling.settles)]
            if all(rule.layer >= table.binding and rule.holder != ruling.holder for rule in settled):
                listed = "、".join(rule.id for rule in settled)
                reason = msg(
                    "裁定 {rule} 所定的承办岗不在上位规则 {binding} 所列之内，请改为其中之一。",
                    rule=ruling.id,
                    binding=listed,
                )
                where = region(table.space, ruling.proper, history)
                found.append(Contradiction(ruling.id, tuple(rule.id for rule in settled), where, reason))
    return tuple(sorted(found, key=lambda one: (one.rule, one.binding)))


def _shadowed(table: Table, rivalry: Rivalry) -> tuple[Shadowed, ...]:
    found = [Shadowed(one.id, tuple(other.id for other in above)) for one, above in rivalry.shadowed]
    found += [Shadowed(one.id, ()) for one in table.placed.values() if not all(one.proper)]
    return tuple(sorted(found, key=lambda one: one.rule))
