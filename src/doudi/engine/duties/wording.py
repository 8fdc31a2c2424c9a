"""The sentences with which the duty book gives its reasons."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from doudi.engine.duties.answers import Question
from doudi.engine.duties.rules import Hours, Rule
from doudi.engine.messages import Listed, Message, msg
from doudi.engine.rules.axes import UNKNOWN

MOST_NAMED = 3
_HOURS: Mapping[Hours, Message] = {"work": msg("工作时间"), "off": msg("非工作时间")}
_UNKNOWN = msg("类型不明")
_ANY = msg("所有事项")


@dataclass(frozen=True, slots=True)
class Wording:
    """Reasons in words, with names for the codes that have one. A fact that is no name is itself a sentence."""

    names: Mapping[str, str]

    def name(self, code: str) -> object:
        return self.names.get(code) or (_UNKNOWN if code == UNKNOWN else code)

    def named(self, codes: Iterable[str]) -> object:
        """The names in the order of the codes, no more than a reader takes in."""
        ordered = sorted(codes)
        shown = [self.name(code) for code in ordered[:MOST_NAMED]]
        listed = Listed(shown) if len(shown) > 1 else shown[0]
        return listed if len(ordered) <= MOST_NAMED else msg("{names}等{n}项", names=listed, n=len(ordered))

    def scope(self, rule: Rule) -> object:
        """Where the rule holds: 占道经营 · 沿街商户 · 非工作时间."""
        sides = [self.named(codes) for codes in (rule.kinds, rule.unit_types, rule.areas) if codes]
        sides += [_HOURS[rule.hours]] if rule.hours else []
        sides += [self.name(f"{fact}={value}") for fact, value in sorted(rule.facts.items())]
        return _dotted(sides) if sides else _ANY

    def decided(self, rules: Iterable[Rule], post: str) -> Message:
        """``rules`` is not empty; the first one lends its scope."""
        first, *others = rules
        return msg(
            "规则 {rules}（{scope}）指定{post}承办",
            rules="、".join(rule.id for rule in (first, *others)),
            scope=self.scope(first),
            post=self.name(post),
        )

    def settled(self, ruling: Rule, post: str) -> Message:
        return msg(
            "裁定 {rule} 已定：规则 {rivals} 交叉处由{post}承办",
            rule=ruling.id,
            rivals="、".join(ruling.settles),
            post=self.name(post),
        )

    def conflict(self, rivals: Iterable[Rule], post: str) -> Message:
        listed = Listed(msg("{rule} 指定{role}", rule=rule.id, role=self.name(rule.holder)) for rule in rivals)
        return msg("规则交叉：{rivals}；裁定之前由{post}兜底", rivals=listed, post=self.name(post))

    def gap(self, question: Question, post: str) -> Message:
        codes = (question.kind, question.unit_type, question.area)
        asked = _dotted([self.name(code) for code in codes if code is not None])
        return msg("没有规则管到“{asked}”，由{post}兜底", asked=asked, post=self.name(post))

    def no_kind(self, post: str) -> Message:
        return msg("事项尚不明确，由{post}先行承接", post=self.name(post))

    def no_place(self, post: str) -> Message:
        return msg("地点尚不明确，承办岗要看地点才能定，由{post}先行承接", post=self.name(post))

    def nobody_sits(self, rule: Rule, post: str) -> Message:
        return msg(
            "规则 {rule} 指定{role}承办，但此处没有这个岗位，由{post}兜底",
            rule=rule.id,
            role=self.name(rule.holder),
            post=self.name(post),
        )

    def may_not_hold(self, rule: Rule, seat: str, post: str) -> Message:
        return msg(
            "规则 {rule} 指定{role}承办，但{seat}只能配合、不能承办，由{post}兜底",
            rule=rule.id,
            role=self.name(rule.holder),
            seat=self.name(seat),
            post=self.name(post),
        )

    def several_sit(self, rule: Rule, seats: Iterable[str], post: str) -> Message:
        return msg(
            "规则 {rule} 指定{role}承办，但有几个岗位同样近（{seats}），由{post}兜底",
            rule=rule.id,
            role=self.name(rule.holder),
            seats=self.named(seats),
            post=self.name(post),
        )


def _dotted(parts: Sequence[object]) -> object:
    """Several facts side by side, with a dot that is the same in every language."""
    if len(parts) == 1:
        return parts[0]
    facts = {f"part{place}": part for place, part in enumerate(parts)}
    return Message(" · ".join(f"{{{name}}}" for name in facts), facts)
