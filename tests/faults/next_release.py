"""The next release brings a migration: a column on every matter, filled from what is there, then required and indexed.

It is added to the migrations of ``matters`` while this process runs, so that the kill may fall into any of its steps.
"""

from __future__ import annotations

from typing import Any

from django.db import migrations, models
from django.db.migrations.loader import MigrationLoader

NAME = "9999_next_release"


def _fill(apps: Any, schema_editor: Any) -> None:
    for matter in apps.get_model("doudi_matters", "Matter").objects.iterator():
        matter.told_as = f"第{matter.number}号"
        matter.save(update_fields=["told_as"])


def bring(*, atomic: bool = True) -> None:
    """Let every loader of migrations in this process find it at the end of those of ``matters``."""
    build = MigrationLoader.build_graph

    def with_next(self: MigrationLoader) -> None:
        load = self.load_disk

        def load_disk() -> None:
            load()
            last = max(name for app, name in self.disk_migrations if app == "doudi_matters")
            self.disk_migrations["doudi_matters", NAME] = _migration(last, atomic=atomic)

        self.load_disk = load_disk  # type: ignore[method-assign]
        build(self)

    MigrationLoader.build_graph = with_next  # type: ignore[method-assign]


def _migration(last: str, *, atomic: bool) -> migrations.Migration:
    class Next(migrations.Migration):
        dependencies = [("doudi_matters", last)]
        operations = [
            migrations.AddField("matter", "told_as", models.CharField(max_length=40, null=True)),
            migrations.RunPython(_fill, migrations.RunPython.noop),
            migrations.AlterField("matter", "told_as", models.CharField(max_length=40)),
            migrations.AddIndex("matter", models.Index(fields=["told_as"], name="matter_told_as")),
        ]

    Next.atomic = atomic
    return Next(NAME, "doudi_matters")
