from __future__ import annotations

from collections.abc import Iterable

from doudi.web.registry import slices
from doudi.web.registry.declared import Declared


class ExportsConfig(slices.SliceConfig):
    name = "doudi.web.exports"
    label = "doudi_exports"

    def declared(self) -> Iterable[Declared]:
        from doudi.web.exports.declares import DECLARES

        return DECLARES
