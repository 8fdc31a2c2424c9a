from __future__ import annotations

from collections.abc import Iterable

from doudi.web.registry import slices
from doudi.web.registry.declared import Declared


class JournalConfig(slices.SliceConfig):
    name = "doudi.web.journal"
    label = "doudi_journal"

    def declared(self) -> Iterable[Declared]:
        from doudi.web.journal.declares import DECLARES

        return DECLARES
