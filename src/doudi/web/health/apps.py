from __future__ import annotations

from collections.abc import Iterable

from doudi.web.registry import slices
from doudi.web.registry.declared import Declared


class HealthConfig(slices.SliceConfig):
    name = "doudi.web.health"
    label = "doudi_health"

    def declared(self) -> Iterable[Declared]:
        from doudi.web.health.declares import DECLARES

        return DECLARES
