from __future__ import annotations

from collections.abc import Iterable

from doudi.web.registry import slices
from doudi.web.registry.declared import Declared


class SetupConfig(slices.SliceConfig):
    name = "doudi.web.setup"
    label = "doudi_setup"

    def declared(self) -> Iterable[Declared]:
        from doudi.web.setup.declares import DECLARES

        return DECLARES
