"""Work that is due, taken by lease; it lies in the same database and the same transaction as the fact that caused it."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from doudi.web import clock


class Job(models.Model):
    """One piece of work. ``token`` rises with every lease, so that a worker that slept past its lease is refused."""

    class State(models.TextChoices):
        WAITING = "waiting", _("待执行")
        LEASED = "leased", _("执行中")
        DONE = "done", _("已完成")
        DEAD = "dead", _("多次失败")
        DROPPED = "dropped", _("不再执行")

    id = models.UUIDField(primary_key=True, default=clock.new_id, editable=False)
    kind = models.CharField(max_length=40)
    key = models.CharField(max_length=120, unique=True, help_text="idempotency key: one effect per key")
    payload = models.JSONField(default=dict)
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    due_at = models.DateTimeField()
    leased_until = models.DateTimeField(null=True, blank=True)
    token = models.PositiveIntegerField(default=0)
    attempts = models.PositiveSmallIntegerField(default=0)
    last_error = models.TextField(blank=True)
    made_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["state", "due_at"])]


class Heartbeat(models.Model):
    """The last sign of life of a loop, so that others can see that it runs."""

    name = models.CharField(primary_key=True, max_length=40)
    at = models.DateTimeField()

    class Meta:
        db_table = "doudi_jobs_pulse"
