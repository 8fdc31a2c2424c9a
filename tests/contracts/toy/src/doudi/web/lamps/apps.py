from __future__ import annotations

from collections.abc import Iterable

from doudi.web.registry import slices
from doudi.web.registry.declared import Declared


class LampsConfig(slices.SliceConfig):
    name = "doudi.web.lamps"
    label = "doudi_lamps"

    def declared(self) -> Iterable[Declared]:
        from doudi.web.lamps.declares import DECLARES

        return DECLARES
