"""Which kind of rule outranks which. This is the only list of the layers."""

from __future__ import annotations

from enum import StrEnum


class Layer(StrEnum):
    """From the strongest to the weakest. What only the backstop covers is a gap."""

    TIE_BREAK = "tie_break"
    STATUTE = "statute"
    TOWN_RULE = "town_rule"
    GAP_RULING = "gap_ruling"
    BACKSTOP = "backstop"

    @property
    def rank(self) -> int:
        """0 for the strongest layer."""
        return _RANKS[self]

    @property
    def label(self) -> str:
        return _LABELS[self]

    def outranks(self, other: Layer) -> bool:
        return self.rank < other.rank


_RANKS = {layer: rank for rank, layer in enumerate(Layer)}
_LABELS = {
    Layer.TIE_BREAK: "交叉裁定",
    Layer.STATUTE: "法规与履职清单",
    Layer.TOWN_RULE: "镇级规则",
    Layer.GAP_RULING: "空白裁定",
    Layer.BACKSTOP: "兜底",
}
