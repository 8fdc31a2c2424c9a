"""What somebody said, as they said it, and what they were answered."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from doudi.web import clock
from doudi.web.areas.models import Area
from doudi.web.files.models import Upload
from doudi.web.journal.models import Words
from doudi.web.journal.sealing import SealedTextField
from doudi.web.people.models import Person, Post
from doudi.web.terms.models import Clock
from doudi.web.units.models import Unit


class Report(models.Model):
    """One report with its own contact, reply and call-back, whatever matter the work is done in.

    Erasable: ``title``, ``words``, ``address``, ``upstream_row`` and the whole ``Contact`` row.
    """

    class Channel(models.TextChoices):
        SCAN = "scan", _("扫码")
        WEB = "web", _("网页")
        HOTLINE = "hotline", _("12345热线")
        GRID = "grid", _("网格巡查")
        COUNTER = "counter", _("窗口")
        UPSTREAM = "upstream", _("上级交办")
        MESSAGE = "message", _("网上留言")

    class Status(models.TextChoices):
        RECEIVED = "received", _("待答复")
        QUARANTINED = "quarantined", _("待甄别")
        REPLIED = "replied", _("已答复")
        CLOSED = "closed", _("已办结")

    class Secrecy(models.TextChoices):
        OPEN = "open", _("普通")
        SECRET = "secret", _("要求保密")
        RESTRICTED = "restricted", _("限制知悉")

    id = models.UUIDField(primary_key=True, default=clock.new_id, editable=False)
    number = models.CharField(max_length=14, unique=True)
    channel = models.CharField(max_length=10, choices=Channel.choices)
    system = models.CharField(max_length=40, blank=True, help_text="the system it came from")
    external_id = models.CharField(max_length=80, blank=True)
    key = models.CharField(max_length=80, unique=True, null=True, blank=True, help_text="idempotency key of the form or device")
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
    status = models.CharField(max_length=12, choices=Status.choices, default=Status.RECEIVED, db_index=True)
    quarantine_reason = models.CharField(max_length=100, blank=True)
    upstream_due = models.CharField(max_length=60, blank=True, help_text="as the upstream wrote it, never recomputed")
    upstream_row = models.JSONField(null=True, blank=True, help_text="the row as it came")
    link_digest = models.CharField(max_length=64, unique=True, null=True, help_text="SHA-256 of the secret link's token")
    contacted_at = models.DateTimeField(null=True, blank=True)
    replied_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    satisfaction = models.CharField(max_length=12, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["-received_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["system", "external_id"], condition=~models.Q(external_id=""), name="one_report_per_external_id"
            )
        ]

    def __str__(self) -> str:
        return self.number


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


class ReportEvent(models.Model):
    """What happened to a report, appended. ``payload`` holds typed facts, never personal data."""

    id = models.UUIDField(primary_key=True, default=clock.new_id, editable=False)
    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="events")
    seq = models.PositiveIntegerField()
    kind = models.CharField(max_length=30)
    post = models.ForeignKey(Post, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    at = models.DateTimeField()
    payload = models.JSONField(default=dict)
    words = models.ForeignKey(Words, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["report", "seq"]
        constraints = [models.UniqueConstraint(fields=["report", "seq"], name="report_event_seq")]
