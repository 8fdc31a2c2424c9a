"""Orders and reports that come as files from a system above, and what became of each row."""

from __future__ import annotations

import json

from django.db import models
from django.utils.translation import gettext_lazy as _

from doudi.engine.words import Words
from doudi.web import clock
from doudi.web.files.models import Upload
from doudi.web.journal.sealing import SealedTextField
from doudi.web.people.models import Person
from doudi.web.reports.models import Report


class ColumnMapping(models.Model):
    """Which column of a system's file means what: shown once, remembered for files with the same headers."""

    system = models.CharField(max_length=40)
    headers_digest = models.CharField(max_length=64)
    headers = models.JSONField()
    columns = models.JSONField(help_text="{our field: [headers]}")
    made_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["system", "headers_digest"], name="one_mapping_per_headers")]


class ImportBatch(models.Model):
    """One file on its way in. It can be left and continued; rows that are known change nothing."""

    class State(models.TextChoices):
        MAPPING = "mapping", _("待对应列")
        RUNNING = "running", _("导入中")
        DONE = "done", _("已完成")
        FAILED = "failed", _("已中止")

    id = models.UUIDField(primary_key=True, default=clock.new_id, editable=False)
    system = models.CharField(max_length=40)
    file_name = models.CharField(max_length=120)
    upload = models.ForeignKey(Upload, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    columns = models.JSONField(default=dict)
    state = models.CharField(max_length=8, choices=State.choices)
    total = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0, help_text="rows read so far")
    added = models.PositiveIntegerField(default=0)
    known = models.PositiveIntegerField(default=0, help_text="rows that were here before, unchanged")
    changed = models.PositiveIntegerField(default=0, help_text="rows that were here before and now say something else")
    faulty = models.PositiveIntegerField(default=0)
    auto_dispatch = models.BooleanField(null=True, help_text="None: as the town has set it")
    words = models.TextField(blank=True, help_text="what a reader should know of the file, or why the import stopped")
    by_person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-started_at"]


class ImportFault(models.Model):
    """A row that a person must look at, kept as it came until somebody corrects, accepts or drops it.

    Its row may name a reporter, so it lies sealed.
    """

    class Kind(models.TextChoices):
        UNREADABLE = "unreadable", _("未能读取")
        CHANGED = "changed", _("内容有变")

    class State(models.TextChoices):
        OPEN = "open", _("待更正")
        MENDED = "mended", _("已更正")
        DROPPED = "dropped", _("已放弃")

    batch = models.ForeignKey(ImportBatch, on_delete=models.PROTECT, related_name="faults")
    line = models.PositiveIntegerField()
    kind = models.CharField(max_length=10, choices=Kind.choices, default=Kind.UNREADABLE)
    row = SealedTextField(help_text="JSON {header: text}")
    template = models.CharField(max_length=200)
    facts = models.JSONField(default=dict)
    state = models.CharField(max_length=8, choices=State.choices, default=State.OPEN)
    report = models.ForeignKey(Report, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["batch", "line"]

    @property
    def reason(self) -> Words:
        """Why the row stayed behind, as a sentence that can be translated."""
        return Words(self.template, self.facts)

    @property
    def cells(self) -> dict[str, str]:
        """The row as it came, or as it was last corrected: header to text."""
        return dict(json.loads(self.row))
