"""Photographs of work whose very bytes had been shown before: kept, since whoever showed one is looked at more closely."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.db import models

from doudi.web import clock
from doudi.web.files.models import Upload
from doudi.web.people.models import Post


class SamePhoto(models.Model):
    """One of them, with the first that bore its bytes. How it came, its matter's event tells."""

    matter = models.ForeignKey("doudi_matters.Matter", on_delete=models.PROTECT, related_name="+")
    upload = models.ForeignKey(Upload, on_delete=models.PROTECT, related_name="+")
    earlier = models.ForeignKey(Upload, on_delete=models.PROTECT, related_name="+")
    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="+", help_text="who held and showed it")
    seen_at = models.DateTimeField()

    class Meta:
        app_label = "doudi_matters"
        ordering = ["id"]
        indexes = [models.Index(fields=["post", "seen_at"], name="same_photo_by_post")]


def sample_share(post: str, parameters: Mapping[str, Any]) -> int:
    """How many of a hundred of the post's trifles are checked: more for some days after it showed such a photograph."""
    share, days = int(parameters["verify_sample_percent"]), int(parameters.get("days_after_fraud", 0))
    wider = int(parameters.get("verify_sample_percent_after_fraud", share))
    since = clock.now() - timedelta(days=days)
    return wider if wider > share and SamePhoto.objects.filter(post=post, seen_at__gt=since).exists() else share
