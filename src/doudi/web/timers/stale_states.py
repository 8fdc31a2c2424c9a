"""Look over what stands too long: every state of every table that has a bound, as the slices declare them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from doudi.engine.messages import msg
from doudi.engine.people.vocabulary import PeopleNotice
from doudi.web import clock
from doudi.web.notices.services import send
from doudi.web.registry.declared import Bound, Life, State, Told
from doudi.web.registry.gathered import of
from doudi.web.timers.unsent_notices import MOST_AT_ONCE, Row, desk, shift_leaders, unsaid


def stale_notices() -> int:
    """Tell whom the bounds name of all that stands longer than they allow; returns how many notices were sent."""
    return sum(send(_rows(life, state, bound)) for life, state, bound in bounds())


def bounds() -> Iterator[tuple[Life, State, Bound]]:
    """Every bound of every state."""
    return ((life, state, bound) for life in of(Life).values() for state in life.states for bound in state.bounds)


def _rows(life: Life, state: State, bound: Bound) -> Iterator[Row]:
    waiting = life.table._default_manager.filter(**{life.column: state.name})
    late = unsaid(bound.since(waiting, clock.now() - bound.within), said_as(life, state, bound), life.stamp)
    for one in late.order_by("pk")[:MOST_AT_ONCE]:
        sentence = msg(bound.text, **life.facts(one))
        for place, post in enumerate(_posts(life, bound.told, one)):
            # Of several shift leaders each is told; the first notice bears the key that says it was told.
            key = one.said_as if not place else f"{one.said_as}:{place}"
            yield post, PeopleNotice.STANDING, key, sentence, life.path(one), bound.urgent


def said_as(life: Life, state: State, bound: Bound) -> str:
    return f"{life.table._meta.model_name}.{state.name}.{bound.told}"


def _posts(life: Life, told: Told, one: Any) -> Sequence[str]:
    match told:
        case Told.HOLDER | Told.ANSWERER if life.post is not None:
            return [life.post(one)]
        case Told.SHIFT_LEADER:
            return shift_leaders()
    return desk()
