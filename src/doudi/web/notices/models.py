"""What a post must know, inside the platform; what is urgent asks to be acknowledged."""

from __future__ import annotations

from django.db import models

from doudi.web import clock
from doudi.web.people.models import Person, Post


class Digest(models.Model):
    """What one post was told on one day beside the urgent: it reaches the post as one, and grows until the day ends."""

    id = models.UUIDField(primary_key=True, default=clock.new_id, editable=False)
    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="+")
    day = models.DateField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["post", "day"], name="one_digest_a_post_and_day")]


class Notice(models.Model):
    """One notice to one post. Its words are a template and facts, so that each reader gets it in their language."""

    id = models.UUIDField(primary_key=True, default=clock.new_id, editable=False)
    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=30)
    key = models.CharField(max_length=120, unique=True, help_text="the same fact notifies once")
    template = models.CharField(max_length=200)
    facts = models.JSONField(default=dict)
    path = models.CharField(max_length=200, blank=True)
    urgent = models.BooleanField(default=False)
    digest = models.ForeignKey(
        Digest,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="notices",
        help_text="none where it is urgent and reaches the post by itself",
    )
    sent_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True, blank=True)
    read_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    relays = models.OneToOneField(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="the unanswered notice that this one passes on",
    )
    first = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="+", help_text="the one it began with"
    )
    lapsed_at = models.DateTimeField(
        null=True, blank=True, help_text="since when no acknowledgement is waited for any more"
    )

    class Meta:
        ordering = ["-sent_at"]
        indexes = [
            models.Index(fields=["post", "read_at"]),
            models.Index(
                fields=["sent_at"], name="unacknowledged", condition=models.Q(urgent=True, read_at=None, lapsed_at=None)
            ),
        ]
