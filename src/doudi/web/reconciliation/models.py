"""What a comparison with the list of a system above found, kept as proof; and how that system calls things."""

from __future__ import annotations

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from doudi.engine.upstream.vocabulary import DifferenceKind, Stage
from doudi.web import clock
from doudi.web.people.models import Person
from doudi.web.registry.choices import Labels, labelled


class ListProfile(models.Model):
    """Which column of a system's list tells what: shown once, remembered for lists with the same headers."""

    system = models.CharField(max_length=40)
    headers_digest = models.CharField(max_length=64)
    headers = models.JSONField()
    columns = models.JSONField(help_text="{what: header}")
    made_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["system", "headers_digest"], name="one_profile_per_headers")]


class StageWord(models.Model):
    """What a system calls a stage, as somebody of the town once said."""

    STAGE_LABELS: Labels = {
        Stage.RECEIVED: _("待签收"),
        Stage.AT_WORK: _("办理中"),
        Stage.ANSWERED: _("已答复"),
        Stage.SENT_BACK: _("退回重办"),
        Stage.CLOSED: _("已结案"),
        Stage.TAKEN_BACK: _("已收回"),
    }

    system = models.CharField(max_length=40)
    word = models.CharField(max_length=40)
    stage = models.CharField(max_length=10, choices=labelled(STAGE_LABELS))

    class Meta:
        constraints = [models.UniqueConstraint(fields=["system", "word"], name="one_stage_per_word")]


class Reconciliation(models.Model):
    """One comparison: which list, for which time, how many rows, and how many differences of each kind.

    Nothing of the file is kept but its digest. ``unread``: rows without a number, or that could not be taken apart.
    """

    id = models.UUIDField(primary_key=True, default=clock.new_id, editable=False)
    system = models.CharField(max_length=40)
    file_name = models.CharField(max_length=120)
    digest = models.CharField(max_length=64, help_text="SHA-256 of the file")
    since = models.DateField()
    until = models.DateField(help_text="its last day")
    theirs = models.PositiveIntegerField()
    ours = models.PositiveIntegerField(help_text="orders of that time here")
    unread = models.PositiveIntegerField(default=0)
    counts = models.JSONField(default=dict, help_text="{kind: how many}")
    told = models.JSONField(default=list, help_text="what their list tells beside the number")
    by_person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["-at"]

    def get_absolute_url(self) -> str:
        return reverse("reconciliation", args=[self.pk])

    @property
    def differences_found(self) -> int:
        return sum(self.counts.values())

    @property
    def agreed(self) -> bool:
        """Both sides agree, and every row was read: it is proven."""
        return not self.differences_found and not self.unread


class Difference(models.Model):
    """One difference, by the number of the order: what each side says, and how the order stood here then."""

    KIND_LABELS: Labels = {
        DifferenceKind.MISSING_HERE: _("我方没有"),
        DifferenceKind.MISSING_THERE: _("对方没有"),
        DifferenceKind.CLOSED_THERE: _("对方已结案"),
        DifferenceKind.SENT_BACK_THERE: _("对方已退回"),
        DifferenceKind.NOT_ARRIVED: _("答复没有到"),
        DifferenceKind.STATE: _("状态不同"),
        DifferenceKind.DUE: _("时限不同"),
        DifferenceKind.HOLDER: _("承办单位不同"),
        DifferenceKind.TWICE: _("对方重号"),
    }

    run = models.ForeignKey(Reconciliation, on_delete=models.PROTECT, related_name="found")
    kind = models.CharField(max_length=16, choices=labelled(KIND_LABELS))
    number = models.CharField(max_length=80)
    report = models.UUIDField(null=True, blank=True, help_text="the report of ours, as a plain value")
    line = models.PositiveIntegerField(help_text="in their list; 0: in none")
    theirs = models.CharField(max_length=120, blank=True)
    ours = models.CharField(max_length=120, blank=True)
    stood = models.CharField(max_length=12, blank=True, help_text="how the order stood here then: OrderState")

    class Meta:
        ordering = ["run", "number", "id"]
        indexes = [models.Index(fields=["run", "kind", "number"])]
