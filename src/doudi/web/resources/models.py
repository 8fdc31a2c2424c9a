"""Who is on now."""

from __future__ import annotations

from django.db import models

from doudi.web.people.models import Person, Post


class Roster(models.Model):
    """Somebody stands at a post from ``starts_at`` until ``ends_at``, reachable by ``phone``."""

    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    name = models.CharField(max_length=60)
    phone = models.CharField(max_length=30)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    note = models.CharField(max_length=100, blank=True)

    class Meta:
        ordering = ["starts_at"]
        indexes = [models.Index(fields=["post", "starts_at", "ends_at"])]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends_at__gt=models.F("starts_at")), name="roster_ends_after_start"
            )
        ]
