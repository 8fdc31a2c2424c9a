from __future__ import annotations

from collections.abc import Iterable

from doudi.web.registry import slices
from doudi.web.registry.declared import Declared


class FsckConfig(slices.SliceConfig):
    name = "doudi.web.fsck"
    label = "doudi_fsck"

    def declared(self) -> Iterable[Declared]:
        from doudi.web.fsck.declares import DECLARES

        return DECLARES
