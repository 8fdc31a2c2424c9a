from __future__ import annotations

from collections.abc import Iterable

from doudi.web.registry import slices
from doudi.web.registry.declared import Declared


class FilesConfig(slices.SliceConfig):
    name = "doudi.web.files"
    label = "doudi_files"

    def declared(self) -> Iterable[Declared]:
        from doudi.web.files.declares import DECLARES

        return DECLARES
