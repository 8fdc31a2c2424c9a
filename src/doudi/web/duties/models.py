"""Who catches what the rules leave unclear: dated rows area -> post, inherited down the tree."""

from __future__ import annotations

from django.db import models

from doudi.web.areas.models import Area
from doudi.web.people.models import Post


class Backstop(models.Model):
    """``post`` catches, in ``area`` and below until one nearer does. The town's own row is the duty desk."""

    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="+")
    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="+")
    since = models.DateField()
    until = models.DateField(null=True, blank=True)
    source = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["area", "since"]
        constraints = [
            models.UniqueConstraint(
                fields=["area"], condition=models.Q(until__isnull=True), name="one_open_backstop_per_area"
            )
        ]
