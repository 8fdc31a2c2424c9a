"""Who is to take over, broken by hand past all services."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace

from doudi.web.matters.models import Assignment, Matter, MatterEvent
from tests.web.town import TUESDAY

FAULTS_OF_NEXT_POSTS: list[tuple[str, Callable[[SimpleNamespace], object], str]] = []


def breaks(code: str, about: str) -> Callable[[Callable[[SimpleNamespace], object]], None]:
    """As in ``test_faults``: how a fault is made, and which record it is about."""

    def registered(make: Callable[[SimpleNamespace], object]) -> None:
        FAULTS_OF_NEXT_POSTS.append((code, make, about))

    return registered


def to_take_over(matter: Matter, **columns: object) -> Assignment:
    """As if somebody had been named, past all services."""
    given = {"post_id": "market.food", "role": "next", "why": "desk", "since": TUESDAY, "take_by": TUESDAY, **columns}
    return Assignment.objects.create(
        matter=matter, decision=Assignment.objects.filter(matter=matter, role="lead")[0].decision, **given
    )


@breaks("matter.next_after_end", "matter/{closed.number}")
def _(lived: SimpleNamespace) -> None:
    to_take_over(lived.closed)


@breaks("matter.next_holds", "matter/{open.number}")
def _(lived: SimpleNamespace) -> None:
    to_take_over(lived.open, post_id=lived.open.holder_id)


@breaks("matter.next_without_limit", "matter/{open.number}")
def _(lived: SimpleNamespace) -> None:
    to_take_over(lived.open, take_by=None)


@breaks("matter.next_unlike_events", "matter/{open.number}")
def _(lived: SimpleNamespace) -> None:
    to_take_over(lived.open)


@breaks("matter.taken_not_led", "matter/{open.number}")
def _(lived: SimpleNamespace) -> None:
    to_take_over(lived.open, until=TUESDAY, taken_at=TUESDAY)


@breaks("matter.moved_at_grant", "matter/{open.number}")
def _(lived: SimpleNamespace) -> None:
    to_take_over(lived.open)
    moved = {"next": {"post": "market.food"}, "set": {"holder_id": "market.food"}}
    MatterEvent.objects.filter(matter=lived.open, kind="accepted").update(kind="application_granted", payload=moved)
