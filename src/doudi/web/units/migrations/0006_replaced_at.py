"""Since when a sign is changed for another: it serves for a while longer, from then."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("doudi_units", "0005_place_seen")]

    operations = [migrations.AddField("Plaque", "replaced_at", models.DateTimeField(blank=True, null=True))]
