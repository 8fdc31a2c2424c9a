"""The index of what matters and reports say: how far it goes, its parts, and their pages. It can be made again at any time."""

from __future__ import annotations

from django.db import models

from doudi.web import clock


class Progress(models.Model):
    """One row: how far the index goes. It holds what the journal told up to leaf ``seq``, of records made before.

    While it is made for the first time or anew (not ``built``) it holds records up to the ids ``matters_to`` and
    ``reports_to``, and nobody asks it.
    """

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    seq = models.PositiveBigIntegerField(default=0)
    built = models.BooleanField(default=False)
    matters_to = models.UUIDField(null=True, blank=True)
    reports_to = models.UUIDField(null=True, blank=True)
    mark = models.CharField(max_length=20, help_text="under which key and in which form it was made")

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(id=1), name="one_search_progress")]


class Segment(models.Model):
    """One part of the index (`engine.search.segments`). Written once; small ones are joined into larger ones."""

    class Kind(models.TextChoices):
        MATTER = "matter"
        REPORT = "report"

    class Use(models.TextChoices):
        WRITING = "writing"
        LIVE = "live"
        OVER = "over"

    kind = models.CharField(max_length=6, choices=Kind.choices)
    use = models.CharField(max_length=7, choices=Use.choices, default=Use.WRITING)
    seq = models.PositiveBigIntegerField(help_text="of two parts with one record, the one with the higher seq is right")
    records = models.PositiveIntegerField()
    bits = models.PositiveSmallIntegerField()
    name_bits = models.PositiveSmallIntegerField()
    oldest = models.UUIDField()
    newest = models.UUIDField()
    made_at = models.DateTimeField(default=clock.now)


class Page(models.Model):
    """A page of a part. ``address``: the part's id times 65,536 and the page's number. No foreign key: parts go page by page."""

    address = models.PositiveBigIntegerField(primary_key=True)
    body = models.BinaryField()


class Apart(models.Model):
    """A record that only a small circle may know. It lies in no part of the index; whoever may see it searches it as it stands."""

    kind = models.CharField(max_length=6, choices=Segment.Kind.choices)
    record = models.UUIDField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "record"], name="search_apart_once")]
