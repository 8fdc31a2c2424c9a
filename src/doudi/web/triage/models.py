"""The models that read what reports say: what each was learned from and how good it is, and which was in use when."""

from __future__ import annotations

from django.db import models

from doudi.web import clock


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
