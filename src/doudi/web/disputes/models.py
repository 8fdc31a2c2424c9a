"""Whose a matter is, argued while its holder handles it: the dispute, its limits, what each party says, the one ruling."""

from __future__ import annotations

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from doudi.engine.disputes.vocabulary import DisputeState, Level, Silence, Stance
from doudi.web import clock
from doudi.web.areas.models import Area
from doudi.web.journal.models import FreeText
from doudi.web.matters.models import Application, Decision, Matter
from doudi.web.people.models import Person, Post
from doudi.web.records.errors import StaleError
from doudi.web.records.models import Event, Versioned
from doudi.web.registry.choices import Labels, labelled
from doudi.web.rulebook.models import Version
from doudi.web.terms.models import Clock
from doudi.web.units.models import Unit


class Dispute(Versioned):
    """One argument about one matter; ``seq`` counts the matter's. A matter has at most one that is open.

    Erasable: the words of ``proposal`` and ``ended_words``.
    """

    Level = Level
    LEVEL_LABELS: Labels = {
        Level.DESK: _("值班岗裁定"),
        Level.ON_SITE: _("现场会商"),
        Level.TOWN: _("镇级裁定"),
        Level.DISTRICT: _("吹哨上报"),
    }

    State = DisputeState
    STATE_LABELS: Labels = {
        DisputeState.OPEN: _("处理中"),
        DisputeState.RULED: _("已裁定"),
        DisputeState.WITHDRAWN: _("已撤回"),
        DisputeState.LAPSED: _("随事项终止"),
    }

    class Why(models.TextChoices):
        REFERRED = "referred", _("改派申请提请裁定")
        SECOND = "second", _("再次申请改派")
        UNCLEAR = "unclear", _("规则没有说清")
        DESK = "desk", _("值班岗提出")
        NEXT = "next", _("接手岗有异议")

    TOLD = (
        *("matter_id", "seq", "level", "state", "why", "application_id", "opened_at", "opened_by_id"),
        *("opened_post_id", "convenor_id", "proposed_id", "ended_at"),
    )

    id = models.UUIDField(primary_key=True, default=clock.new_id, editable=False)
    matter = models.ForeignKey(Matter, on_delete=models.PROTECT, related_name="+")
    seq = models.PositiveSmallIntegerField()
    level = models.CharField(max_length=10, choices=labelled(LEVEL_LABELS), default=Level.DESK)
    state = models.CharField(max_length=10, choices=labelled(STATE_LABELS), default=State.OPEN)
    why = models.CharField(max_length=10, choices=Why.choices)
    application = models.ForeignKey(Application, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    opened_at = models.DateTimeField()
    opened_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    opened_post = models.ForeignKey(Post, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    convenor = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="+")
    proposed = models.ForeignKey(Post, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    proposal = models.ForeignKey(FreeText, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_words = models.ForeignKey(FreeText, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["-opened_at"]
        indexes = [models.Index(fields=["state", "level"])]
        constraints = [
            models.UniqueConstraint(fields=["matter", "seq"], name="dispute_seq"),
            models.UniqueConstraint(
                fields=["matter"], condition=models.Q(state=DisputeState.OPEN), name="one_open_dispute"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.matter.number}-{self.seq}"

    def get_absolute_url(self) -> str:
        return reverse("dispute", args=[self.matter.number, self.seq])

    @property
    def journal_name(self) -> str:
        return f"dispute/{self}"

    def stale(self) -> StaleError:
        return StaleError("这个争议刚刚被别人更新过，请刷新后再试；您写的内容还在。")


class DisputeEvent(Event):
    """What happened to a dispute. ``seq`` counts its events, which are more than its versions: a statement is no step."""

    RECORD = "dispute"
    SEQ_IS_VERSION = False

    dispute = models.ForeignKey(Dispute, on_delete=models.PROTECT, related_name="events")

    class Meta:
        ordering = ["dispute", "seq"]
        constraints = [models.UniqueConstraint(fields=["dispute", "seq"], name="dispute_event_seq")]


class DisputeClock(Clock):
    """The limit of one level, from the moment the dispute came to it."""

    which = models.CharField(max_length=10, choices=labelled(Dispute.LEVEL_LABELS))
    dispute = models.ForeignKey(Dispute, on_delete=models.PROTECT, related_name="clocks")

    class Meta:
        ordering = ["started_at", "id"]
        indexes = [models.Index(fields=["ended_at", "due_at"])]


class Statement(models.Model):
    """A party that was asked, and what it said. ``body`` names one that has no account here; it answers by a link.

    Erasable: ``contact``, ``delegate`` and the words of ``words``, ``basis`` and ``signature``.
    """

    Stance = Stance
    STANCE_LABELS: Labels = {
        Stance.AGREE: _("同意方案"),
        Stance.TAKE: _("愿意承办"),
        Stance.HELP: _("只能配合"),
        Stance.OBJECT: _("不同意"),
    }

    Silence = Silence
    SILENCE_LABELS: Labels = {
        Silence.AGREED: _("逾期未答，视同同意"),
        Silence.ON_PAPERS: _("逾期未答，按书面裁定"),
    }

    id = models.UUIDField(primary_key=True, default=clock.new_id, editable=False)
    dispute = models.ForeignKey(Dispute, on_delete=models.PROTECT, related_name="statements")
    post = models.ForeignKey(Post, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    body = models.CharField(max_length=80, blank=True)
    contact = models.CharField(max_length=80, blank=True)
    own = models.BooleanField(default=False, help_text="of the town itself, so that silence agrees")
    invited_at = models.DateTimeField()
    due_at = models.DateTimeField()
    reminded_at = models.DateTimeField(null=True, blank=True)
    stance = models.CharField(max_length=8, choices=labelled(STANCE_LABELS), blank=True)
    silence = models.CharField(max_length=10, choices=labelled(SILENCE_LABELS), blank=True)
    words = models.ForeignKey(FreeText, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    basis = models.ForeignKey(FreeText, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    signature = models.ForeignKey(FreeText, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    delegate = models.CharField(
        max_length=60, blank=True, help_text="who spoke for the post, where it was somebody else"
    )
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


class InterimCarrier(models.Model):
    """Who carries one matter while it is argued whose it is, also against an objection: to make safe, to secure evidence and
    to follow up, never to enforce. It says nothing of whose the matter is.

    Erasable: ``words``.
    """

    id = models.UUIDField(primary_key=True, default=clock.new_id, editable=False)
    dispute = models.ForeignKey(Dispute, on_delete=models.PROTECT, related_name="carriers")
    level = models.CharField(max_length=10, choices=labelled(Dispute.LEVEL_LABELS))
    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="+")
    objecting = models.JSONField(default=list, help_text="the parties that had objected, by name")
    competent_body = models.CharField(max_length=80, blank=True)
    competent_basis = models.CharField(max_length=200, blank=True)
    words = models.ForeignKey(FreeText, on_delete=models.PROTECT, null=True, related_name="+")
    by_person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    by_post = models.ForeignKey(Post, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    at = models.DateTimeField()
    due_at = models.DateTimeField(help_text="then the next level has it by itself")
    decision = models.ForeignKey(Decision, on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["at"]
        constraints = [
            models.UniqueConstraint(
                fields=["dispute"], condition=models.Q(ended_at__isnull=True), name="one_open_carrier"
            ),
        ]


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
    level = models.CharField(max_length=10, choices=labelled(Dispute.LEVEL_LABELS))
    lead = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="+")
    supports = models.JSONField(default=list)
    bond = models.CharField(max_length=14, blank=True, help_text="what waits for the supports; empty: all of it")
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
    words = models.ForeignKey(FreeText, on_delete=models.PROTECT, null=True, related_name="+")
    basis = models.ForeignKey(FreeText, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    dissent = models.ForeignKey(FreeText, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
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
