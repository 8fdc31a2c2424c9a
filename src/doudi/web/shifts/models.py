"""Handovers with their items, and packs of paper slips."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from doudi.engine.shifts.slips import printed_slip
from doudi.engine.shifts.vocabulary import HandoverState, ItemState
from doudi.web import clock
from doudi.web.journal.models import FreeText
from doudi.web.matters.models import Matter
from doudi.web.people.models import Person, Post
from doudi.web.records.errors import StaleError
from doudi.web.registry.choices import Labels, labelled
from doudi.web.reports.models import Report


class Handover(models.Model):
    """Whoever sat at a desk hands it to whoever comes. Its leaves tell who gave, who signed, and what was left.

    Erasable: the words of ``minutes``.
    """

    State = HandoverState
    STATE_LABELS: ClassVar[Labels] = {
        HandoverState.OPEN: _("待签收"),
        HandoverState.SIGNED: _("已签收"),
        HandoverState.PART: _("部分签收"),
        HandoverState.CANCELLED: _("已取消"),
    }

    id = models.UUIDField(primary_key=True, default=clock.new_id, editable=False)
    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="+")
    by_person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    to_person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    minutes = models.ForeignKey(FreeText, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    state = models.CharField(max_length=9, choices=labelled(STATE_LABELS), default=HandoverState.OPEN)
    begun_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-begun_at"]
        indexes = [models.Index(fields=["state", "begun_at"])]
        constraints = [
            models.UniqueConstraint(
                fields=["post"], condition=models.Q(state="open"), name="one_open_handover_of_a_post"
            )
        ]

    def get_absolute_url(self) -> str:
        return reverse("handover", args=[self.pk])

    @property
    def journal_name(self) -> str:
        return f"handover/{self.pk}"

    def stale(self) -> StaleError:
        """What is said to anyone who comes second."""
        return StaleError("这次交接刚刚已经有人处理，请刷新后再看。")


class HandoverItem(models.Model):
    """One thing handed over: a matter, or words alone.

    Erasable: the words of ``words`` and ``why``.
    """

    State = ItemState
    STATE_LABELS: ClassVar[Labels] = {
        ItemState.OPEN: _("待签收"),
        ItemState.SIGNED: _("已签收"),
        ItemState.LEFT: _("带班领导暂管"),
        ItemState.CANCELLED: _("已取消"),
    }

    handover = models.ForeignKey(Handover, on_delete=models.PROTECT, related_name="items")
    position = models.PositiveSmallIntegerField()
    matter = models.ForeignKey(Matter, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    words = models.ForeignKey(FreeText, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    state = models.CharField(max_length=9, choices=labelled(STATE_LABELS), default=ItemState.OPEN)
    why = models.ForeignKey(FreeText, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    leader = models.ForeignKey(Post, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    settled_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    settled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["position"]
        indexes = [models.Index(fields=["state", "settled_at"])]
        constraints = [
            models.UniqueConstraint(fields=["handover", "position"], name="one_handover_item_at_a_position"),
            models.CheckConstraint(
                condition=~models.Q(state="left") | models.Q(leader__isnull=False), name="what_is_left_has_its_leader"
            ),
        ]


class Pack(models.Model):
    """A pack for when the network is gone; what it says is written at the moment of printing, its slips are its own."""

    id = models.UUIDField(primary_key=True, default=clock.new_id, editable=False)
    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="+")
    by_person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        ordering = ["-made_at"]

    def get_absolute_url(self) -> str:
        return reverse("handover_pack", args=[self.pk])

    @property
    def journal_name(self) -> str:
        return f"pack/{self.pk}"


class Slip(models.Model):
    """A blank slip with its number. Typed in once, or void with a reason.

    Erasable: the words of ``why``.
    """

    number = models.CharField(max_length=10, primary_key=True)
    pack = models.ForeignKey(Pack, on_delete=models.PROTECT, related_name="slips")
    report = models.OneToOneField(Report, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    filled_at = models.DateTimeField(null=True, blank=True)
    void_at = models.DateTimeField(null=True, blank=True)
    void_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    why = models.ForeignKey(FreeText, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["number"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(report__isnull=True) | models.Q(void_at__isnull=True), name="a_slip_is_used_or_void"
            )
        ]

    @property
    def printed(self) -> str:
        return printed_slip(self.number)

    @property
    def is_missing(self) -> bool:
        """Neither typed in nor void."""
        return self.report_id is None and self.void_at is None

    @property
    def told_at(self) -> datetime | None:
        """When it was said, as the slip tells, once it is typed in."""
        return self.report.received_at if self.report else None
