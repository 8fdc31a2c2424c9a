"""What the town has accepted to handle, and who holds it at every moment."""

from __future__ import annotations

from datetime import UTC, datetime

from django.db import models
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from doudi.web import clock
from doudi.web.areas.models import Area
from doudi.web.files.models import Upload
from doudi.web.journal.models import Words
from doudi.web.people.models import Person, Post
from doudi.web.reports.models import Report
from doudi.web.rulebook.models import Version
from doudi.web.terms.models import Clock
from doudi.web.units.models import Unit


class Matter(models.Model):
    """A thing the town handles. ``holder`` is one post, always; its history lies in ``Assignment``.

    Erasable: ``summary``, ``address``.
    """

    class Status(models.TextChoices):
        ACCEPTED = "accepted", _("待接单")
        TAKEN = "taken", _("处置中")
        HANDLED = "handled", _("待核查")
        CLOSED = "closed", _("已结案")
        MERGED = "merged", _("已并案")
        VOIDED = "voided", _("已作废")

    class Lane(models.TextChoices):
        LIFE = "life", _("生命安全")
        URGENT = "urgent", _("紧急")
        NORMAL = "normal", _("普通")

    OPEN = (Status.ACCEPTED, Status.TAKEN, Status.HANDLED)

    id = models.UUIDField(primary_key=True, default=clock.new_id, editable=False)
    number = models.CharField(max_length=14, unique=True)
    kind = models.CharField(max_length=80, blank=True, db_index=True, help_text="code in the version's catalogue; empty: not yet clear")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    area = models.ForeignKey(Area, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    address = models.CharField(max_length=200, blank=True)
    summary = models.CharField(max_length=200, blank=True)
    facts = models.JSONField(default=dict, blank=True)
    lane = models.CharField(max_length=8, choices=Lane.choices, default=Lane.NORMAL)
    restricted = models.BooleanField(default=False)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.ACCEPTED)
    holder = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="+")
    layer = models.CharField(max_length=12, help_text="the layer of rules that named the holder, or desk")
    unclear = models.CharField(max_length=16, blank=True, help_text="why it lies with desk or backstop; empty when clear")
    ambiguity = models.JSONField(default=list, blank=True, help_text="which of the twelve sorts (engine.matters.ambiguity)")
    doubts = models.JSONField(default=list, blank=True, help_text="what is in doubt: who, what, where, how, funding")
    competent_body = models.CharField(max_length=80, blank=True)
    competent_basis = models.CharField(max_length=200, blank=True)
    rulebook = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="+")
    merged_into = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    accepted_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True, blank=True, help_text="the nearest running internal or upstream due moment")
    handled_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    handled_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["-accepted_at"]
        indexes = [
            models.Index(fields=["status", "due_at"]),
            models.Index(fields=["holder", "status"]),
            models.Index(fields=["area", "status"]),
            models.Index(fields=["unit", "status"]),
            models.Index(fields=["status", "accepted_at"]),
            # Danger first, then what is due first: the first page of the desk is read off its end, however many are open.
            models.Index(
                models.Case(models.When(lane="life", then=0), models.When(lane="urgent", then=1), default=2),
                Coalesce("due_at", models.Value(datetime(9999, 1, 1, tzinfo=UTC))), "id",
                condition=models.Q(status__in=["accepted", "taken", "handled"]), name="matter_by_need",
            ),
        ]

    def __str__(self) -> str:
        return self.number


class Demand(models.Model):
    """One thing asked in a report, and the matter in which the work on it is done. Erasable: ``asks``."""

    id = models.UUIDField(primary_key=True, default=clock.new_id, editable=False)
    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="+")
    matter = models.ForeignKey(Matter, on_delete=models.PROTECT, related_name="demands")
    position = models.PositiveSmallIntegerField(default=1)
    asks = models.TextField(blank=True)

    class Meta:
        ordering = ["report", "position"]
        constraints = [models.UniqueConstraint(fields=["report", "position"], name="demand_position")]


