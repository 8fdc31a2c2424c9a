from __future__ import annotations

from collections.abc import Iterable

from doudi.web.registry import slices
from doudi.web.registry.declared import Declared


class PeopleConfig(slices.SliceConfig):
    name = "doudi.web.people"
    label = "doudi_people"

    def declared(self) -> Iterable[Declared]:
        from doudi.web.people.declares import DECLARES

        return DECLARES
