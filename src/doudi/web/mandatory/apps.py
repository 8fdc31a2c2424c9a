from __future__ import annotations

from collections.abc import Iterable

from doudi.web.registry import slices
from doudi.web.registry.declared import Declared


class MandatoryConfig(slices.SliceConfig):
    name = "doudi.web.mandatory"
    label = "doudi_mandatory"

    def declared(self) -> Iterable[Declared]:
        from doudi.web.mandatory.declares import DECLARES

        return DECLARES
