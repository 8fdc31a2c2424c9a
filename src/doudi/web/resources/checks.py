"""What is always true of the roster."""

from __future__ import annotations

from collections.abc import Iterator

from doudi.web import clock
from doudi.web.registry.proof import Fault, Walk, fault
from doudi.web.resources.queries import left_shifts


def shifts(walk: Walk) -> Iterator[Fault]:
    """Nobody stands a shift at a post that they left, or with an account that was closed."""
    for row in left_shifts(clock.now()).select_related("post"):
        yield fault(
            "roster.left",
            f"post/{row.post_id}",
            "{name}已不在“{post}”，却还排着班。",
            name=row.name,
            post=row.post.name,
        )
