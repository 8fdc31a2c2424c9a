"""The shape of a running clock; the tables lie beside their owners."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from doudi.web import clock


class Clock(models.Model):
    """A promised time and what became of it. All moments aware, UTC.

    ``due_at`` is empty while a pause is open. A clock of an upstream order carries the order's own due moment
    (``given``), which we never recompute.
    """

    class Which(models.TextChoices):
        TAKE = "take", _("接单")
        CONTACT = "contact", _("先行联系")
        MAKE_SAFE = "make_safe", _("先期处置")
        TELL = "tell", _("通知到人")
        HANDLE = "handle", _("处置")
        VERIFY = "verify", _("核查")
        SUPPORT = "support", _("协办")
        REPLY = "reply", _("答复")
        UPSTREAM = "upstream", _("上级时限")
        CALL_BACK = "call_back", _("回访")
        WARNING = "warning", _("预警")

    id = models.UUIDField(primary_key=True, default=clock.new_id, editable=False)
    which = models.CharField(max_length=10, choices=Which.choices)
    stage = models.CharField(max_length=60, blank=True, help_text="name of a staged limit, or the post that supports")
    amount = models.DecimalField(max_digits=8, decimal_places=3, null=True, blank=True, help_text="in ``unit``")
    unit = models.CharField(max_length=16, blank=True)
    given = models.BooleanField(default=False)
    started_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True, blank=True)
    provisional = models.BooleanField(
        default=False, help_text="the term runs into a year whose holidays are not yet published"
    )
    pauses = models.JSONField(default=list, blank=True, help_text="[{since, until|null, reason}]")
    ended_at = models.DateTimeField(null=True, blank=True)
    cancelled = models.BooleanField(default=False)

    class Meta:
        abstract = True

    @property
    def running(self) -> bool:
        return self.ended_at is None

    @property
    def met(self) -> bool | None:
        """True: ended in time; False: ended late; None: still running, cancelled or without a due moment."""
        if self.ended_at is None or self.cancelled or self.due_at is None:
            return None
        return self.ended_at <= self.due_at
