"""Since when a sign is suspected: its bound runs from then, not from the day it was put up."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("doudi_units", "0003_number")]

    operations = [migrations.AddField("Plaque", "suspected_at", models.DateTimeField(blank=True, null=True))]
