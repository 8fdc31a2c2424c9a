"""Orders and reports that come as files from a system above, and what became of each row."""

from __future__ import annotations

import json

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from doudi.engine.messages import Message
from doudi.web import clock
from doudi.web.files.models import Upload
from doudi.web.people.models import Person
from doudi.web.reports.models import Report
from doudi.web.sealing import SealedTextField


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
    """One file on its way in. It can be left and continued; rows that are known change nothing.

    Before it is let in, its counts say what would become of its rows.
    """

    class State(models.TextChoices):
        MAPPING = "mapping", _("待对应列")
        PREVIEW = "preview", _("待确认")
        RUNNING = "running", _("导入中")
        DONE = "done", _("已完成")
        FAILED = "failed", _("已中止")
        DROPPED = "dropped", _("没有导入")

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
    preview = SealedTextField(default="", blank=True, help_text="JSON [what would become of a row]: see `previewing`")
    auto_dispatch = models.BooleanField(null=True, help_text="None: as the town has set it")
    words = models.TextField(blank=True, help_text="what a reader should know of the file, or why the import stopped")
    by_person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-started_at"]

    def get_absolute_url(self) -> str:
        return reverse("import", args=[self.pk])

    @property
    def at_work(self) -> bool:
        """Its rows are being read: looked at for the preview, or brought in."""
        return self.state == self.State.RUNNING or (self.state == self.State.PREVIEW and self.done < self.total)


class ImportFault(models.Model):
    """A row that a person must look at, kept as it came until somebody corrects, accepts or drops it.

    Its row may name a reporter, so it lies sealed.
    """

    class Kind(models.TextChoices):
        UNREADABLE = "unreadable", _("未能读取")
        CHANGED = "changed", _("内容有变")
        LEFT_OUT = "left_out", _("没有当作诉求")

    class State(models.TextChoices):
        OPEN = "open", _("待更正")
        MENDED = "mended", _("已更正")
        DROPPED = "dropped", _("已放弃")

    batch = models.ForeignKey(ImportBatch, on_delete=models.PROTECT, related_name="faults")
    line = models.PositiveIntegerField()
    kind = models.CharField(max_length=10, choices=Kind.choices, default=Kind.UNREADABLE)
    row = SealedTextField(help_text="JSON {header: text}", bound_to=("batch_id", "line"))
    template = models.CharField(max_length=200)
    facts = models.JSONField(default=dict)
    state = models.CharField(max_length=8, choices=State.choices, default=State.OPEN)
    report = models.ForeignKey(Report, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["batch", "line"]

    @property
    def can_be_brought(self) -> bool:
        """May somebody still make a report of it? A line left out as a note waits for nobody, and stays so."""
        left_out = self.kind == self.Kind.LEFT_OUT and self.state == self.State.DROPPED
        return left_out or (self.kind == self.Kind.UNREADABLE and self.state == self.State.OPEN)

    @property
    def reason(self) -> Message:
        """Why the row stayed behind, as a sentence that can be translated."""
        return Message(self.template, self.facts)

    @property
    def cells(self) -> dict[str, str]:
        """The row as it came, or as it was last corrected: header to text."""
        return dict(json.loads(self.row)) if self.row else {}
