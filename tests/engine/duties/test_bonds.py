"""What waits for a support, and which of several bonds counts."""

from __future__ import annotations

import pytest

from doudi.engine.duties.bonds import UNSAID, Bond, Support, strongest, waited_for
from doudi.engine.duties.rules import RuleFileError, read_rules
from tests.engine.duties.test_rule_files import STALLS
from tests.engine.duties.towns import asked, book, rule


@pytest.mark.parametrize(
    ("bond", "handled", "closed"),
    [
        (UNSAID, True, True),
        (Bond.BEFORE_HANDLED, True, True),
        (Bond.BEFORE_CLOSED, False, True),
        (Bond.INFORMS, False, False),
    ],
)
def test_what_waits(bond: str, handled: bool, closed: bool) -> None:
    assert (waited_for(bond, closing=False), waited_for(bond)) == (handled, closed)
    assert Support("role", bond).waited_for == closed


def test_the_bond_that_keeps_back_most_counts() -> None:
    assert strongest([("a", "informs"), ("b", "before_closed"), ("a", "before_closed")]) == {
        "a": "before_closed",
        "b": "before_closed",
    }
    assert strongest([("a", "before_handled"), ("a", UNSAID), ("a", "informs")]) == {"a": UNSAID}


def test_a_cell_says_the_bond_of_each_role_and_is_written_back_as_it_was() -> None:
    cell = "village.committee:informs|market.food：before_closed|grid.head"
    (read,) = read_rules([STALLS | {"supports": cell}])
    assert read.supports == (
        Support("village.committee", "informs"),
        Support("market.food", "before_closed"),
        Support("grid.head"),
    )
    assert read.to_row()["supports"] == "village.committee:informs|market.food:before_closed|grid.head"
    assert read_rules([read.to_row()]) == (read,)


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        ("market.food:later", "before_handled"),
        ("market.food:", "before_handled"),
        ("market.food:informs|market.food", "写了两次"),
    ],
)
def test_a_bond_that_is_none_is_named_at_its_cell(cell: str, said: str) -> None:
    with pytest.raises(RuleFileError) as refused:
        read_rules([STALLS | {"supports": cell}])
    (fault,) = refused.value.faults
    assert (fault.line, fault.column) == (2, "supports")
    assert said in str(fault.reason)


def test_rules_that_agree_on_the_holder_join_their_bonds() -> None:
    answer = book(
        rule("D-1", "street", ["street.stall"], supports=(Support("committee", "informs"),)),
        rule("D-2", "street", [], ["shop.food"], supports=(Support("committee", "before_closed"),)),
    ).answer(asked())
    assert answer.supports == {"东村居委": "before_closed"}
