"""No state lies for ever: each is bounded, final, or at rest for a reason; a new one without its row fails here."""

from __future__ import annotations

from collections.abc import Iterator

from django.apps import apps
from django.db.models import Model

from doudi.web.jobs.models import Job
from doudi.web.timers import bounds
from doudi.web.timers.bounds import AT_REST, BOUNDS, FINAL, STAMP
from doudi.web.timers.standing import said_as


def states() -> Iterator[tuple[type[Model], str]]:
    """Every state of every table of ours that has a life: a column ``state`` or ``status`` with choices."""
    for model in apps.get_models():
        if model._meta.label.startswith("doudi_"):
            for field in model._meta.concrete_fields:
                if field.name in ("state", "status") and field.choices:
                    yield from ((model, str(value)) for value, _label in field.choices)


def homeless(known: Iterator[tuple[type[Model], str]]) -> list[str]:
    """The states that the table in timers/bounds.py does not place in exactly one of its three lists."""
    bounded = {(one.table, one.state) for one in BOUNDS}
    return [
        f"{model._meta.label} {state}: give it a Bound, or a place in FINAL or AT_REST"
        for model, state in known
        if [(model, state) in bounded, state in FINAL.get(model, ()), (model, state) in AT_REST].count(True) != 1
    ]


def test_every_state_is_bounded_final_or_at_rest() -> None:
    assert homeless(states()) == []


def test_a_state_without_a_row_is_found() -> None:
    assert homeless(iter([(Job, "lost")])) == ["doudi_jobs.Job lost: give it a Bound, or a place in FINAL or AT_REST"]


def test_the_table_names_no_state_that_is_gone() -> None:
    known = set(states())
    named = {(one.table, one.state) for one in BOUNDS} | set(AT_REST)
    named |= {(model, state) for model, final in FINAL.items() for state in final}
    assert named - known == set()


def test_the_key_of_a_notice_has_room_for_every_bound() -> None:
    """32 signs of an id, ten of a stamp, the place of a further leader."""
    assert max(len(said_as(one)) for one in BOUNDS) + 32 + 10 + 6 <= 120
    assert all(any(field.name == column for field in table._meta.fields) for table, column in STAMP.items())
    assert bounds.__doc__ is not None