class Decision(models.Model):
    """The receipt: what named the holder, from which inputs, and who came second."""

    id = models.UUIDField(primary_key=True, default=clock.new_id, editable=False)
    matter = models.ForeignKey(Matter, on_delete=models.PROTECT, related_name="decisions")
    by_person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    rulebook = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="+")
    rules = models.JSONField(default=list)
    layer = models.CharField(max_length=12)
    status = models.CharField(max_length=16, help_text="rule, gap, conflict, no_kind, no_place, no_post, desk")
    inputs = models.JSONField(default=dict)
    runners_up = models.JSONField(default=list)
    reason = models.JSONField(help_text="{template, facts}")
    words = models.ForeignKey(Words, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "id"]


class Assignment(models.Model):
    """A post leads or supports a matter from ``since`` until ``until``. Rows are added and ended, never changed."""

    class Role(models.TextChoices):
        LEAD = "lead", _("承办")
        SUPPORT = "support", _("协办")

    id = models.UUIDField(primary_key=True, default=clock.new_id, editable=False)
    matter = models.ForeignKey(Matter, on_delete=models.PROTECT, related_name="assignments")
    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="+")
    role = models.CharField(max_length=8, choices=Role.choices)
    why = models.CharField(max_length=12, help_text="rule, backstop, ruling or desk")
    decision = models.ForeignKey(Decision, on_delete=models.PROTECT, related_name="+")
    since = models.DateTimeField()
    until = models.DateTimeField(null=True, blank=True)
    taken_at = models.DateTimeField(null=True, blank=True)
    taken_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    done_at = models.DateTimeField(null=True, blank=True, help_text="a support has done its part")

    class Meta:
        ordering = ["since", "id"]
        indexes = [models.Index(fields=["post", "role", "until"])]
        constraints = [
            models.UniqueConstraint(
                fields=["matter"], condition=models.Q(role="lead", until__isnull=True), name="one_open_lead"
            ),
            models.UniqueConstraint(
                fields=["matter", "post"], condition=models.Q(role="support", until__isnull=True), name="one_open_support"
            ),
        ]


class MatterClock(Clock):
    matter = models.ForeignKey(Matter, on_delete=models.PROTECT, related_name="clocks")

    class Meta:
        indexes = [models.Index(fields=["ended_at", "due_at"])]


class MatterEvent(models.Model):
    """What happened to a matter, appended. ``payload`` holds typed facts, never personal data."""

    id = models.UUIDField(primary_key=True, default=clock.new_id, editable=False)
    matter = models.ForeignKey(Matter, on_delete=models.PROTECT, related_name="events")
    seq = models.PositiveIntegerField()
    kind = models.CharField(max_length=30)
    post = models.ForeignKey(Post, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    at = models.DateTimeField()
    payload = models.JSONField(default=dict)
    words = models.ForeignKey(Words, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["matter", "seq"]
        constraints = [models.UniqueConstraint(fields=["matter", "seq"], name="matter_event_seq")]


class Task(models.Model):
    """One task module at work inside a matter. ``person`` is set where one of the post was asked by name."""

    class State(models.TextChoices):
        OPEN = "open", _("待办")
        DONE = "done", _("已完成")
        EXCUSED = "excused", _("免办")

    id = models.UUIDField(primary_key=True, default=clock.new_id, editable=False)
    matter = models.ForeignKey(Matter, on_delete=models.PROTECT, related_name="tasks")
    module = models.CharField(max_length=60)
    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    opened_at = models.DateTimeField(null=True, blank=True)
    due_at = models.DateTimeField(null=True, blank=True)
    state = models.CharField(max_length=8, choices=State.choices, default=State.OPEN)
    answers = models.JSONField(default=dict, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)
    done_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    outcome = models.CharField(max_length=40, blank=True)

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["state", "due_at"]), models.Index(fields=["person", "state"])]


