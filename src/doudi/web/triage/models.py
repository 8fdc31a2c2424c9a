"""The models that read what reports say, which was in use when, and which dangers were told by whom just now."""

from __future__ import annotations

from django.db import models

from doudi.web import clock
from doudi.web.matters.models import Matter


class KindModel(models.Model):
    """A model as it was learned. Its arrays lie in ``models/<digest>.npz``; a file that is lost can be learned again.

    ``refused`` says why it was never taken into use: it did worse than the one in use.
    """

    digest = models.CharField(max_length=64, primary_key=True)
    seq = models.PositiveBigIntegerField(help_text="the last leaf of the journal that it knows of")
    rulebook = models.PositiveIntegerField(help_text="the number of the version whose catalogue taught it")
    card = models.JSONField(help_text="what it was learned from, and its figures")
    refused = models.CharField(max_length=40, blank=True)
    made_at = models.DateTimeField(default=clock.now)


class ModelUse(models.Model):
    """From when until when a model read what came in. At most one is open; none: the catalogue's words are looked for."""

    id = models.BigAutoField(primary_key=True)
    model = models.ForeignKey(KindModel, on_delete=models.PROTECT, related_name="+")
    since = models.DateTimeField(default=clock.now)
    until = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                models.Value(1), condition=models.Q(until__isnull=True), name="one_kind_model_in_use"
            )
        ]


class DangerHeard(models.Model):
    """One source told of a danger at a place, and it rang for ``matter``; the same again rings no more ``until`` then.

    ``mark`` is keyed by the town: it names source, sort and place, and nobody reads any of them from it.
    """

    id = models.UUIDField(primary_key=True, default=clock.new_id, editable=False)
    mark = models.CharField(max_length=40, db_index=True)
    matter = models.ForeignKey(Matter, on_delete=models.PROTECT, related_name="+")
    until = models.DateTimeField(db_index=True)
