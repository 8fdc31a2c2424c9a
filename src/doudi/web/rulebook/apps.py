from __future__ import annotations

from collections.abc import Iterable

from doudi.web.registry import slices
from doudi.web.registry.declared import Declared


class RulebookConfig(slices.SliceConfig):
    name = "doudi.web.rulebook"
    label = "doudi_rulebook"

    def declared(self) -> Iterable[Declared]:
        from doudi.web.rulebook.declares import DECLARES

        return DECLARES
