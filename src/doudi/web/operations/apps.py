"""What holds for the whole platform at its start: the start-up checks, and the guards of what is only added to."""

from __future__ import annotations

import gc

from django.apps import AppConfig
from django.db import connections
from django.db.models.signals import post_migrate

from doudi.web.registry.gathered import REGISTRY


class PlatformConfig(AppConfig):
    name = "doudi.web.operations"
    label = "doudi_operations"

    def ready(self) -> None:
        from doudi.web.operations import checks  # noqa: F401  (registers them)
        from doudi.web.operations.declares import DECLARES

        REGISTRY.add(DECLARES)
        REGISTRY.freeze()  # the last slice: all others have handed over what they declare
        # The last slice in the order of its tables; the signal comes once all migrations have run.
        post_migrate.connect(guard_tables, dispatch_uid="doudi_guards")
        post_migrate.connect(settle_keys, sender=self, dispatch_uid="doudi_keys")
        # A report makes a thousand objects and hardly a ring of them: to look for rings every 700 objects costs a tenth of
        # its time, and of an import's (bench requests.report, requests.import).
        gc.set_threshold(10_000, 20, 50)


def guard_tables(using: str, app_config: AppConfig | None = None, **_: object) -> None:
    """Set the guards once the tables of the matters, the last of those that are guarded, are there."""
    from doudi.web.journal.guards import set_guards
    from doudi.web.registry.declared import Guard
    from doudi.web.registry.gathered import of

    if app_config is not None and app_config.label == "doudi_matters":
        set_guards(connections[using], of(Guard).values())


def settle_keys(using: str, **_: object) -> None:
    """A new town gets its keys, once its tables are there; one that lost a key is told so and goes no further."""
    from doudi.web.operations.models import TownKey
    from doudi.web.operations.services.town_keys import settle

    if TownKey._meta.db_table in connections[using].introspection.table_names():
        settle()
