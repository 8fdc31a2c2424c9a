"""What still stands of rules, seats and backstops after areas or posts have ended: exactly as much, and each loss is said.

A rule that names an ended area covers nothing there and all else as before; one that names only ended areas covers
nothing and is left out. Nothing grows by it: an area that is gone never comes to mean "any".
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from doudi.engine.duties.rules import Rule
from doudi.engine.duties.seats import BackstopDuty, Seat
from doudi.engine.messages import Message, msg
from doudi.engine.trees import Tree

_NO_ROLE = ""


@dataclass(frozen=True, slots=True)
class PrunedDuties:
    """Rules, seats and backstops in which every area and post exists; ``faults`` says in words what had to go."""

    rules: tuple[Rule, ...]
    seats: tuple[Seat, ...]
    backstops: tuple[BackstopDuty, ...]
    faults: tuple[Message, ...]


def prune(
    areas: Tree, rules: Iterable[Rule], seats: Iterable[Seat], backstops: Iterable[BackstopDuty], duty_desk: str
) -> PrunedDuties:
    """Leave out what names nothing that stands. The duty desk always remains somebody who may hold: there is no other."""
    faults: list[Message] = []
    kept_seats = _seats(areas, seats, faults)
    if not any(seat.post == duty_desk and seat.may_hold for seat in kept_seats):
        faults.append(msg("值班岗 {post} 已撤销或不能承办：请马上给全镇另定一个兜底岗。", post=duty_desk))
        kept_seats = [seat for seat in kept_seats if seat.post != duty_desk]
        kept_seats.append(Seat(duty_desk, _NO_ROLE, frozenset(), may_hold=True))
    may_hold = {seat.post for seat in kept_seats if seat.may_hold}
    return PrunedDuties(
        tuple(_rules(areas, rules, faults)),
        tuple(kept_seats),
        tuple(_backstops(areas, backstops, may_hold, faults)),
        tuple(faults),
    )


def _rules(areas: Tree, rules: Iterable[Rule], faults: list[Message]) -> Sequence[Rule]:
    kept: dict[str, Rule] = {}
    gone: set[str] = set()
    for rule in rules:
        ended = sorted(code for code in rule.areas if code not in areas)
        faults += [
            msg("规则 {rule} 写的区域 {code} 已撤销，那里不再按它办：请改这条规则。", rule=rule.id, code=code)
            for code in ended
        ]
        if ended and len(ended) == len(rule.areas):
            gone.add(rule.id)
        else:
            kept[rule.id] = replace(rule, areas=rule.areas.difference(ended)) if ended else rule
    # Where one of the rivals covers nothing any more there is no conflict left for the ruling to settle.
    return [rule for rule in kept.values() if not gone.intersection(rule.settles)]


def _seats(areas: Tree, seats: Iterable[Seat], faults: list[Message]) -> list[Seat]:
    """A post that served only what has ended serves nowhere: it keeps what it holds and is named no more."""
    kept = []
    for seat in seats:
        ended = sorted(code for code in seat.areas if code not in areas)
        faults += [
            msg("岗位 {post} 服务的区域 {code} 已撤销：请改它的服务区域。", post=seat.post, code=code) for code in ended
        ]
        if ended:
            left = seat.areas.difference(ended)
            seat = replace(seat, areas=left, role=seat.role if left else _NO_ROLE)
        kept.append(seat)
    return kept


def _backstops(
    areas: Tree, backstops: Iterable[BackstopDuty], may_hold: set[str], faults: list[Message]
) -> Iterable[BackstopDuty]:
    for duty in backstops:
        if duty.area not in areas:
            faults.append(msg("区域 {area} 已撤销，它的兜底岗 {post} 不再兜底。", area=duty.area, post=duty.post))
        elif duty.post not in may_hold:
            told = "区域 {area} 的兜底岗 {post} 已撤销或不能承办，由上一级兜底：请另定一个。"
            faults.append(msg(told, area=duty.area, post=duty.post))
        else:
            yield duty
