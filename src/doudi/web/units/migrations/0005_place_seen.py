import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("doudi_units", "0004_suspected_at")]

    operations = [
        migrations.CreateModel(
            name="PlaceSeen",
            fields=[
                (
                    "unit",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to="doudi_units.unit",
                    ),
                ),
                ("seen_on", models.DateField(db_index=True)),
            ],
        ),
    ]
