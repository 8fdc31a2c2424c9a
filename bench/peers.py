"""The same tables, asked of z3 (are there gaps?) and of the ZEN rule engine (who holds this matter?)."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date
from time import process_time
from typing import Any

from doudi.engine.rules.axes import CodedAxis
from doudi.engine.rules.sides import Side
from doudi.engine.rules.table import Placed, Table


def z3_gaps(table: Table, most_seconds: float, most_boxes: int) -> tuple[float, int, bool]:
    """Seconds, boxes and whether that were all: z3 finds a gap, we grow it to a maximal box, z3 finds the next."""
    import z3

    begun = process_time()
    space = table.space
    matter = [z3.Int(axis.name) for axis in space.axes]
    solver = z3.Solver()
    solver.set("timeout", int(most_seconds * 1000))
    inside = [_within(z3, one, side) for one, side in zip(matter, space.proper, strict=True)]
    solver.add(*inside)
    boxes = [one.proper for one in table.placed.values() if one.layer > 0 and not one.settles]
    for box in boxes:
        solver.add(z3.Not(_in_box(z3, matter, box, space.proper)))
    found = 0
    while solver.check() == z3.sat and found < most_boxes and process_time() - begun < most_seconds:
        model = solver.model()
        grown = [((place, place + 1),) for place in (model.eval(one, True).as_long() for one in matter)]
        for axis in reversed(range(len(grown))):
            grown[axis] = _open_side(boxes, grown, axis, space.proper[axis])
        solver.add(z3.Not(_in_box(z3, matter, grown, space.proper)))
        found += 1
    return process_time() - begun, found, solver.check() == z3.unsat


def _within(z3: Any, one: Any, side: Side) -> Any:
    return z3.Or([z3.And(one >= low, one < high) for low, high in side])


def _in_box(z3: Any, matter: Sequence[Any], box: Sequence[Side], proper: Sequence[Side]) -> Any:
    limits = zip(matter, box, proper, strict=True)
    return z3.And([_within(z3, one, side) for one, side, whole in limits if side != whole])


def _open_side(boxes: Sequence[Sequence[Side]], grown: Sequence[Side], axis: int, whole: Side) -> Side:
    from doudi.engine.rules.sides import meet, minus

    free = whole
    for box in boxes:
        others = (n for n in range(len(grown)) if n != axis)
        if all(meet(box[n], grown[n]) for n in others):
            free = minus(free, box[axis])
    return free


class Zen:
    """The table as a ZEN decision table, first hit first: stronger layers and smaller boxes stand above."""

    def __init__(self, table: Table) -> None:
        import zen

        self._decision = zen.ZenEngine().create_decision(json.dumps(self._graph(table)))

    def holder(self, values: Mapping[str, object]) -> object:
        return self._decision.evaluate(values)["result"].get("holder")

    def _graph(self, table: Table) -> dict[str, Any]:
        axes = table.space.axes
        inputs = [{"id": f"i{n}", "name": axis.name, "field": axis.name} for n, axis in enumerate(axes)]
        rules = [
            {"_id": one.id, "o": json.dumps(one.holder)}
            | {f"i{n}": self._cell(table, one, n) for n in range(len(axes))}
            for one in first_hit_order(table)
        ]
        content = {
            "hitPolicy": "first",
            "inputs": inputs,
            "outputs": [{"id": "o", "name": "holder", "field": "holder"}],
        }
        nodes = [
            {"id": "in", "name": "in", "type": "inputNode"},
            {"id": "t", "name": "t", "type": "decisionTableNode", "content": content | {"rules": rules}},
            {"id": "out", "name": "out", "type": "outputNode"},
        ]
        edges = [{"id": "a", "sourceId": "in", "targetId": "t"}, {"id": "b", "sourceId": "t", "targetId": "out"}]
        return {"nodes": nodes, "edges": edges}

    @staticmethod
    def _cell(table: Table, one: Placed, number: int) -> str:
        axis, side = table.space.axes[number], one.proper[number]
        if side == axis.proper:
            return ""
        if isinstance(axis, CodedAxis):
            return ", ".join(json.dumps(axis.value(place)) for low, high in side for place in range(low, high))
        return " or ".join(f"[{low}..{high})" for low, high in side)


def first_hit_order(table: Table) -> list[Placed]:
    """An order in which no rule stands below one that it outranks."""
    waiting, ordered = list(table.placed.values()), []
    while waiting:
        layer = [one for one in waiting if one.layer == waiting[0].layer]
        waiting = [one for one in waiting if one.layer != waiting[0].layer]
        while layer:
            best = next(one for one in layer if not any(other.outranks(one) for other in layer))
            layer.remove(best)
            ordered.append(best)
    return ordered


def for_zen(values: Mapping[str, object]) -> dict[str, object]:
    """The same matter with its day as a number, which ZEN compares fastest."""
    return {name: value.toordinal() if isinstance(value, date) else value for name, value in values.items()}
