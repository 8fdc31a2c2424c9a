from __future__ import annotations

from collections.abc import Iterable

from doudi.web.registry import slices
from doudi.web.registry.declared import Declared


class ResourcesConfig(slices.SliceConfig):
    name = "doudi.web.resources"
    label = "doudi_resources"

    def declared(self) -> Iterable[Declared]:
        from doudi.web.resources.declares import DECLARES

        return DECLARES
