"""The version of the places is a ``number``; its column keeps its name, so nothing is written."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("doudi_units", "0002_places_version")]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.RenameField("PlacesVersion", "edition", "number"),
                migrations.AlterField(
                    "PlacesVersion", "number", models.PositiveBigIntegerField(db_column="edition", default=1)
                ),
            ]
        )
    ]
