from __future__ import annotations

from collections.abc import Iterable

from doudi.web.registry import slices
from doudi.web.registry.declared import Declared


class MattersConfig(slices.SliceConfig):
    name = "doudi.web.matters"
    label = "doudi_matters"

    def declared(self) -> Iterable[Declared]:
        from doudi.web.matters.declares import DECLARES

        return DECLARES
