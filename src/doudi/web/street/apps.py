from __future__ import annotations

from collections.abc import Iterable

from doudi.web.registry import slices
from doudi.web.registry.declared import Declared


class StreetConfig(slices.SliceConfig):
    name = "doudi.web.street"
    label = "doudi_street"

    def declared(self) -> Iterable[Declared]:
        from doudi.web.street.declares import DECLARES

        return DECLARES
