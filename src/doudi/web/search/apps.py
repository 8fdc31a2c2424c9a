from __future__ import annotations

from collections.abc import Iterable

from doudi.web.registry import slices
from doudi.web.registry.declared import Declared


class SearchConfig(slices.SliceConfig):
    name = "doudi.web.search"
    label = "doudi_search"

    def declared(self) -> Iterable[Declared]:
        from doudi.web.search.declares import DECLARES

        return DECLARES
