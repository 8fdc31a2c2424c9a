"""Lamps of the street, each with what happened to it."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from doudi.engine.lamps.vocabulary import LampState

from doudi.web import clock
from doudi.web.records.errors import StaleError
from doudi.web.records.models import Event, Versioned
from doudi.web.registry.choices import Labels, labelled


class Lamp(Versioned):
    STATE_LABELS: Labels = {
        LampState.LIT: _("亮着"),
        LampState.DARK: _("灭了"),
        LampState.TAKEN_DOWN: _("已拆除"),
    }

    TOLD = ("number", "state", "since")

    id = models.UUIDField(primary_key=True, default=clock.new_id, editable=False)
    number = models.CharField(max_length=20, unique=True)
    state = models.CharField(max_length=10, choices=labelled(STATE_LABELS), default=LampState.LIT)
    since = models.DateTimeField()

    @property
    def journal_name(self) -> str:
        return f"lamp/{self.number}"

    def stale(self) -> StaleError:
        return StaleError("这盏路灯刚有人动过，请刷新。")


class LampEvent(Event):
    RECORD = "lamp"

    lamp = models.ForeignKey(Lamp, on_delete=models.PROTECT, related_name="events")

    class Meta:
        ordering = ["lamp", "seq"]
        constraints = [models.UniqueConstraint(fields=["lamp", "seq"], name="lamp_event_seq")]
