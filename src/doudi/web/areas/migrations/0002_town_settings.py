"""What was called ``Directory`` with its ``edition`` are the ``TownSettings`` with their ``version``; nothing is written."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("doudi_areas", "0001_first_tables")]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.RenameModel("Directory", "TownSettings"),
                migrations.AlterModelTable("TownSettings", "doudi_areas_directory"),
                migrations.RenameField("TownSettings", "edition", "version"),
                migrations.AlterField(
                    "TownSettings", "version", models.PositiveBigIntegerField(db_column="edition", default=1)
                ),
            ]
        )
    ]
