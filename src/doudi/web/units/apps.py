from __future__ import annotations

from collections.abc import Iterable

from doudi.web.registry import slices
from doudi.web.registry.declared import Declared


class UnitsConfig(slices.SliceConfig):
    name = "doudi.web.units"
    label = "doudi_units"

    def declared(self) -> Iterable[Declared]:
        from doudi.web.units.declares import DECLARES

        return DECLARES
