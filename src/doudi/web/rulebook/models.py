"""Versions of the rulebook: named documents that never change once they are published."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Version(models.Model):
    """All kinds, unit types, modules, duty rules, parameters and the calendar valid from a day."""

    class State(models.TextChoices):
        DRAFT = "draft", _("草案")
        REVIEWED = "reviewed", _("已审核")
        PUBLISHED = "published", _("已发布")
        RETIRED = "retired", _("已停用")

    number = models.PositiveIntegerField(primary_key=True)
    title = models.CharField(max_length=80)
    state = models.CharField(max_length=10, choices=State.choices)
    valid_from = models.DateField()
    source = models.CharField(max_length=200)
    documents = models.JSONField()
    digest = models.CharField(max_length=64, help_text="SHA-256 of the documents in canonical form")
    published_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-number"]
