"""The systems above, each as a row that the town wrote: what may be asked of it, and who signs."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from doudi.engine.upstream.systems import Signing, Wants
from doudi.web.people.models import Post
from doudi.web.registry.choices import Labels, labelled


class SystemAbove(models.Model):
    """One system above, by the name under which its orders come. What happened to an order stands with its report."""

    WANTS_LABELS: Labels = {Wants.REPLY: _("答复"), Wants.REPORT: _("到期报告")}
    SIGNING_LABELS: Labels = {
        Signing.NEVER: _("不用签发"),
        Signing.SECOND_ROUND: _("回访复核要签发"),
        Signing.ALWAYS: _("都要签发"),
    }

    name = models.CharField(max_length=40, primary_key=True)
    numbers = models.CharField(max_length=120, blank=True, help_text="a pattern of its order numbers; empty: any")
    wants = models.CharField(max_length=6, choices=labelled(WANTS_LABELS), default=Wants.REPLY)
    signing = models.CharField(max_length=12, choices=labelled(SIGNING_LABELS), default=Signing.NEVER)
    signer = models.ForeignKey(Post, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    satisfaction = models.JSONField(default=list, help_text="its own words, the best first")
    verbs = models.JSONField(default=dict, help_text="{step: {window, quota, verdicts, codes}}")
    source = models.CharField(max_length=200, help_text="who says so, or which paper")
    described_at = models.DateTimeField()

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name
