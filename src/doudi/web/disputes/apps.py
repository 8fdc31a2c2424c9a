from __future__ import annotations

from collections.abc import Iterable

from doudi.web.registry import slices
from doudi.web.registry.declared import Declared


class DisputesConfig(slices.SliceConfig):
    name = "doudi.web.disputes"
    label = "doudi_disputes"

    def declared(self) -> Iterable[Declared]:
        from doudi.web.disputes.declares import DECLARES

        return DECLARES
