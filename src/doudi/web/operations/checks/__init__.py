"""Start-up checks: what must hold before a town is served, each with an id that stays and what to do about it.

They look at a living database, so they run when `doudi check` and `doudi serve` ask for them, and not at every command.
An *E* refuses the start, a *W* is only said. Ids: 001-019 database, 020-029 safety, 030-039 the town, 040-049 the disk,
050-059 the keys.
"""

from __future__ import annotations

from django.core.checks import CheckMessage, run_checks

from doudi.web.operations.checks import database, disk, safety, town

__all__ = ["database", "disk", "look", "safety", "town"]


def look() -> list[CheckMessage]:
    """All start-up findings, the gravest first."""
    found = run_checks(tags=["doudi"], include_deployment_checks=True, databases=["default"])
    return sorted(found, key=lambda one: (-one.level, str(one.id)))
