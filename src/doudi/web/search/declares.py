"""What belongs to search: the index follows the journal, is held against the records, and says how far behind it is."""

from __future__ import annotations

from doudi.web.registry.declared import Check, Declared, HealthCheck, Sweep
from doudi.web.search import checks, pending
from doudi.web.search.services import follow_when_due

#: with more leaves unread every search begins to be felt
_FAR_BEHIND = 20_000


def _behind() -> str:
    return "behind" if pending.behind() > _FAR_BEHIND else ""


def _follow() -> int:
    """Keep up with the journal. Nothing became due by that, and nobody was told."""
    follow_when_due()
    return 0


DECLARES: tuple[Declared, ...] = (
    Sweep("search", _follow),
    Check("search", "搜索索引与事项、诉求单的原话一致", checks.same_as_records),
    # Searches stay right meanwhile, only slower.
    HealthCheck("search", _behind, grave=False),
)
