"""Signs that were changed before the moment was kept: from when the next one hung, else from now, so that all end once."""

from django.db import migrations
from django.db.models import OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone


def fill(apps, schema_editor):
    plaques = apps.get_model("doudi_units", "Plaque").objects.using(schema_editor.connection.alias)
    later = plaques.filter(unit=OuterRef("unit"), placed_at__gt=OuterRef("placed_at")).order_by("placed_at")
    moment = Coalesce(Subquery(later.values("placed_at")[:1]), timezone.now())
    rows = plaques.filter(state="replaced", replaced_at=None).annotate(moment=moment)
    for key, found in list(rows.values_list("pk", "moment")):
        plaques.filter(pk=key).update(replaced_at=found)


class Migration(migrations.Migration):
    dependencies = [("doudi_units", "0007_batch_voiding")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
