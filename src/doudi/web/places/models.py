"""Names by which people call places beside what areas and units are called: roads, old names, landmarks, towns near by."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from doudi.engine.places.gazetteer import PlaceSort
from doudi.web import clock
from doudi.web.areas.models import Area
from doudi.web.units.models import Unit


class PlaceName(models.Model):
    """One name of one place; a name may be borne by several. Ended, never deleted: what it decided stays readable.

    A name of a unit or an area that has a name of its own is an alias of it. A road may lie in many areas, so it has
    none. A town near by has neither unit nor area and says that the trouble is not here.
    """

    class Sort(models.TextChoices):
        ROAD = PlaceSort.ROAD.value, _("道路")
        WATER = PlaceSort.WATER.value, _("河道")
        COMPOUND = PlaceSort.COMPOUND.value, _("小区")
        UNIT = PlaceSort.UNIT.value, _("场所")
        AREA = PlaceSort.AREA.value, _("村居、网格")
        LANDMARK = PlaceSort.LANDMARK.value, _("地标")
        OUTSIDE = PlaceSort.OUTSIDE.value, _("镇外地名")

    id = models.UUIDField(primary_key=True, default=clock.new_id, editable=False)
    name = models.CharField(max_length=80, db_index=True)
    sort = models.CharField(max_length=10, choices=Sort.choices)
    of = models.CharField(max_length=80, blank=True, help_text="the road that an old name means")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    area = models.ForeignKey(Area, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    since = models.DateField()
    until = models.DateField(null=True, blank=True)
    source = models.CharField(max_length=80, help_text="who says so: a sheet, the map, the desk's correction")

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name
