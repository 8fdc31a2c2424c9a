from __future__ import annotations

from collections.abc import Iterable

from doudi.web.registry import slices
from doudi.web.registry.declared import Declared


class TriageConfig(slices.SliceConfig):
    name = "doudi.web.triage"
    label = "doudi_triage"

    def declared(self) -> Iterable[Declared]:
        from doudi.web.triage.declares import DECLARES

        return DECLARES
