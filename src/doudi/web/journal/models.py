"""The tamper-evident log of all that happened, and the erasable words that it only commits to."""

from __future__ import annotations

from django.db import models

from doudi.web import clock
from doudi.web.journal.sealing import SealedTextField


class Head(models.Model):
    """One row: how long the chain is and the hash of its last leaf. Locked last in a transaction, for a moment."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    size = models.PositiveBigIntegerField(default=0)
    last_hash = models.CharField(max_length=64, default="")

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(id=1), name="one_head")]


class Leaf(models.Model):
    """One fact, in canonical form, chained to the one before. Rows are only ever added (a trigger sees to it)."""

    seq = models.PositiveBigIntegerField(primary_key=True)
    event = models.UUIDField(unique=True, help_text="the event row that tells the same, or the fact's own id")
    body = models.TextField()
    hash = models.CharField(max_length=64)


class Words(models.Model):
    """What a person wrote in free words. The journal holds a salted commitment; erasing these rows leaves it provable."""

    id = models.UUIDField(primary_key=True, default=clock.new_id, editable=False)
    salt = models.BinaryField(max_length=16)
    text = SealedTextField(blank=True)
    erased_at = models.DateTimeField(null=True, blank=True)
