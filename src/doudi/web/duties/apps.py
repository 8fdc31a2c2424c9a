from __future__ import annotations

from collections.abc import Iterable

from doudi.web.registry import slices
from doudi.web.registry.declared import Declared


class DutiesConfig(slices.SliceConfig):
    name = "doudi.web.duties"
    label = "doudi_duties"

    def declared(self) -> Iterable[Declared]:
        from doudi.web.duties.declares import DECLARES

        return DECLARES
