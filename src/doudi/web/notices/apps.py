from __future__ import annotations

from collections.abc import Iterable

from doudi.web.registry import slices
from doudi.web.registry.declared import Declared


class NoticesConfig(slices.SliceConfig):
    name = "doudi.web.notices"
    label = "doudi_notices"

    def declared(self) -> Iterable[Declared]:
        from doudi.web.notices.declares import DECLARES

        return DECLARES
