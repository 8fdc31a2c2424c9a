"""Photographs and files that people handed in: checked, re-encoded, named by chance."""

from __future__ import annotations

from django.db import models

from doudi.web import clock


class Upload(models.Model):
    """One stored file. ``original_name`` is only words; the path on disk is made from ``id``."""

    class Kind(models.TextChoices):
        PHOTO = "photo", "照片"
        SHEET = "sheet", "表格"

    id = models.UUIDField(primary_key=True, default=clock.new_id, editable=False)
    kind = models.CharField(max_length=8, choices=Kind.choices)
    original_name = models.CharField(max_length=120, blank=True)
    digest = models.CharField(
        max_length=64, help_text="SHA-256 of the bytes as they came: the same photo is seen again"
    )
    stored_digest = models.CharField(
        max_length=64,
        blank=True,
        default="",
        help_text="SHA-256 of the bytes on our disk; empty: kept before it was taken",
    )
    size = models.PositiveIntegerField(help_text="bytes on our disk")
    width = models.PositiveIntegerField(default=0)
    height = models.PositiveIntegerField(default=0)
    suffix = models.CharField(max_length=6)
    uploaded_at = models.DateTimeField()
    erased_at = models.DateTimeField(null=True, blank=True, help_text="the bytes are gone; what named it stays")

    class Meta:
        indexes = [models.Index(fields=["digest"])]
