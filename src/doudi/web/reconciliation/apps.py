from __future__ import annotations

from collections.abc import Iterable

from doudi.web.registry import slices
from doudi.web.registry.declared import Declared


class ReconciliationConfig(slices.SliceConfig):
    name = "doudi.web.reconciliation"
    label = "doudi_reconciliation"

    def declared(self) -> Iterable[Declared]:
        from doudi.web.reconciliation.declares import DECLARES

        return DECLARES
