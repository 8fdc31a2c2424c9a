"""That a town was tried: what became of a report that went the whole way and was taken back again."""

from __future__ import annotations

from django.db import models

from doudi.web import clock
from doudi.web.people.models import Person


class Trial(models.Model):
    """One trial. ``steps``: how far it came, [{step, post, name, fault}] with a sentence where it stopped; nothing that
    anybody said. The report itself was never kept, so it counts nowhere.
    """

    id = models.UUIDField(primary_key=True, default=clock.new_id, editable=False)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    whole = models.BooleanField()
    steps = models.JSONField()

    class Meta:
        ordering = ["-made_at", "-id"]
