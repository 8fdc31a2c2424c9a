"""What was taken along, by whom, and what of it is still to be written."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from doudi.web import clock
from doudi.web.people.models import Person, Post
from doudi.web.sealing import SealedTextField

#: so long a file is given out, and it is known what fields were asked for
FILE_KEPT_FOR = timedelta(days=3)
#: so long it is known what somebody took along
KNOWN_FOR = timedelta(days=366)


class Export(models.Model):
    """One table that a person asked for. Its file lies in sealed pieces beside the database until it is over.

    ``pieces`` rises with each of them: whoever writes by an old lease finds it moved.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("排队中")
        WRITING = "writing", _("生成中")
        READY = "ready", _("可以下载")
        GIVEN = "given", _("当场下载")
        FAILED = "failed", _("没有做成")
        CANCELLED = "cancelled", _("已取消")
        WITHDRAWN = "withdrawn", _("已作废")
        OVER = "over", _("已到期")

    RUNNING = (State.WAITING, State.WRITING)
    #: in these a file, or a part of it, may lie on the disk
    KEPT = (*RUNNING, State.READY)

    id = models.UUIDField(primary_key=True, default=clock.new_id, editable=False)
    kind = models.CharField(max_length=30)
    form = models.CharField(max_length=4)
    asked = SealedTextField(blank=True, default="", help_text="the fields of the address")
    language = models.CharField(max_length=10)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    post = models.ForeignKey(Post, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    state = models.CharField(max_length=9, choices=State.choices, default=State.WAITING)
    words = models.TextField(blank=True, help_text="why it came to nothing")
    pieces = models.PositiveIntegerField(default=0)
    cursor = models.CharField(max_length=80, blank=True)
    figures = models.JSONField(default=dict, help_text="what the next piece must know of those before it")
    rows = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(null=True, blank=True)
    size = models.PositiveBigIntegerField(default=0)
    asked_at = models.DateTimeField()
    moved_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    taken_at = models.DateTimeField(null=True, blank=True, help_text="when it was first taken along")
    told_until = models.DateTimeField(null=True, blank=True, help_text="erasures until then were told to who took it")

    class Meta:
        ordering = ["-asked_at", "-id"]
        indexes = [models.Index(fields=["state", "moved_at"]), models.Index(fields=["person", "-asked_at"])]
        constraints = [
            models.UniqueConstraint(
                fields=["person"], condition=models.Q(state__in=["waiting", "writing"]), name="one_export_at_a_time"
            )
        ]

    def get_absolute_url(self) -> str:
        return reverse("export", args=[self.pk])

    @property
    def journal_name(self) -> str:
        return f"export/{self.pk}"

    @property
    def is_running(self) -> bool:
        return self.state in self.RUNNING

    @property
    def can_be_asked_again(self) -> bool:
        """Until the fields that were asked for are forgotten."""
        return self.state not in self.KEPT and self.asked_at > clock.now() - FILE_KEPT_FOR

    @property
    def file_over_at(self) -> datetime | None:
        """When its file goes."""
        return self.ended_at + FILE_KEPT_FOR if self.ended_at else None


class ExportPart(models.Model):
    """One piece, by the name of its ``file``, and the numbers of the records in it: ``names``.

    The numbers outlive the file, so that whoever took it along can be told what of it was erased.
    """

    export = models.ForeignKey(Export, on_delete=models.CASCADE, related_name="parts")
    seq = models.PositiveIntegerField()
    file = models.CharField(max_length=50)
    names = models.TextField(blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["export", "seq"], name="one_part_of_a_piece")]
