"""Which rules could be left out and nobody would notice: asked on demand, rule by rule."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from doudi.engine.messages import Message, msg
from doudi.engine.rules.budget import Budget, Meter, SpentError
from doudi.engine.rules.holding import HoldingDiagrams, by_holder
from doudi.engine.rules.table import Placed, Table, exclusion_rules


@dataclass(frozen=True, slots=True)
class Redundant:
    """Each of ``rules`` alone can go and every holder, gap and conflict stays; two of them together may not."""

    rules: tuple[str, ...]
    unproven: tuple[Message, ...]


def redundant(
    table: Table,
    rules: Iterable[str] | None = None,
    budget: Budget = Budget(),  # noqa: B008 - a frozen value
) -> Redundant:
    """Compare, inside each rule's own box, who holds what with and without it; all rules when none are named."""
    meter = Meter(budget)
    found, unproven = [], []
    for code in table.placed if rules is None else rules:
        meter.allow(meter.left)
        try:
            if _is_redundant(table, table.placed[code], meter):
                found.append(code)
        except SpentError:
            unproven.append(msg("规则 {rule} 是否多余，未能在限额内证明。", rule=code))
    return Redundant(tuple(sorted(found)), tuple(unproven))


def _is_redundant(table: Table, rule: Placed, meter: Meter) -> bool:
    if not all(rule.proper):
        return True
    meter.spend()
    local = HoldingDiagrams(rule.proper, by_holder)
    near = local.live([*table.placed.values(), *exclusion_rules(table.space)])
    rest = local.live([*(one for one in table.placed.values() if one is not rule), *exclusion_rules(table.space)])
    return local.build(near, meter) == local.build(rest, meter)
