from __future__ import annotations

from collections.abc import Iterable

from doudi.web.registry import slices
from doudi.web.registry.declared import Declared


class ChannelsConfig(slices.SliceConfig):
    name = "doudi.web.channels"
    label = "doudi_channels"

    def declared(self) -> Iterable[Declared]:
        from doudi.web.channels.declares import DECLARES

        return DECLARES
