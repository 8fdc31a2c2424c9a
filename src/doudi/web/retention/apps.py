from __future__ import annotations

from collections.abc import Iterable

from doudi.web.registry import slices
from doudi.web.registry.declared import Declared


class RetentionConfig(slices.SliceConfig):
    name = "doudi.web.retention"
    label = "doudi_retention"

    def declared(self) -> Iterable[Declared]:
        from doudi.web.retention.declares import DECLARES

        return DECLARES
