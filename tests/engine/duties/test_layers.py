"""Which layer of rules outranks which."""

from __future__ import annotations

from itertools import pairwise

from doudi.engine.duties.layers import Layer


def test_a_tie_break_stands_above_statute_above_town_rules_above_gap_rulings_above_the_backstop() -> None:
    order = [Layer.TIE_BREAK, Layer.STATUTE, Layer.TOWN_RULE, Layer.GAP_RULING, Layer.BACKSTOP]
    assert all(upper.outranks(lower) and not lower.outranks(upper) for upper, lower in pairwise(order))
    assert not any(layer.outranks(layer) for layer in Layer)


def test_each_layer_has_words_of_its_own() -> None:
    assert len({layer.label for layer in Layer}) == len(Layer) == 5
    assert Layer.BACKSTOP.label == "兜底"
