"""Channels that the town named, whom each reaches, and each message on its way."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from doudi.engine.channels.vocabulary import ChannelKind, DeliveryState
from doudi.web import clock
from doudi.web.notices.models import Digest, Notice
from doudi.web.people.models import Person, Post
from doudi.web.registry.choices import Labels, labelled
from doudi.web.sealing.fields import SealedTextField


class Channel(models.Model):
    """One way out of the house, with its address and its secret; messages leave only to such addresses.

    ``address``: ``host:port`` of a mail server, else the URL of the robot or gateway. ``secret``, sealed: the password of
    the mail account, the signing secret of a robot, the token of a gateway.
    """

    Kind = ChannelKind
    KIND_LABELS: ClassVar[Labels] = {
        ChannelKind.SMTP: _("邮件（SMTP）"),
        ChannelKind.SMS: _("短信网关"),
        ChannelKind.WECOM: _("企业微信群机器人"),
        ChannelKind.DINGTALK: _("钉钉群机器人"),
    }

    id = models.UUIDField(primary_key=True, default=clock.new_id, editable=False)
    kind = models.CharField(max_length=8, choices=labelled(KIND_LABELS))
    name = models.CharField(max_length=60)
    address = SealedTextField(help_text="a robot's URL is its key, too")
    account = models.CharField(max_length=120, blank=True, help_text="who signs in at the mail server")
    sender = models.CharField(max_length=120, blank=True, help_text="the address that mail comes from")
    secret = SealedTextField(blank=True)
    template = models.TextField(blank=True, help_text="of an SMS gateway: its JSON with names in braces")
    per_minute = models.PositiveIntegerField(default=20)
    is_on = models.BooleanField(default=True)
    retry_at = models.DateTimeField(null=True, blank=True, help_text="until when it is let be after it was away")
    failures = models.PositiveIntegerField(default=0, help_text="how often in a row it was away")
    last_error = models.CharField(max_length=200, blank=True)
    made_at = models.DateTimeField()

    class Meta:
        ordering = ["name", "id"]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("channel", args=[self.pk])

    @property
    def journal_name(self) -> str:
        return f"channel/{self.pk}"


class Way(models.Model):
    """Whom a channel reaches: a person at an address of theirs, or all in a group who stand at a post."""

    class What(models.TextChoices):
        URGENT = "urgent", _("只要紧急的")
        ALL = "all", _("紧急的，另每天一条汇总")

    id = models.UUIDField(primary_key=True, default=clock.new_id, editable=False)
    channel = models.ForeignKey(Channel, on_delete=models.PROTECT, related_name="ways")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    post = models.ForeignKey(Post, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    to = SealedTextField(blank=True)
    what = models.CharField(max_length=6, choices=What.choices, default=What.URGENT)
    quiet_since = models.TimeField(null=True, blank=True)
    quiet_until = models.TimeField(null=True, blank=True)
    since = models.DateTimeField()
    until = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["since", "id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(person__isnull=True, post__isnull=False)
                | models.Q(person__isnull=False, post__isnull=True),
                name="a_way_reaches_a_person_or_a_post",
            ),
            models.UniqueConstraint(
                fields=["channel", "person"],
                condition=models.Q(until__isnull=True, person__isnull=False),
                name="one_way_of_a_channel_to_a_person",
            ),
            models.UniqueConstraint(
                fields=["channel", "post"],
                condition=models.Q(until__isnull=True, post__isnull=False),
                name="one_way_of_a_channel_to_a_post",
            ),
        ]


class Delivery(models.Model):
    """One notice, or one day's digest, on one way. What it says is made when it goes, and kept nowhere.

    ``attempts`` rises with every lease, so that a worker that slept past it is refused. ``twice``: whoever sent it was
    ended before saying so, so it may come a second time, and says so.
    """

    State = DeliveryState
    STATE_LABELS: ClassVar[Labels] = {
        DeliveryState.WAITING: _("待发"),
        DeliveryState.SENDING: _("正在发"),
        DeliveryState.SENT: _("已发"),
        DeliveryState.FAILED: _("没有发出"),
        DeliveryState.DROPPED: _("不用发了"),
    }

    id = models.UUIDField(primary_key=True, default=clock.new_id, editable=False)
    way = models.ForeignKey(Way, on_delete=models.PROTECT, related_name="deliveries")
    channel = models.ForeignKey(Channel, on_delete=models.PROTECT, related_name="+")
    notice = models.ForeignKey(Notice, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    digest = models.ForeignKey(Digest, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    key = models.CharField(max_length=80, unique=True, help_text="the same goes one way once")
    state = models.CharField(max_length=8, choices=labelled(STATE_LABELS), default=DeliveryState.WAITING)
    due_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    leased_until = models.DateTimeField(null=True, blank=True)
    twice = models.BooleanField(default=False)
    batch = models.UUIDField(null=True, blank=True, help_text="the message in which it went, maybe with others")
    token_digest = models.CharField(max_length=64, blank=True, db_index=True)
    error = models.CharField(max_length=200, blank=True)
    made_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True)
    acknowledged_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-made_at", "id"]
        indexes = [models.Index(fields=["channel", "state", "due_at"]), models.Index(fields=["state", "leased_until"])]
