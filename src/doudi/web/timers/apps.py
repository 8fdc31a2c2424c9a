from __future__ import annotations

from collections.abc import Iterable

from doudi.web.registry import slices
from doudi.web.registry.declared import Declared


class TimersConfig(slices.SliceConfig):
    name = "doudi.web.timers"
    label = "doudi_timers"

    def declared(self) -> Iterable[Declared]:
        from doudi.web.timers.declares import DECLARES

        return DECLARES
