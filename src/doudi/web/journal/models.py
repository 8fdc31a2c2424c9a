"""The tamper-evident log of all that happened, and the erasable words that it only commits to."""

from __future__ import annotations

from django.db import models

from doudi.web import clock
from doudi.web.sealing import SealedTextField


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


class FreeText(models.Model):
    """What a person wrote in free words. The journal holds a salted commitment; erasing these rows leaves it provable.

    While a row is ``blocked`` its text lies there, and ``text`` is empty: whoever reads words finds nothing.
    """

    id = models.UUIDField(primary_key=True, default=clock.new_id, editable=False)
    salt = models.BinaryField(max_length=16)
    text = SealedTextField(blank=True)
    blocked = SealedTextField(null=True, blank=True)
    erased_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        #: the name that the table has had since the first version
        db_table = "doudi_journal_words"

    @property
    def said(self) -> str:
        """The text that the journal commits to, blocked or not. Only proofs, and who opens a file for a purpose, ask for it."""
        return str(self.text if self.blocked is None else self.blocked)
