"""What must leave the town for a system above: written down in the transaction that made it true, so that no kill loses it."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from doudi.web import clock


class Outgoing(models.Model):
    """One thing to tell a system above of one of its orders. The words stand with the report's own event, which ``key`` names.

    It leaves in a file that a person takes along, and is done when that person says so; until then it is offered again.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("待回填")
        HANDED = "handed", _("已取走")
        CONFIRMED = "confirmed", _("已回填")
        DROPPED = "dropped", _("不用回填")

    id = models.UUIDField(primary_key=True, default=clock.new_id, editable=False)
    system = models.CharField(max_length=40)
    external_id = models.CharField(max_length=80)
    key = models.CharField(max_length=80, unique=True, help_text="report:seq: said once, however often it leaves")
    kind = models.CharField(max_length=20, help_text="replied or closed")
    report = models.UUIDField(help_text="the report of ours, as a plain value")
    seq = models.PositiveIntegerField(help_text="its event, which holds the words")
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    made_at = models.DateTimeField()
    batch = models.UUIDField(null=True, blank=True, help_text="the file it left in last")
    handed_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["made_at", "id"]
        indexes = [models.Index(fields=["state", "system", "made_at"])]
