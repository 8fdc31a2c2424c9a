from __future__ import annotations

from collections.abc import Iterable

from doudi.web.registry import slices
from doudi.web.registry.declared import Declared


class OutboxConfig(slices.SliceConfig):
    name = "doudi.web.outbox"
    label = "doudi_outbox"

    def declared(self) -> Iterable[Declared]:
        from doudi.web.outbox.declares import DECLARES

        return DECLARES
