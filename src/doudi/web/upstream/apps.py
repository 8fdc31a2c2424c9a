from __future__ import annotations

from collections.abc import Iterable

from doudi.web.registry import slices
from doudi.web.registry.declared import Declared


class UpstreamConfig(slices.SliceConfig):
    name = "doudi.web.upstream"
    label = "doudi_upstream"

    def declared(self) -> Iterable[Declared]:
        from doudi.web.upstream.declares import DECLARES

        return DECLARES
