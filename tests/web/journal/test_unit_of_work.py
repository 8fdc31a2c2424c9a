"""What happens in one transaction is chained once, at its end; what is rolled back leaves nothing."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from doudi.web.journal.models import Leaf
from doudi.web.journal.services import Fact, append, unit_of_work

pytestmark = pytest.mark.django_db

HEAD = 'FROM "doudi_journal_head"'


def fact(kind: str) -> Fact:
    return Fact.new(kind, "directory", {})


def told() -> list[str]:
    """The kinds of the last facts of the chain that tests put there."""
    return [
        body.split('"kind":"')[1].split('"')[0]
        for body in Leaf.objects.order_by("seq").values_list("body", flat=True)
        if '"about":"directory"' in body
    ]


def test_units_within_each_other_are_chained_once_in_the_order_of_what_happened(town: SimpleNamespace) -> None:
    before = len(told())
    with CaptureQueriesContext(connection) as asked, unit_of_work():
        append(fact("first"))
        with unit_of_work():
            append(fact("second"), fact("third"))
        append(fact("fourth"))
    assert told()[before:] == ["first", "second", "third", "fourth"]
    assert sum(HEAD in one["sql"] for one in asked) == 1


def half_done() -> None:
    with unit_of_work():
        append(fact("second"))
        with unit_of_work():
            append(fact("third"))
        raise ValueError("half way")


def test_an_inner_unit_that_fails_takes_its_own_facts_along(town: SimpleNamespace) -> None:
    before = len(told())
    with unit_of_work():
        append(fact("first"))
        with pytest.raises(ValueError, match="half way"):
            half_done()
        append(fact("fourth"))
    assert told()[before:] == ["first", "fourth"]


def test_a_unit_that_is_rolled_back_without_an_error_takes_its_facts_along(town: SimpleNamespace) -> None:
    before = len(told())
    with unit_of_work():
        append(fact("first"))
        with unit_of_work():
            append(fact("second"))
            transaction.set_rollback(True)
    assert told()[before:] == ["first"]
    with unit_of_work():
        append(fact("third"))
        transaction.set_rollback(True)
    assert told()[before:] == ["first"]


def failing() -> None:
    with unit_of_work():
        append(fact("first"))
        raise ValueError("no ink")


def test_a_unit_that_fails_leaves_nothing_to_the_next(town: SimpleNamespace) -> None:
    before = len(told())
    with pytest.raises(ValueError, match="no ink"):
        failing()
    with unit_of_work():
        append(fact("second"))
    assert told()[before:] == ["second"]
