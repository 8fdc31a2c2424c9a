from django.db import migrations, models
from django.db.models import Exists, OuterRef, Q


def mark(apps, schema_editor):
    """What is restricted or took in a report that is, and what was merged into such a matter."""
    matters, demands = (apps.get_model("doudi_matters", name).objects for name in ("Matter", "Demand"))
    asked = demands.filter(matter=OuterRef("pk")).exclude(report__secrecy="open")
    matters.filter(Q(restricted=True) | Q(Exists(asked))).update(secret=True)
    while matters.filter(secret=False, pk__in=_merged(matters)).update(secret=True):
        pass


def _merged(matters):
    """The keys are read first: a table that is being written is not asked about itself."""
    return list(matters.filter(secret=False, merged_into__secret=True).values_list("pk", flat=True)[:5000])


class Migration(migrations.Migration):

    dependencies = [
        ("doudi_matters", "0004_who_and_when"),
        ("doudi_reports", "0005_who_and_when"),
    ]

    operations = [
        migrations.AddField(
            model_name="matter",
            name="secret",
            field=models.BooleanField(
                default=False,
                help_text="restricted, or a report of it asks for secrecy: all but holder and desk read a retelling",
            ),
        ),
        migrations.RunPython(mark, migrations.RunPython.noop),
    ]
