"""Sheets that came in, row by row, so that they can be taken back; and trials of the town."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from doudi.web import clock
from doudi.web.files.models import Upload
from doudi.web.people.models import Person


class Trial(models.Model):
    """One trial. ``steps``: how far it came, [{step, post, name, fault}] with a sentence where it stopped; nothing that
    anybody said. The report itself was never kept, so it counts nowhere.
    """

    id = models.UUIDField(primary_key=True, default=clock.new_id, editable=False)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    whole = models.BooleanField()
    steps = models.JSONField()

    class Meta:
        ordering = ["-made_at", "-id"]


class Load(models.Model):
    """A sheet that somebody brought: looked at, written as a whole, perhaps taken back as a whole.

    ``answers``: what whoever brought it said where the sheet says too little, by question. The file itself is kept only until
    it is written or laid aside. ``fault``: why it came to nothing, as a sentence.
    """

    class State(models.TextChoices):
        SEEN = "seen", _("待确认")
        RUNNING = "running", _("正在写入")
        WRITTEN = "written", _("已写入")
        FAILED = "failed", _("没有写成")
        TAKEN_BACK = "taken_back", _("已撤回")
        LAID_ASIDE = "laid_aside", _("已放弃")

    id = models.UUIDField(primary_key=True, default=clock.new_id, editable=False)
    sort = models.CharField(max_length=20)
    file_name = models.CharField(max_length=200)
    upload = models.ForeignKey(Upload, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    state = models.CharField(max_length=12, choices=State.choices, default=State.SEEN)
    answers = models.JSONField(default=dict)
    fault = models.JSONField(null=True, blank=True)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    written_at = models.DateTimeField(null=True, blank=True)
    taken_back_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-made_at", "-id"]


class LoadRow(models.Model):
    """One row that a load wrote: which record, and what stood there before and since. ``kept``: why it was not taken back."""

    load = models.ForeignKey(Load, on_delete=models.PROTECT, related_name="rows")
    position = models.PositiveIntegerField()
    line = models.PositiveIntegerField()
    table = models.CharField(max_length=10)
    key = models.CharField(max_length=60)
    name = models.CharField(max_length=80)
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)
    kept = models.JSONField(null=True, blank=True)

    class Meta:
        ordering = ["load", "position"]
        constraints = [models.UniqueConstraint(fields=["load", "position"], name="one_row_per_position")]
