"""Which crew goes: the one that can do the work and serves the nearest area."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from doudi.engine.trees import Tree


@dataclass(frozen=True, slots=True)
class Team:
    """A crew as it is chosen: it can do ``works`` in ``areas`` and all below them; no area means the whole town."""

    code: str
    works: frozenset[str]
    areas: frozenset[str]


def nearest_crews(areas: Tree, teams: Iterable[Team], area: str | None, work: str | None = None) -> tuple[Team, ...]:
    """The crews that serve the place, the nearest first; ``work`` keeps those that can do it.

    Where the place is not known only crews of the whole town serve it.
    """
    upward: Sequence[str] = tuple(areas.upward(area)) if area is not None and area in areas else ()
    far = len(upward)

    def distance(team: Team) -> int | None:
        near = [step for step, code in enumerate(upward) if code in team.areas]
        return near[0] if near else (far if not team.areas else None)

    able = [team for team in teams if work is None or work in team.works]
    found = [(distance(team), team.code, team) for team in able]
    return tuple(
        team for steps, _, team in sorted((one for one in found if one[0] is not None), key=lambda one: one[:2])
    )
