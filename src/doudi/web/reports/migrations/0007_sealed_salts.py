import doudi.web.sealing
from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ("doudi_reports", "0006_tell_clock"),
    ]

    operations = [
        # The column is the same: what lay sealed in it is now sealed by its field.
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.AlterField(
                    model_name="report",
                    name="salts",
                    field=doudi.web.sealing.SealedTextField(
                        blank=True,
                        help_text="by name of what was taken in; none: from before leaves committed to it",
                        null=True,
                    ),
                )
            ],
        ),
    ]
