"""What a duty book names and nobody has registered: found before the first question is asked."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from doudi.engine.duties.layers import Layer
from doudi.engine.duties.rules import Rule
from doudi.engine.duties.seats import BackstopDuty, Seat
from doudi.engine.messages import Message, msg
from doudi.engine.rules.axes import UNKNOWN
from doudi.engine.trees import Tree


@dataclass(frozen=True, slots=True)
class RuleFault:
    """What is wrong with one rule, and the column in which it stands."""

    rule: str
    column: str
    reason: Message


def rule_faults(
    rules: Sequence[Rule],
    kinds: Tree,
    unit_types: Tree,
    areas: Tree,
    facts: Mapping[str, Collection[str]] | None,
    roles: Mapping[str, bool] | None = None,
) -> list[RuleFault]:
    """Everything wrong in ``rules``, in their order; facts and roles are looked up only when they are declared.

    ``roles`` says of each whether it may hold.
    """
    found: list[RuleFault] = []
    known = {rule.id for rule in rules}
    seen: set[str] = set()

    def wrong(rule: Rule, column: str, template: str, /, **said: object) -> None:
        found.append(RuleFault(rule.id, column, msg(template, rule=rule.id, **said)))

    for rule in rules:
        if rule.id in seen:
            wrong(rule, "id", "编号 {rule} 有两条规则，请换一个从未用过的编号。")
        seen.add(rule.id)
        if rule.layer is Layer.BACKSTOP:
            wrong(rule, "layer", "规则 {rule} 写在兜底层，请把它登记为兜底岗，不要写成规则。")
        for code in sorted(code for code in rule.kinds if code not in kinds):
            wrong(rule, "kinds", "规则 {rule} 写的事项 {code} 没有登记，请改正代码。", code=code)
        for code in sorted(code for code in rule.unit_types - {UNKNOWN} if code not in unit_types):
            wrong(rule, "unit_types", "规则 {rule} 写的单元类型 {code} 没有登记，请改正代码。", code=code)
        for code in sorted(code for code in rule.areas if code not in areas):
            wrong(rule, "areas", "规则 {rule} 写的区域 {code} 没有登记，请改正代码。", code=code)
        for fact, value in sorted(rule.facts.items()):
            if facts is not None and not (fact in facts and value in {*facts[fact], UNKNOWN}):
                wrong(rule, "facts", "规则 {rule} 写的情况 {fact}={value} 没有登记，请改正。", fact=fact, value=value)
        if roles is not None and not roles.get(rule.holder, False):
            known_role = "规则 {rule} 让 {role} 承办，但这个角色只能配合，请换一个能承办的角色。"
            unknown = "规则 {rule} 写的角色 {role} 没有登记，请改正代码。"
            wrong(rule, "holder", known_role if rule.holder in roles else unknown, role=rule.holder)
        for role in (one.role for one in rule.supports if roles is not None and one.role not in roles):
            wrong(rule, "supports", "规则 {rule} 写的角色 {role} 没有登记，请改正代码。", role=role)
        for other in (other for other in rule.settles if other not in known):
            wrong(rule, "settles", "裁定 {rule} 所裁的规则 {other} 不存在，请改正编号。", other=other)
    return found


def seat_faults(areas: Tree, seats: Iterable[Seat], backstops: Iterable[BackstopDuty], duty_desk: str) -> list[Message]:
    """Everything that would leave a matter with no post, or with one that may not hold."""
    found: list[Message] = []
    may_hold: dict[str, bool] = {}
    for seat in seats:
        if may_hold.setdefault(seat.post, seat.may_hold) != seat.may_hold:
            found.append(msg("岗位 {post} 在一处可以承办、在另一处不可以，请改成一致。", post=seat.post))
        for area in sorted(area for area in seat.areas if area not in areas):
            found.append(msg("岗位 {post} 服务的区域 {area} 没有登记，请先登记。", post=seat.post, area=area))
    rows: dict[str, list[BackstopDuty]] = defaultdict(list)
    for duty in backstops:
        rows[duty.area].append(duty)
        found += _unfit_to_catch(duty.post, may_hold)
    for area, here in rows.items():
        if area not in areas:
            found.append(msg("兜底岗 {post} 的区域 {area} 没有登记，请先登记。", post=here[0].post, area=area))
        if any(_meet(one, other) for one, other in combinations(here, 2)):
            found.append(msg("区域 {area} 同一天有两个兜底岗，请错开起止日期。", area=area))
    return found + _unfit_to_catch(duty_desk, may_hold)


def _meet(one: BackstopDuty, other: BackstopDuty) -> bool:
    later = max(one.since, other.since)
    return one.holds_on(later) and other.holds_on(later)


def _unfit_to_catch(post: str, may_hold: Mapping[str, bool]) -> list[Message]:
    if post not in may_hold:
        return [msg("{post} 要兜底，却不在岗位表里，请先登记这个岗位。", post=post)]
    return [] if may_hold[post] else [msg("{post} 要兜底，却不能承办，请换一个能承办的岗位。", post=post)]
