"""Orders and reports that come as files from a system above, and what became of each row."""

from __future__ import annotations

from django.db import models

from doudi.web import clock
from doudi.web.files.models import Upload
from doudi.web.people.models import Person
from doudi.web.reports.models import Report


class ColumnMapping(models.Model):
    """Which column of a system's file means what: shown once, remembered for files with the same headers."""

    system = models.CharField(max_length=40)
    headers_digest = models.CharField(max_length=64)
    headers = models.JSONField()
    columns = models.JSONField(help_text="{our field: header}")
    made_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["system", "headers_digest"], name="one_mapping_per_headers")]


class ImportBatch(models.Model):
    """One file on its way in. It can be left and continued; rows that are known change nothing."""

    class State(models.TextChoices):
        MAPPING = "mapping", "待对应列"
        RUNNING = "running", "导入中"
        DONE = "done", "已完成"
        FAILED = "failed", "已中止"

    id = models.UUIDField(primary_key=True, default=clock.new_id, editable=False)
    system = models.CharField(max_length=40)
    file_name = models.CharField(max_length=120)
    upload = models.ForeignKey(Upload, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    columns = models.JSONField(default=dict)
    state = models.CharField(max_length=8, choices=State.choices)
    total = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0, help_text="rows read so far")
    added = models.PositiveIntegerField(default=0)
    known = models.PositiveIntegerField(default=0)
    faulty = models.PositiveIntegerField(default=0)
    words = models.TextField(blank=True)
    by_person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-started_at"]


class ImportFault(models.Model):
    """A row that could not be read, kept as it came until somebody corrects or drops it."""

    class State(models.TextChoices):
        OPEN = "open", "待更正"
        MENDED = "mended", "已更正"
        DROPPED = "dropped", "已放弃"

    batch = models.ForeignKey(ImportBatch, on_delete=models.PROTECT, related_name="faults")
    line = models.PositiveIntegerField()
    row = models.JSONField()
    template = models.CharField(max_length=200)
    facts = models.JSONField(default=dict)
    state = models.CharField(max_length=8, choices=State.choices, default=State.OPEN)
    report = models.ForeignKey(Report, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["batch", "line"]
