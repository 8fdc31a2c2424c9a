import json

import doudi.web.sealing
from django.db import migrations, models

MOST_AT_ONCE = 500


def leave_no_trace(apps, schema_editor):
    """What SQLite frees from here on is overwritten with zeros, so that the clear rows do not stay in its file."""
    if schema_editor.connection.vendor == "sqlite":
        with schema_editor.connection.cursor() as cursor:
            cursor.execute("PRAGMA secure_delete = ON")


def seal_rows(apps, schema_editor):
    table = apps.get_model("doudi_reports", "Report")
    clear = table.objects.filter(upstream_row__isnull=False)
    while rows := list(clear.only("pk", "upstream_row")[:MOST_AT_ONCE]):
        for row in rows:
            row.sealed_row = json.dumps(row.upstream_row, ensure_ascii=False) if row.upstream_row else ""
            row.upstream_row = None
            # One by one: what is sealed is bound to its row.
            row.save(update_fields=["sealed_row", "upstream_row"])


class Migration(migrations.Migration):

    dependencies = [
        ("doudi_reports", "0002_longer_stage"),
    ]

    operations = [
        migrations.RunPython(leave_no_trace, migrations.RunPython.noop),
        migrations.AddField(
            model_name="report",
            name="sealed_row",
            field=doudi.web.sealing.SealedTextField(blank=True, default="", help_text="the row as it came, JSON {header: text}"),
        ),
        migrations.RunPython(seal_rows, migrations.RunPython.noop),
        # The empty column stays in the database: what is taken away cannot be given back to an older program.
        migrations.SeparateDatabaseAndState(
            state_operations=[migrations.RemoveField(model_name="report", name="upstream_row")],
        ),
    ]
