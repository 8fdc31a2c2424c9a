"""What every slice's ``apps.py`` begins from: at the start it hands over what its ``declares.py`` names."""

from __future__ import annotations

from collections.abc import Iterable

from django.apps import AppConfig

from doudi.web.registry.declared import Declared
from doudi.web.registry.gathered import REGISTRY


class SliceConfig(AppConfig):
    """A slice. Whoever declares something gives it by ``declared``, imported there: only now do all tables stand."""

    def declared(self) -> Iterable[Declared]:
        return ()

    def ready(self) -> None:
        REGISTRY.add(self.declared())
