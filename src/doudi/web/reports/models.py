"""What somebody said, as they said it, and what they were answered."""

from __future__ import annotations

import json

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from doudi.engine.matters.vocabulary import ReportStatus
from doudi.web import clock
from doudi.web.areas.models import Area
from doudi.web.files.models import Upload
from doudi.web.people.models import Post
from doudi.web.records.errors import StaleError
from doudi.web.records.models import Event, Versioned
from doudi.web.registry.choices import Labels, labelled
from doudi.web.sealing import SealedTextField
from doudi.web.terms.models import Clock
from doudi.web.units.models import Unit


class Report(Versioned):
    """One report with its own contact, reply and call-back, whatever matter the work is done in.

    Erasable: ``title``, ``words``, ``address``, ``sealed_row`` and the whole ``Contact`` row. Leaves commit to them under
    ``salts``, see `commitments`. While it is blocked they lie in ``blocked``, and nobody reads them without a purpose.
    """

    class Channel(models.TextChoices):
        SCAN = "scan", _("扫码")
        WEB = "web", _("网页")
        HOTLINE = "hotline", _("12345热线")
        GRID = "grid", _("网格巡查")
        COUNTER = "counter", _("窗口")
        UPSTREAM = "upstream", _("上级交办")
        MESSAGE = "message", _("网上留言")
        PHONE = "phone", _("来电")
        LEADER = "leader", _("领导交办")

    Status = ReportStatus
    STATUS_LABELS: Labels = {
        ReportStatus.RECEIVED: _("待答复"),
        ReportStatus.QUARANTINED: _("待甄别"),
        ReportStatus.REPLIED: _("已答复"),
        ReportStatus.CLOSED: _("已办结"),
    }

    class Secrecy(models.TextChoices):
        OPEN = "open", _("普通")
        SECRET = "secret", _("要求保密")
        RESTRICTED = "restricted", _("限制知悉")

    #: Not told: erasable words (title, words, address, sealed_row), coordinates, and what only finds or opens (key, link_digest, salts).
    #: ``blocked_at`` follows from the events that block and unblock, ``notice`` stands in the payload of the first.
    TOLD = (
        *("number", "channel", "system", "external_id", "unit_id", "area_id", "picked_kind", "secrecy", "sensitivity"),
        *("received_at", "answerer_id", "status", "quarantine_reason", "upstream_due", "contacted_at", "replied_at"),
        *("closed_at", "satisfaction"),
    )

    id = models.UUIDField(primary_key=True, default=clock.new_id, editable=False)
    number = models.CharField(max_length=14, unique=True)
    channel = models.CharField(max_length=10, choices=Channel.choices)
    system = models.CharField(max_length=40, blank=True, help_text="the system it came from")
    external_id = models.CharField(max_length=80, blank=True)
    key = models.CharField(
        max_length=80, unique=True, null=True, blank=True, help_text="idempotency key of the form or device"
    )
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    area = models.ForeignKey(Area, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    address = models.CharField(max_length=200, blank=True)
    longitude = models.FloatField(null=True, blank=True)
    latitude = models.FloatField(null=True, blank=True)
    coordinate_system = models.CharField(max_length=8, blank=True)
    picked_kind = models.CharField(max_length=80, blank=True)
    title = models.CharField(max_length=200, blank=True)
    words = models.TextField(blank=True)
    secrecy = models.CharField(max_length=10, choices=Secrecy.choices, default=Secrecy.OPEN)
    sensitivity = models.JSONField(default=list, blank=True)
    received_at = models.DateTimeField(db_index=True)
    answerer = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="+")
    status = models.CharField(max_length=12, choices=labelled(STATUS_LABELS), default=Status.RECEIVED, db_index=True)
    quarantine_reason = models.CharField(max_length=100, blank=True)
    upstream_due = models.CharField(max_length=60, blank=True, help_text="as the upstream wrote it, never recomputed")
    sealed_row = SealedTextField(blank=True, default="", help_text="the row as it came, JSON {header: text}")
    salts = SealedTextField(
        null=True,
        blank=True,
        help_text="by name of what was taken in; none: from before leaves committed to it",
    )
    blocked = SealedTextField(
        null=True,
        blank=True,
        help_text="while it is blocked: all that was said, JSON {name: text}; the columns themselves are empty",
    )
    blocked_at = models.DateTimeField(null=True, blank=True)
    notice = models.CharField(
        max_length=20, null=True, blank=True, help_text="the version of the privacy notice that the reporter was shown"
    )
    link_digest = models.CharField(
        max_length=64, unique=True, null=True, help_text="SHA-256 of the secret link's token"
    )
    contacted_at = models.DateTimeField(null=True, blank=True)
    replied_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    satisfaction = models.CharField(max_length=12, blank=True)

    class Meta:
        ordering = ["-received_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["system", "external_id"], condition=~models.Q(external_id=""), name="one_report_per_external_id"
            )
        ]

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        return reverse("report", args=[self.number])

    @property
    def journal_name(self) -> str:
        return f"report/{self.number}"

    def stale(self) -> StaleError:
        return StaleError("诉求单 {number} 刚刚被别人更新过，请刷新后再试；您写的内容还在。", number=self.number)

    @property
    def upstream_row(self) -> dict[str, object]:
        """The row of the system above as it came, save name and phone; columns that nobody named may bear an ID number."""
        return dict(json.loads(self.sealed_row)) if self.sealed_row else {}


class Contact(models.Model):
    """Who reported. Sealed; every look at a secret one is journalled."""

    report = models.OneToOneField(Report, on_delete=models.CASCADE, primary_key=True, related_name="contact")
    name = SealedTextField(blank=True)
    phone = SealedTextField(blank=True)


class ReportPhoto(models.Model):
    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="photos")
    upload = models.ForeignKey(Upload, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["id"]


class ReportClock(Clock):
    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="clocks")

    class Meta:
        indexes = [models.Index(fields=["ended_at", "due_at"])]


class ReportEvent(Event):
    """What happened to a report."""

    RECORD = "report"

    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="events")

    class Meta:
        ordering = ["report", "seq"]
        constraints = [models.UniqueConstraint(fields=["report", "seq"], name="report_event_seq")]
