"""Versions of the rulebook: named documents that never change once they are published, and the steps that led there."""

from __future__ import annotations

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from doudi.web.records.models import Event


class Version(models.Model):
    """All kinds, unit types, modules, duty rules, parameters and the calendar valid from a day.

    The documents change only while it is a draft. ``valid_from`` of what is not published yet is a plan.
    """

    class State(models.TextChoices):
        DRAFT = "draft", _("草案")
        PROPOSED = "proposed", _("送审中")
        REVIEWED = "reviewed", _("已审核")
        PUBLISHED = "published", _("已发布")
        RETIRED = "retired", _("已停用")
        WITHDRAWN = "withdrawn", _("已放弃")

    #: states in which the documents never change again and were law, or are about to be
    FIXED = (State.PUBLISHED, State.RETIRED)
    #: states in which somebody still works on it
    OPEN = (State.DRAFT, State.PROPOSED, State.REVIEWED)

    number = models.PositiveIntegerField(primary_key=True)
    title = models.CharField(max_length=80)
    state = models.CharField(max_length=10, choices=State.choices)
    valid_from = models.DateField()
    source = models.CharField(max_length=200)
    documents = models.JSONField()
    digest = models.CharField(max_length=64, help_text="SHA-256 of the documents in canonical form")
    base = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    published_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-number"]

    def get_absolute_url(self) -> str:
        return reverse("drafting_version", args=[self.number])


class VersionEvent(Event):
    """A step in the life of a version."""

    RECORD = "version"

    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="events")

    class Meta:
        ordering = ["version", "seq"]
        constraints = [models.UniqueConstraint(fields=["version", "seq"], name="version_event_seq")]