class Application(models.Model):
    """Somebody asks the desk or the upstream for a change. The holder stays and the clocks run until it is answered.

    Erasable: the words of ``reason``, ``basis`` and ``answer``.
    """

    class Kind(models.TextChoices):
        TRANSFER = "transfer", _("改派")
        EXTEND = "extend", _("延期")
        SUSPEND = "suspend", _("挂账")
        VOID = "void", _("作废")
        RETURN = "return", _("退单")
        CLOSE = "close", _("结案")
        EXCLUDE = "exclude", _("剔除")

    class AskedOf(models.TextChoices):
        DESK = "desk", _("值班岗")
        UPSTREAM = "upstream", _("上级")

    class State(models.TextChoices):
        OPEN = "open", _("待答复")
        GRANTED = "granted", _("已同意")
        REFUSED = "refused", _("不同意")
        WITHDRAWN = "withdrawn", _("已撤回")
        DISPUTED = "disputed", _("待裁定")

    UNDECIDED = (State.OPEN, State.DISPUTED)

    id = models.UUIDField(primary_key=True, default=clock.new_id, editable=False)
    matter = models.ForeignKey(Matter, on_delete=models.PROTECT, related_name="applications")
    report = models.ForeignKey(
        Report, on_delete=models.PROTECT, null=True, blank=True, related_name="+", help_text="the order that it is about, where it goes up"
    )
    kind = models.CharField(max_length=10, choices=Kind.choices)
    asked_of = models.CharField(max_length=10, choices=AskedOf.choices)
    by_post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="+")
    by_person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    reason = models.ForeignKey(Words, on_delete=models.PROTECT, null=True, related_name="+")
    basis = models.ForeignKey(Words, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    proposed_holder = models.ForeignKey(Post, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    proposed_until = models.DateTimeField(null=True, blank=True)
    applied_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True, blank=True, help_text="by when the desk answers; the upstream answers when it does")
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    granted_until = models.DateTimeField(null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    answer = models.ForeignKey(Words, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["applied_at", "id"]
        indexes = [models.Index(fields=["state", "asked_of", "due_at"])]
        constraints = [
            models.UniqueConstraint(
                fields=["matter"], condition=models.Q(kind="transfer", state__in=["open", "disputed"]), name="one_open_transfer"
            )
        ]


class Urge(models.Model):
    """A reminder (催办) or an order from above (督办) to whoever holds a matter, with its own due moment and answer."""

    class Kind(models.TextChoices):
        REMIND = "remind", _("催办")
        ORDER = "order", _("督办")

    class Source(models.TextChoices):
        TIMER = "timer", _("到期自动")
        DESK = "desk", _("值班岗")
        LEADER = "leader", _("镇领导")
        UPSTREAM = "upstream", _("上级")

    class State(models.TextChoices):
        OPEN = "open", _("待答复")
        ANSWERED = "answered", _("已答复")
        LAPSED = "lapsed", _("随事项了结")

    id = models.UUIDField(primary_key=True, default=clock.new_id, editable=False)
    matter = models.ForeignKey(Matter, on_delete=models.PROTECT, related_name="urges")
    report = models.ForeignKey(Report, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    source = models.CharField(max_length=10, choices=Source.choices)
    about = models.CharField(max_length=10, blank=True, help_text="which clock it is about, when a timer says it")
    by_post = models.ForeignKey(Post, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    by_person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    instruction = models.ForeignKey(Words, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    urged_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True, blank=True)
    state = models.CharField(max_length=8, choices=State.choices, default=State.OPEN)
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    answer = models.ForeignKey(Words, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["urged_at", "id"]
        indexes = [models.Index(fields=["state", "kind"])]
        constraints = [
            models.UniqueConstraint(
                fields=["matter", "kind", "about"], condition=models.Q(state="open", source="timer"), name="one_open_timer_urge"
            )
        ]


class Evidence(models.Model):
    """A photograph that shows a step was done."""

    class Stage(models.TextChoices):
        BEFORE = "before", _("处置前")
        AFTER = "after", _("处置后")
        CHECK = "check", _("核查")

    matter = models.ForeignKey(Matter, on_delete=models.PROTECT, related_name="evidence")
    upload = models.ForeignKey(Upload, on_delete=models.PROTECT, related_name="+")
    stage = models.CharField(max_length=8, choices=Stage.choices)
    event = models.ForeignKey(MatterEvent, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["id"]
