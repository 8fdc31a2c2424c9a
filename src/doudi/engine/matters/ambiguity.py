"""In which way a matter is not clear: the twelve sorts, and what of it is in doubt.

The engine says what it can see (no rule, rival rules, an edge, a spot without owner); the desk says the rest.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Ambiguity(StrEnum):
    OVERLAP = "overlap"
    GAP = "gap"
    BOUNDARY = "boundary"
    LEGAL_LAG = "legal_lag"
    OWNERLESS = "ownerless"
    LEGACY = "legacy"
    PROCESS_SPLIT = "process_split"
    CAPACITY = "capacity"
    COMPOUND = "compound"
    PRIVATE_PUBLIC = "private_public"
    RECURRING = "recurring"
    STANDARD_VAGUE = "standard_vague"


class Doubt(StrEnum):
    WHO = "who"
    WHAT = "what"
    WHERE = "where"
    HOW = "how"
    FUNDING = "funding"


@dataclass(frozen=True, slots=True)
class Described:
    """``label`` in a list, ``words`` in a sentence."""

    label: str
    words: str


AMBIGUITIES: dict[Ambiguity, Described] = {
    Ambiguity.OVERLAP: Described("职责交叉", "几家都管得到"),
    Ambiguity.GAP: Described("职责空白", "没有哪一家管得到"),
    Ambiguity.BOUNDARY: Described("边界地带", "落在两处的交界上"),
    Ambiguity.LEGAL_LAG: Described("新业态", "法规还没有跟上"),
    Ambiguity.OWNERLESS: Described("无主", "没有权属或权属不清"),
    Ambiguity.LEGACY: Described("历史遗留", "早年留下、没有交接清楚"),
    Ambiguity.PROCESS_SPLIT: Described("审管分离", "批的和管的不是一家"),
    Ambiguity.CAPACITY: Described("有责无力", "有责任，没有权限或力量"),
    Ambiguity.COMPOUND: Described("复合事项", "几件事缠在一起"),
    Ambiguity.PRIVATE_PUBLIC: Described("公私界面", "小区内外、公私之间"),
    Ambiguity.RECURRING: Described("反复回潮", "办过又来"),
    Ambiguity.STANDARD_VAGUE: Described("标准模糊", "够不够立案说不清"),
}
DOUBTS: dict[Doubt, Described] = {
    Doubt.WHO: Described("归谁", "由谁承办不清"),
    Doubt.WHAT: Described("何事", "是什么事不清"),
    Doubt.WHERE: Described("何处", "在哪里、在谁的界内不清"),
    Doubt.HOW: Described("怎么办", "依什么权限和程序不清"),
    Doubt.FUNDING: Described("谁出钱", "费用由谁承担不清"),
}

#: What each reason for lying with the desk or the backstop says of itself.
_SAID: dict[str, tuple[tuple[Ambiguity, ...], tuple[Doubt, ...]]] = {
    "gap": ((Ambiguity.GAP,), (Doubt.WHO,)),
    "conflict": ((Ambiguity.OVERLAP,), (Doubt.WHO,)),
    "no_post": ((), (Doubt.WHO,)),
    "no_kind": ((), (Doubt.WHAT,)),
    "new": ((), (Doubt.WHAT,)),
    "kind_unclear": ((), (Doubt.WHAT,)),
    "no_place": ((), (Doubt.WHERE,)),
    "place_unclear": ((), (Doubt.WHERE,)),
}


@dataclass(frozen=True, slots=True)
class Ambiguous:
    """``codes`` and ``doubts`` in the order of their lists, each once; both empty for what is clear."""

    codes: tuple[str, ...] = ()
    doubts: tuple[str, ...] = ()

    def __or__(self, other: Ambiguous) -> Ambiguous:
        return described([*self.codes, *other.codes], [*self.doubts, *other.doubts])


def described(codes: Iterable[str], doubts: Iterable[str]) -> Ambiguous:
    """In the order of the lists, each once. Raises ValueError for a code that does not exist."""
    sorts, unclear = {Ambiguity(code) for code in codes}, {Doubt(doubt) for doubt in doubts}
    return Ambiguous(
        tuple(str(one) for one in Ambiguity if one in sorts), tuple(str(one) for one in Doubt if one in unclear)
    )


def ambiguity_of(unclear: str, *, on_edge: bool, ownerless: bool) -> Ambiguous:
    """What can be seen of a matter that lies with desk or backstop because of ``unclear`` (see matters.Matter).

    A matter that a rule names a holder for is clear, wherever it lies: the edge was nobody's trouble there.
    """
    if unclear not in _SAID:
        return Ambiguous()
    codes, doubts = _SAID[unclear]
    edge = ((Ambiguity.BOUNDARY,), (Doubt.WHERE,)) if on_edge else ((), ())
    nobody = ((Ambiguity.OWNERLESS,), (Doubt.WHO,)) if ownerless else ((), ())
    return described([*codes, *edge[0], *nobody[0]], [*doubts, *edge[1], *nobody[1]])
