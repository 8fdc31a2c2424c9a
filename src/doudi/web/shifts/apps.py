from __future__ import annotations

from collections.abc import Iterable

from doudi.web.registry import slices
from doudi.web.registry.declared import Declared


class ShiftsConfig(slices.SliceConfig):
    name = "doudi.web.shifts"
    label = "doudi_shifts"

    def declared(self) -> Iterable[Declared]:
        from doudi.web.shifts.declares import DECLARES

        return DECLARES
