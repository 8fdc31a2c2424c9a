"""Work that is due, taken by lease; it lies in the same database and the same transaction as the fact that caused it."""

from __future__ import annotations

from django.db import models

from doudi.web import clock


class Job(models.Model):
    """One piece of work. ``token`` rises with every lease, so that a worker that slept past its lease is refused."""

    class State(models.TextChoices):
        WAITING = "waiting", "待执行"
        LEASED = "leased", "执行中"
        DONE = "done", "已完成"
        DEAD = "dead", "多次失败"

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
