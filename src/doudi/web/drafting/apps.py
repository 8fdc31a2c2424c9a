from __future__ import annotations

from collections.abc import Iterable

from doudi.web.registry import slices
from doudi.web.registry.declared import Declared


class DraftingConfig(slices.SliceConfig):
    name = "doudi.web.drafting"
    label = "doudi_drafting"

    def declared(self) -> Iterable[Declared]:
        from doudi.web.drafting.declares import DECLARES

        return DECLARES
