"""What holds for the whole platform at its start: the start-up checks, and the guards of what is only added to."""

from __future__ import annotations

import gc
from typing import Any

from django.apps import AppConfig
from django.db import connections
from django.db.models.signals import post_migrate


class PlatformConfig(AppConfig):
    name = "doudi.web.config"
    label = "doudi_config"

    def ready(self) -> None:
        from doudi.web.config import checks  # noqa: F401  (registers them)

        # The last slice in the order of its tables; the signal comes once all migrations have run.
        post_migrate.connect(guard_tables, dispatch_uid="doudi_guards")
        # A report makes a thousand objects and hardly a ring of them: to look for rings every 700 objects costs a tenth of
        # its time, and of an import's (bench requests.report, requests.import).
        gc.set_threshold(10_000, 20, 50)


def guard_tables(using: str, app_config: AppConfig | None = None, **_: Any) -> None:
    """Set the guards once the tables of the matters, the last of those that are guarded, are there."""
    from doudi.web.fsck.guarded import GUARDS
    from doudi.web.journal.guards import set_guards

    if app_config is not None and app_config.label == "doudi_matters":
        set_guards(connections[using], GUARDS)
