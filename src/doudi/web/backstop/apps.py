from __future__ import annotations

from collections.abc import Iterable

from doudi.web.registry import slices
from doudi.web.registry.declared import Declared


class BackstopConfig(slices.SliceConfig):
    name = "doudi.web.backstop"
    label = "doudi_backstop"

    def declared(self) -> Iterable[Declared]:
        from doudi.web.backstop.declares import DECLARES

        return DECLARES
