"""What belongs to the journal: its leaves are only added."""

from __future__ import annotations

from doudi.web.journal.models import Leaf
from doudi.web.registry.declared import Declared, Guard

DECLARES: tuple[Declared, ...] = (Guard(Leaf._meta.db_table),)
