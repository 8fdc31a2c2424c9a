from __future__ import annotations

from collections.abc import Iterable

from doudi.web.registry import slices
from doudi.web.registry.declared import Declared


class LooksConfig(slices.SliceConfig):
    name = "doudi.web.looks"
    label = "doudi_looks"

    def declared(self) -> Iterable[Declared]:
        from doudi.web.looks.declares import DECLARES

        return DECLARES
