from __future__ import annotations

from collections.abc import Iterable

from doudi.web.registry import slices
from doudi.web.registry.declared import Declared


class AnswersConfig(slices.SliceConfig):
    name = "doudi.web.answers"
    label = "doudi_answers"

    def declared(self) -> Iterable[Declared]:
        from doudi.web.answers.declares import DECLARES

        return DECLARES
