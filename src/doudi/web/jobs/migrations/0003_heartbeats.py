"""A heartbeat is called so; its table keeps the name it has, so that nothing in the database moves."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("doudi_jobs", "0002_pulses")]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.RenameModel("Pulse", "Heartbeat"),
                migrations.AlterModelTable("Heartbeat", "doudi_jobs_pulse"),
            ]
        )
    ]
