from __future__ import annotations

from collections.abc import Iterable

from doudi.web.registry import slices
from doudi.web.registry.declared import Declared


class DeskConfig(slices.SliceConfig):
    name = "doudi.web.desk"
    label = "doudi_desk"

    def declared(self) -> Iterable[Declared]:
        from doudi.web.desk.declares import DECLARES

        return DECLARES
