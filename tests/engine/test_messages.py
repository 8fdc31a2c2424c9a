from __future__ import annotations

import pytest

from doudi.engine.errors import DoudiError
from doudi.engine.messages import Message, msg


def test_a_refusal_speaks_its_template_with_its_facts_and_keeps_both_apart() -> None:
    refusal = DoudiError("没有岗位“{post}”，请先登记。", post="城管中队")
    assert str(refusal) == "没有岗位“城管中队”，请先登记。"
    assert (refusal.template, refusal.facts) == ("没有岗位“{post}”，请先登记。", {"post": "城管中队"})


def test_a_fact_may_be_named_like_anything_even_template() -> None:
    assert str(DoudiError("{template}", template="x")) == "x"
    assert str(msg("{template}", template="x")) == "x"


def test_a_sentence_can_stand_inside_a_sentence() -> None:
    assert str(msg("{why}，请改派。", why=msg("{post}不在岗", post="值班长"))) == "值班长不在岗，请改派。"


def test_sentences_are_equal_by_template_and_facts_and_can_be_collected_in_a_set() -> None:
    assert msg("由{post}承办", post="a") == Message("由{post}承办", {"post": "a"})
    assert len({msg("由{post}承办", post="a"), msg("由{post}承办", post="a"), msg("由{post}承办", post="b")}) == 2


def test_a_template_without_its_fact_is_a_mistake_of_the_programmer_and_not_hidden() -> None:
    with pytest.raises(KeyError):
        str(msg("由{post}承办"))
