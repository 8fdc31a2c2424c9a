from datetime import datetime, time, timedelta

import django.db.models.deletion
from django.db import migrations, models

from doudi.web import clock


def gather(apps, schema_editor):
    """What was told without urgency joins the digest of its day, so that it is still found."""
    Digest, Notice = (apps.get_model("doudi_notices", name) for name in ("Digest", "Notice"))
    calm = Notice.objects.filter(urgent=False)
    days = {(post, clock.day_of(at)) for post, at in calm.values_list("post_id", "sent_at").iterator(2000)}
    for post, day in sorted(days):
        since = datetime.combine(day, time.min, clock.TOWN_ZONE)
        made = Digest.objects.create(pk=clock.new_id(), post_id=post, day=day)
        calm.filter(post=post, sent_at__gte=since, sent_at__lt=since + timedelta(days=1)).update(digest=made)


class Migration(migrations.Migration):
    dependencies = [("doudi_notices", "0002_relays"), ("doudi_people", "0001_first_tables")]

    operations = [
        migrations.CreateModel(
            name="Digest",
            fields=[
                ("id", models.UUIDField(default=clock.new_id, editable=False, primary_key=True, serialize=False)),
                ("day", models.DateField()),
                (
                    "post",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="doudi_people.post"),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("post", "day"), name="one_digest_a_post_and_day")],
            },
        ),
        migrations.AddField(
            model_name="notice",
            name="digest",
            field=models.ForeignKey(
                blank=True,
                help_text="none where it is urgent and reaches the post by itself",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="notices",
                to="doudi_notices.digest",
            ),
        ),
        migrations.RunPython(gather, migrations.RunPython.noop),
    ]
