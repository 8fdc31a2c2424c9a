"""Which keys the town has: their fingerprints alone, so that a key that is lost or another town's is noticed."""

from __future__ import annotations

from django.db import models


class TownKey(models.Model):
    """A key in the folder ``keys``. Sealing has more than one that is not retired while a rotation is under way."""

    class Purpose(models.TextChoices):
        SEALING = "sealing", "密封"
        MARKING = "marking", "记号"
        BACKUP = "backup", "备份"

    fingerprint = models.CharField(max_length=16, primary_key=True)
    purpose = models.CharField(max_length=8, choices=Purpose.choices)
    since = models.DateTimeField()
    retired_at = models.DateTimeField(null=True, blank=True)
