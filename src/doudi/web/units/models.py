"""Places under care, each with one code for all, and the plaques that bear the code."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from doudi.engine.units.plaques import PlaqueState
from doudi.web import clock
from doudi.web.areas.models import Area
from doudi.web.journal.models import FreeText
from doudi.web.people.models import Office, Person, Post
from doudi.web.registry.choices import Labels, labelled


class Unit(models.Model):
    """A place under care: a shop, a compound, a manhole, an edge between two competences, a spot without owner.

    ``code`` is the UnitCode: random, with a check character, no meaning, never used again.
    """

    code = models.CharField(primary_key=True, max_length=13)
    type = models.CharField(max_length=40, db_index=True, help_text="code of the rulebook's tree of unit types")
    name = models.CharField(max_length=80)
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="+")
    address = models.CharField(max_length=200, blank=True)
    longitude = models.FloatField(null=True, blank=True)
    latitude = models.FloatField(null=True, blank=True)
    coordinate_system = models.CharField(
        max_length=8, default="wgs84", help_text="as it came; points are stored in WGS-84"
    )
    external_codes = models.JSONField(default=dict, blank=True)
    facts = models.JSONField(default=dict, blank=True, help_text="what rules may ask of the place: owner, managed, …")
    supervisor = models.ForeignKey(Office, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    owner = models.ForeignKey(Office, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    maintainer = models.ForeignKey(Office, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    since = models.DateField()
    until = models.DateField(null=True, blank=True)
    successors = models.ManyToManyField("self", symmetrical=False, blank=True, related_name="+")

    class Meta:
        ordering = ["name"]
        indexes = [models.Index(fields=["area", "type"])]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("unit", args=[self.code])


class Plaque(models.Model):
    """One printed sign. It can be lost, copied, replaced and revoked; the unit and its code stay."""

    State = PlaqueState
    STATE_LABELS: ClassVar[Labels] = {
        State.MINTED: _("已制码"),
        State.PRINTED: _("已打印"),
        State.PLACED: _("已张贴"),
        State.ACTIVE: _("在用"),
        State.SUSPECT: _("存疑"),
        State.REVOKED: _("牌已作废"),
        State.REPLACED: _("已更换"),
    }

    #: hangs, and nobody doubts it
    IN_USE = (State.PLACED, State.ACTIVE)
    SERVING = (State.PLACED, State.ACTIVE, State.SUSPECT, State.REPLACED)
    #: made or hanging no more: its place needs another
    GONE = (State.REVOKED, State.REPLACED)

    id = models.UUIDField(primary_key=True, default=clock.new_id, editable=False)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    batch = models.CharField(max_length=30)
    sheet_no = models.PositiveIntegerField(default=0)
    state = models.CharField(max_length=10, choices=labelled(STATE_LABELS), default=State.MINTED)
    placed_by = models.ForeignKey(Post, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    placed_at = models.DateTimeField(null=True, blank=True)
    suspected_at = models.DateTimeField(null=True, blank=True)
    replaced_at = models.DateTimeField(null=True, blank=True)
    longitude = models.FloatField(null=True, blank=True)
    latitude = models.FloatField(null=True, blank=True)

    class Meta:
        ordering = ["batch", "sheet_no"]
        indexes = [models.Index(fields=["unit", "state"])]


class BatchVoiding(models.Model):
    """All signs of a print run are to be void, as where a roll was stolen: one person asks for it, another one agrees."""

    id = models.UUIDField(primary_key=True, default=clock.new_id, editable=False)
    batch = models.CharField(max_length=30)
    asked_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    words = models.ForeignKey(FreeText, on_delete=models.PROTECT, null=True, related_name="+")
    ended_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)
    agreed = models.BooleanField(default=False)

    class Meta:
        ordering = ["asked_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["batch"], condition=models.Q(ended_at__isnull=True), name="one_open_batch_voiding"
            )
        ]


class PlaceSeen(models.Model):
    """The last day on which somebody of the town stood at a place. The day alone: who it was is nobody's track."""

    unit = models.OneToOneField(Unit, on_delete=models.PROTECT, primary_key=True, related_name="+")
    seen_on = models.DateField(db_index=True)


class PlacesVersion(models.Model):
    """One row. Anyone who adds, changes or ends a place or a name of one raises it in the same transaction.

    So every process knows with one small read whether the names that it keeps in memory still stand.
    """

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    number = models.PositiveBigIntegerField(default=1, db_column="edition")

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(id=1), name="one_places_version")]
