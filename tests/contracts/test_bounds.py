"""No state lies for ever: each is bounded, final, or at rest for a reason; a new one without its row fails here."""

from __future__ import annotations

from collections.abc import Iterator

from django.apps import apps
from django.db.models import Model

from doudi.web.jobs.models import Job
from doudi.web.registry.declared import Life
from doudi.web.registry.gathered import of
from doudi.web.timers.stale_states import bounds, said_as


def states() -> Iterator[tuple[type[Model], str]]:
    """Every state of every table of ours that has a life: a column ``state`` or ``status`` with choices."""
    for model in apps.get_models():
        if model._meta.label.startswith("doudi_"):
            for field in model._meta.concrete_fields:
                if field.name in ("state", "status") and field.choices:
                    yield from ((model, str(value)) for value, _label in field.choices)


def homeless(known: Iterator[tuple[type[Model], str]]) -> list[str]:
    """The states that no slice declares exactly once, with exactly one way not to be forgotten."""
    declared = [(life.table, state) for life in of(Life).values() for state in life.states]
    placed = [
        (table, state.name)
        for table, state in declared
        if [bool(state.bounds), state.final, bool(state.rest)].count(True) == 1
    ]
    return [
        f"{model._meta.label} {state}: declare it once, with bounds, as final, or at rest for a reason"
        for model, state in known
        if placed.count((model, state)) != 1
    ]


def test_every_state_is_bounded_final_or_at_rest() -> None:
    assert homeless(states()) == []


def test_a_state_without_a_row_is_found() -> None:
    assert homeless(iter([(Job, "lost")])) == [
        "doudi_jobs.Job lost: declare it once, with bounds, as final, or at rest for a reason"
    ]


def test_the_slices_declare_no_state_that_is_gone() -> None:
    known = set(states())
    assert {(life.table, state.name) for life in of(Life).values() for state in life.states} - known == set()


def test_the_key_of_a_notice_has_room_for_every_bound() -> None:
    """32 signs of an id, ten of a stamp, the place of a further leader."""
    assert max(len(said_as(*one)) for one in bounds()) + 32 + 10 + 6 <= 120


def test_what_makes_a_row_stand_anew_is_a_column_of_it() -> None:
    stamped = {life.table: life.stamp for life in of(Life).values() if life.stamp}
    assert stamped
    assert [table for table, column in stamped.items() if column not in {one.name for one in table._meta.fields}] == []


def test_a_post_is_told_only_where_the_row_names_one() -> None:
    """Of a row without a post of its own the desk or the shift leaders are told."""
    assert [life.table for life, _, bound in bounds() if bound.told in ("holder", "answerer") and not life.post] == []
