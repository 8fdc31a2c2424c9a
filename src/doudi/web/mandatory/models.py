"""Duties to tell somebody outside, with whom, when and under which receipt; and how far the journal has been listened to."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from doudi.engine.mandatory.vocabulary import Body, Ground, MandatoryState
from doudi.web import clock
from doudi.web.journal.models import FreeText
from doudi.web.people.models import Person, Post
from doudi.web.records.errors import StaleError
from doudi.web.records.models import Event, Versioned
from doudi.web.registry.choices import Labels, labelled
from doudi.web.reports.models import Report


class MandatoryReport(Versioned):
    """One body must be told of what a report says. It stays until it was told, or a shift leader says why it need not be.

    ``told_at`` is when the body was told, as whoever told it says. Erasable: the words of ``receipt`` (whom, and what they
    answered) and of ``reason``.
    """

    Ground = Ground
    GROUND_LABELS: ClassVar[Labels] = {
        Ground.MINOR: _("未成年人受到侵害或面临危险"),
        Ground.HELPLESS: _("不能自我保护的人受到侵害或面临危险"),
    }
    #: where the law says so
    BASES: ClassVar[Labels] = {
        Ground.MINOR: _("《未成年人保护法》第十一条"),
        Ground.HELPLESS: _("《反家庭暴力法》第十四条"),
    }
    Body = Body
    BODY_LABELS: ClassVar[Labels] = {Body.POLICE: _("公安机关"), Body.CIVIL_AFFAIRS: _("民政部门")}
    State = MandatoryState
    STATE_LABELS: ClassVar[Labels] = {
        MandatoryState.OPEN: _("还没有报告"),
        MandatoryState.TOLD: _("已报告"),
        MandatoryState.LIFTED: _("不属于"),
    }
    TOLD = ("report_id", "ground", "body", "state", "opened_at", "due_at", "told_at", "number", "settled_at")

    id = models.UUIDField(primary_key=True, default=clock.new_id, editable=False)
    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="+")
    ground = models.CharField(max_length=10, choices=labelled(GROUND_LABELS))
    body = models.CharField(max_length=10, choices=labelled(BODY_LABELS))
    state = models.CharField(max_length=8, choices=labelled(STATE_LABELS), default=MandatoryState.OPEN)
    opened_at = models.DateTimeField()
    due_at = models.DateTimeField()
    told_at = models.DateTimeField(null=True, blank=True)
    number = models.CharField(max_length=60, blank=True, help_text="the receipt's number, as the body gave it")
    receipt = models.ForeignKey(FreeText, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    settled_post = models.ForeignKey(Post, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["opened_at", "body"]
        indexes = [models.Index(fields=["state", "due_at"]), models.Index(fields=["report"])]
        constraints = [
            models.UniqueConstraint(
                fields=["report", "body"],
                condition=~models.Q(state=MandatoryState.LIFTED.value),
                name="one_duty_to_tell_a_body",
            )
        ]

    def get_absolute_url(self) -> str:
        return reverse("mandatory_report", args=[self.pk])

    @property
    def journal_name(self) -> str:
        return f"mandatory/{self.pk}"

    @property
    def basis(self) -> str:
        return str(self.BASES[Ground(self.ground)])

    def stale(self) -> StaleError:
        return StaleError("这项强制报告刚刚被别人更新过，请刷新后再看。")


class MandatoryReportEvent(Event):
    """What happened to it."""

    RECORD = "duty"

    duty = models.ForeignKey(MandatoryReport, on_delete=models.PROTECT, related_name="events")

    class Meta:
        ordering = ["duty", "seq"]
        constraints = [models.UniqueConstraint(fields=["duty", "seq"], name="mandatory_report_event_seq")]


class Listened(models.Model):
    """The last leaf of the journal whose words were listened to: one row."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    seq = models.PositiveBigIntegerField()
