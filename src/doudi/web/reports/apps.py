from __future__ import annotations

from collections.abc import Iterable

from doudi.web.registry import slices
from doudi.web.registry.declared import Declared


class ReportsConfig(slices.SliceConfig):
    name = "doudi.web.reports"
    label = "doudi_reports"

    def declared(self) -> Iterable[Declared]:
        from doudi.web.reports.declares import DECLARES

        return DECLARES
