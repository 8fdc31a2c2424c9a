"""Whose a matter is, argued while its holder handles it: the dispute, its limits, what each party says, the one ruling."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from doudi.web import clock
from doudi.web.areas.models import Area
from doudi.web.journal.models import Words
from doudi.web.matters.models import Application, Decision, Matter
from doudi.web.people.models import Person, Post
from doudi.web.rulebook.models import Version
from doudi.web.terms.models import Clock
from doudi.web.units.models import Unit


class Dispute(models.Model):
    """One argument about one matter; ``seq`` counts the matter's. A matter has at most one that is open.

    Erasable: the words of ``proposal`` and ``ended_words``.
    """

    class Level(models.TextChoices):
        DESK = "desk", _("值班岗裁定")
        ON_SITE = "on_site", _("现场会商")
        TOWN = "town", _("镇级裁定")
        DISTRICT = "district", _("吹哨上报")

    class State(models.TextChoices):
        OPEN = "open", _("处理中")
        RULED = "ruled", _("已裁定")
        WITHDRAWN = "withdrawn", _("已撤回")
        LAPSED = "lapsed", _("随事项终止")

    class Why(models.TextChoices):
        REFERRED = "referred", _("改派申请提请裁定")
        SECOND = "second", _("再次申请改派")
        UNCLEAR = "unclear", _("规则没有说清")
        DESK = "desk", _("值班岗提出")

    id = models.UUIDField(primary_key=True, default=clock.new_id, editable=False)
    matter = models.ForeignKey(Matter, on_delete=models.PROTECT, related_name="+")
    seq = models.PositiveSmallIntegerField()
    level = models.CharField(max_length=10, choices=Level.choices, default=Level.DESK)
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    why = models.CharField(max_length=10, choices=Why.choices)
    application = models.ForeignKey(Application, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    opened_at = models.DateTimeField()
    opened_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    opened_post = models.ForeignKey(Post, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    convenor = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="+")
    proposed = models.ForeignKey(Post, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    proposal = models.ForeignKey(Words, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_words = models.ForeignKey(Words, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["-opened_at"]
        indexes = [models.Index(fields=["state", "level"])]
        constraints = [
            models.UniqueConstraint(fields=["matter", "seq"], name="dispute_seq"),
            models.UniqueConstraint(fields=["matter"], condition=models.Q(state="open"), name="one_open_dispute"),
        ]

    def __str__(self) -> str:
        return f"{self.matter.number}-{self.seq}"


class DisputeClock(Clock):
    """The limit of one level, from the moment the dispute came to it."""

    which = models.CharField(max_length=10, choices=Dispute.Level.choices)
    dispute = models.ForeignKey(Dispute, on_delete=models.PROTECT, related_name="clocks")

    class Meta:
        ordering = ["started_at", "id"]
        indexes = [models.Index(fields=["ended_at", "due_at"])]


class Statement(models.Model):
    """A party that was asked, and what it said. ``body`` names one that has no account here; it answers by a link.

    Erasable: ``contact``, ``delegate`` and the words of ``words``, ``basis`` and ``signature``.
    """

    class Stance(models.TextChoices):
        AGREE = "agree", _("同意方案")
        TAKE = "take", _("愿意承办")
        HELP = "help", _("只能配合")
        OBJECT = "object", _("不同意")

    class Silence(models.TextChoices):
        AGREED = "agreed", _("逾期未答，视同同意")
        ON_PAPERS = "on_papers", _("逾期未答，按书面裁定")

    id = models.UUIDField(primary_key=True, default=clock.new_id, editable=False)
    dispute = models.ForeignKey(Dispute, on_delete=models.PROTECT, related_name="statements")
    post = models.ForeignKey(Post, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    body = models.CharField(max_length=80, blank=True)
    contact = models.CharField(max_length=80, blank=True)
    own = models.BooleanField(default=False, help_text="of the town itself, so that silence agrees")
    invited_at = models.DateTimeField()
    due_at = models.DateTimeField()
    reminded_at = models.DateTimeField(null=True, blank=True)
    stance = models.CharField(max_length=8, choices=Stance.choices, blank=True)
    silence = models.CharField(max_length=10, choices=Silence.choices, blank=True)
    words = models.ForeignKey(Words, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    basis = models.ForeignKey(Words, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    signature = models.ForeignKey(Words, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    delegate = models.CharField(max_length=60, blank=True, help_text="who spoke for the post, where it was somebody else")
    absent = models.BooleanField(default=False)
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    nonce = models.CharField(max_length=32, blank=True, help_text="of the link in force; empty once it was used")

    class Meta:
        ordering = ["invited_at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["dispute", "post"], name="one_statement_per_post"),
            models.CheckConstraint(
                condition=models.Q(post__isnull=False, body="") | (models.Q(post__isnull=True) & ~models.Q(body="")),
                name="statement_of_a_post_or_a_body",
            ),
        ]

    @property
    def party(self) -> str:
        return self.post.name if self.post else self.body


class Ruling(models.Model):
    """The one decision of a dispute. With a scope beyond the matter it drafts rules (``draft``, ``rules`` are their ids).

    Erasable: the words of ``words``, ``basis`` and ``dissent``.
    """

    class Scope(models.TextChoices):
        MATTER = "matter", _("只管这一件")
        SPOT = "spot", _("这个地点")
        KIND_IN_AREA = "kind_area", _("本区域的这类事项")
        KIND = "kind", _("全镇的这类事项")

    id = models.UUIDField(primary_key=True, default=clock.new_id, editable=False)
    dispute = models.OneToOneField(Dispute, on_delete=models.PROTECT, related_name="ruling")
    level = models.CharField(max_length=10, choices=Dispute.Level.choices)
    lead = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="+")
    supports = models.JSONField(default=list)
    cost_bearer = models.CharField(max_length=80, blank=True)
    competent_body = models.CharField(max_length=80, blank=True)
    competent_basis = models.CharField(max_length=200, blank=True)
    scope = models.CharField(max_length=10, choices=Scope.choices, default=Scope.MATTER)
    kind = models.CharField(max_length=80, blank=True)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    unit_type = models.CharField(max_length=60, blank=True, help_text="the scope holds for this sort of place only")
    area = models.ForeignKey(Area, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    valid_since = models.DateField()
    valid_until = models.DateField(null=True, blank=True)
    review_on = models.DateField(null=True, blank=True)
    words = models.ForeignKey(Words, on_delete=models.PROTECT, null=True, related_name="+")
    basis = models.ForeignKey(Words, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    dissent = models.ForeignKey(Words, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    by_agreement = models.BooleanField(default=False)
    by_person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    by_post = models.ForeignKey(Post, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    at = models.DateTimeField()
    decision = models.ForeignKey(Decision, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    draft = models.ForeignKey(Version, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    rules = models.JSONField(default=list)

    class Meta:
        ordering = ["-at"]
        indexes = [models.Index(fields=["review_on"]), models.Index(fields=["kind"])]
