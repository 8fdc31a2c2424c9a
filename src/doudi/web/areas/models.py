"""The town's areas: town > village or neighbourhood > grid, each with its code, its shape and its time."""

from __future__ import annotations

from django.db import models


class Area(models.Model):
    """A node of the tree. A 12-digit code names a town, village or neighbourhood; 15 digits name a grid (DB11, GB/T 30428)."""

    class Kind(models.TextChoices):
        TOWN = "town", "镇"
        VILLAGE = "village", "村"
        NEIGHBOURHOOD = "neighbourhood", "居民区"
        GRID = "grid", "网格"

    code = models.CharField(primary_key=True, max_length=15)
    name = models.CharField(max_length=60)
    kind = models.CharField(max_length=16, choices=Kind.choices)
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    polygon = models.JSONField(null=True, blank=True, help_text="GeoJSON geometry, WGS-84, [longitude, latitude]")
    since = models.DateField()
    until = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name


class TownSettings(models.Model):
    """One row: what the town is called, and the version of its areas, posts, backstops and rosters.

    Anyone who changes one of these raises the version in the same transaction, so that every process knows
    with one small read whether what it keeps in memory is still true.
    """

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    town_name = models.CharField(max_length=60, default="")
    hotline = models.CharField(max_length=30, default="12345")
    version = models.PositiveBigIntegerField(default=1, db_column="edition")

    class Meta:
        #: the names of table and column are those of the first version
        db_table = "doudi_areas_directory"
        constraints = [models.CheckConstraint(condition=models.Q(id=1), name="one_directory")]
