"""Replays: what a draft would have changed over all matters of the past."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from doudi.web import clock
from doudi.web.matters.models import Matter
from doudi.web.people.models import Person, Post
from doudi.web.rulebook.models import Version


class Replay(models.Model):
    """One run of a draft, as it stood (``digest``), over the matters of the past; it can be left and cancelled."""

    class State(models.TextChoices):
        RUNNING = "running", _("重演中")
        DONE = "done", _("已完成")
        FAILED = "failed", _("已中止")

    id = models.UUIDField(primary_key=True, default=clock.new_id, editable=False)
    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="+")
    digest = models.CharField(max_length=64, help_text="the draft as it was replayed")
    against = models.ForeignKey(
        Version, on_delete=models.PROTECT, related_name="+", help_text="the version that it is compared with"
    )
    on = models.DateField(help_text="the day whose rules, posts and backstops are asked on both sides")
    state = models.CharField(max_length=8, choices=State.choices, default=State.RUNNING)
    total = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    unclear = models.PositiveIntegerField(
        default=0, help_text="matters whose kind never became clear; no rule is asked of them"
    )
    waiting_before = models.PositiveIntegerField(
        default=0, help_text="matters whose holder waits for a support, by the version compared with"
    )
    waiting_after = models.PositiveIntegerField(default=0, help_text="the same by the draft")
    cursor = models.UUIDField(null=True, blank=True, help_text="the last matter that was replayed")
    words = models.CharField(max_length=200, blank=True, help_text="why it stopped")
    by_person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-started_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["version"], condition=models.Q(state="running"), name="one_running_replay_per_version"
            )
        ]


class ReplayChange(models.Model):
    """A matter that the draft would have given to another post, or for another reason."""

    replay = models.ForeignKey(Replay, on_delete=models.CASCADE, related_name="changes")
    matter = models.ForeignKey(Matter, on_delete=models.PROTECT, related_name="+")
    before = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="+")
    after = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="+")
    was = models.CharField(max_length=10, help_text="rule, gap, conflict, no_place, no_post")
    becomes = models.CharField(max_length=10)
    rules = models.JSONField(default=list, help_text="the rules that decide it in the draft")

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["replay", "matter"], name="one_change_per_replayed_matter")]
