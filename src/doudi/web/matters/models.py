"""What the town has accepted to handle, and who holds it at every moment."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import ClassVar

from django.db import models
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from doudi.engine.danger.assessment import Severity
from doudi.engine.kinds.catalogue import Lane
from doudi.engine.matters.vocabulary import ApplicationKind, ApplicationState, AskedOf, MatterStatus
from doudi.web import clock
from doudi.web.areas.models import Area
from doudi.web.files.models import Upload
from doudi.web.journal.models import FreeText
from doudi.web.matters.photos import SamePhoto as SamePhoto
from doudi.web.people.models import Person, Post
from doudi.web.records.errors import StaleError
from doudi.web.records.models import Event, Versioned
from doudi.web.registry.choices import Labels, labelled
from doudi.web.reports.models import Report
from doudi.web.rulebook.models import Version
from doudi.web.terms.models import Clock
from doudi.web.units.models import Unit


class Matter(Versioned):
    """A thing the town handles. ``holder`` is one post, always; its history lies in ``Assignment``. Erasable: ``summary``, ``address``."""

    Status = MatterStatus
    STATUS_LABELS: Labels = {
        MatterStatus.ACCEPTED: _("待接单"),
        MatterStatus.TAKEN: _("处置中"),
        MatterStatus.HANDLED: _("待核查"),
        MatterStatus.CLOSED: _("已结案"),
        MatterStatus.MERGED: _("已并案"),
        MatterStatus.VOIDED: _("已作废"),
    }

    Lane = Lane
    LANE_LABELS: Labels = {Lane.LIFE: _("生命安全"), Lane.URGENT: _("紧急"), Lane.NORMAL: _("普通")}

    OPEN = (Status.ACCEPTED, Status.TAKEN, Status.HANDLED)
    #: Not told: erasable words (summary, address), ``due_at`` (follows from the clocks), ``secret`` (from the reports).
    TOLD = (
        *("number", "kind", "unit_id", "area_id", "facts", "lane", "restricted", "status", "holder_id", "layer"),
        *("unclear", "ambiguity", "doubts", "competent_body", "competent_basis", "rulebook_id", "merged_into_id"),
        *("accepted_at", "handled_by_id", "handled_at", "closed_at"),
    )
    #: Columns that came later than the first matters: what they were before any event told them.
    UNTOLD: ClassVar[dict[str, object]] = {"ambiguity": [], "doubts": []}

    id = models.UUIDField(primary_key=True, default=clock.new_id, editable=False)
    number = models.CharField(max_length=14, unique=True)
    kind = models.CharField(
        max_length=80, blank=True, db_index=True, help_text="code in the version's catalogue; empty: not yet clear"
    )
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    area = models.ForeignKey(Area, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    address = models.CharField(max_length=200, blank=True)
    summary = models.CharField(max_length=200, blank=True)
    facts = models.JSONField(default=dict, blank=True)
    lane = models.CharField(max_length=8, choices=labelled(LANE_LABELS), default=Lane.NORMAL)
    restricted = models.BooleanField(default=False)
    secret = models.BooleanField(
        default=False,
        help_text="restricted, or a report of it asks for secrecy: all but holder and desk read a retelling",
    )
    status = models.CharField(max_length=10, choices=labelled(STATUS_LABELS), default=Status.ACCEPTED)
    holder = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="+")
    # or on_spot: whoever was there had done it already
    layer = models.CharField(max_length=12, help_text="the layer of rules that named the holder, or desk")
    unclear = models.CharField(
        max_length=16, blank=True, help_text="why it lies with desk or backstop; empty when clear"
    )
    ambiguity = models.JSONField(
        default=list, blank=True, help_text="which of the twelve sorts (engine.matters.ambiguity)"
    )
    doubts = models.JSONField(default=list, blank=True, help_text="what is in doubt: who, what, where, how, funding")
    competent_body = models.CharField(max_length=80, blank=True)
    competent_basis = models.CharField(max_length=200, blank=True)
    rulebook = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="+")
    merged_into = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    accepted_at = models.DateTimeField()
    due_at = models.DateTimeField(
        null=True, blank=True, help_text="the nearest running internal or upstream due moment"
    )
    handled_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    handled_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)

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
                Coalesce("due_at", models.Value(datetime(9999, 1, 1, tzinfo=UTC))),
                "id",
                condition=models.Q(status__in=[MatterStatus.ACCEPTED, MatterStatus.TAKEN, MatterStatus.HANDLED]),
                name="matter_by_need",
            ),
            # Few are secret: which of them wait for a retelling is not sought among all that are open.
            models.Index(fields=["status"], condition=models.Q(secret=True), name="matter_secret"),
        ]

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        return reverse("matter", args=[self.number])

    @property
    def journal_name(self) -> str:
        return f"matter/{self.number}"

    def stale(self) -> StaleError:
        return StaleError("事项 {number} 刚刚被别人更新过，请刷新后再试；您写的内容还在。", number=self.number)


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


class Danger(models.Model):
    """What threatens, judged once: added, never changed. The one that was added last stands.

    ``seq`` is the number of the event that tells it, under ``danger_judged``. ``spans`` are places in the words that speak
    for it. Erasable: the words of ``reason``.
    """

    Answer = Severity
    ANSWER_LABELS: Labels = {
        Severity.LIFE: _("危及生命"),
        Severity.URGENT: _("有危险"),
        Severity.NONE: _("没有危险"),
    }

    class Source(models.TextChoices):
        RECEIVED = "received", _("受理时")
        ADDED = "added", _("补充的话")
        RATED = "rated", _("评价")
        REOPENED = "reopened", _("重新打开")
        UPSTREAM = "upstream", _("上级工单")
        NOTED = "noted", _("备注")
        MERGED = "merged", _("并案")
        DESK = "desk", _("值班岗")

    TOLD = (
        *("id", "seq", "answer", "source", "demand_id", "sort", "call", "kind", "spans", "by_post_id", "by_person_id"),
        "judged_at",
    )

    id = models.UUIDField(primary_key=True, default=clock.new_id, editable=False)
    matter = models.ForeignKey(Matter, on_delete=models.PROTECT, related_name="dangers")
    seq = models.PositiveIntegerField()
    answer = models.CharField(max_length=8, choices=labelled(ANSWER_LABELS))
    source = models.CharField(max_length=10, choices=Source.choices)
    demand = models.ForeignKey(Demand, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    sort = models.CharField(max_length=20, blank=True, help_text="of danger, as engine.danger names it")
    call = models.CharField(max_length=12, blank=True, help_text="the number to call first")
    kind = models.CharField(max_length=80, blank=True, help_text="the kind of the catalogue that asks for the call")
    spans = models.JSONField(default=list, blank=True)
    by_post = models.ForeignKey(Post, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    by_person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    reason = models.ForeignKey(FreeText, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    judged_at = models.DateTimeField()

    class Meta:
        ordering = ["matter", "seq"]
        constraints = [models.UniqueConstraint(fields=["matter", "seq"], name="one_danger_an_event")]


class Decision(models.Model):
    """The receipt: what named the holder, from which inputs, and who came second."""

    id = models.UUIDField(primary_key=True, default=clock.new_id, editable=False)
    matter = models.ForeignKey(Matter, on_delete=models.PROTECT, related_name="decisions")
    by_person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    rulebook = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="+")
    rules = models.JSONField(default=list)
    layer = models.CharField(max_length=12)
    status = models.CharField(max_length=16, help_text="how it was decided; next: named, and not holding yet")
    inputs = models.JSONField(default=dict)
    runners_up = models.JSONField(default=list)
    reason = models.JSONField(help_text="{template, facts}")
    words = models.ForeignKey(FreeText, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    at = models.DateTimeField()
    NEXT = "next"  #: the status of a receipt that names the next post: the holder holds by an earlier one still

    class Meta:
        ordering = ["at", "id"]


class Assignment(models.Model):
    """A post leads or supports a matter from ``since`` until ``until``, or is to lead it next. Only ``bond`` changes, once."""

    class Role(models.TextChoices):
        LEAD = "lead", _("承办")
        SUPPORT = "support", _("协办")
        NEXT = "next", _("待接手")

    ASKED = (Role.SUPPORT, Role.NEXT)  #: who must see the matter beside its lead, while the row is open

    id = models.UUIDField(primary_key=True, default=clock.new_id, editable=False)
    matter = models.ForeignKey(Matter, on_delete=models.PROTECT, related_name="assignments")
    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="+")
    role = models.CharField(max_length=8, choices=Role.choices)
    # or on_spot
    why = models.CharField(max_length=12, help_text="rule, backstop, ruling or desk")
    decision = models.ForeignKey(Decision, on_delete=models.PROTECT, related_name="+")
    since = models.DateTimeField()
    until = models.DateTimeField(null=True, blank=True)
    taken_at = models.DateTimeField(null=True, blank=True)
    taken_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    done_at = models.DateTimeField(null=True, blank=True, help_text="a support has done its part")
    bond = models.CharField(max_length=14, blank=True, help_text="what waits for a support; empty: all of it")
    take_by = models.DateTimeField(null=True, blank=True, help_text="by when the next post takes over")

    class Meta:
        ordering = ["since", "id"]
        indexes = [models.Index(fields=["post", "role", "until"])]
        constraints = [
            models.UniqueConstraint(
                fields=["matter"], condition=models.Q(role="lead", until__isnull=True), name="one_open_lead"
            ),
            models.UniqueConstraint(
                fields=["matter", "post"],
                condition=models.Q(role="support", until__isnull=True),
                name="one_open_support",
            ),
            models.UniqueConstraint(
                fields=["matter"], condition=models.Q(role="next", until__isnull=True), name="one_open_next"
            ),
        ]


class MatterClock(Clock):
    matter = models.ForeignKey(Matter, on_delete=models.PROTECT, related_name="clocks")

    class Meta:
        indexes = [models.Index(fields=["ended_at", "due_at"])]


class MatterEvent(Event):
    """What happened to a matter."""

    RECORD = "matter"

    matter = models.ForeignKey(Matter, on_delete=models.PROTECT, related_name="events")

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

    Kind = ApplicationKind
    KIND_LABELS: Labels = {
        ApplicationKind.TRANSFER: _("改派"),
        ApplicationKind.EXTEND: _("延期"),
        ApplicationKind.SUSPEND: _("挂账"),
        ApplicationKind.VOID: _("作废"),
        ApplicationKind.RETURN: _("退单"),
        ApplicationKind.CLOSE: _("结案"),
        ApplicationKind.EXCLUDE: _("剔除"),
        ApplicationKind.OVERRULE: _("与清单不符的派遣"),
    }

    AskedOf = AskedOf
    ASKED_OF_LABELS: Labels = {
        AskedOf.DESK: _("值班岗"),
        AskedOf.UPSTREAM: _("上级"),
    }

    State = ApplicationState
    STATE_LABELS: Labels = {
        ApplicationState.OPEN: _("待答复"),
        ApplicationState.GRANTED: _("已同意"),
        ApplicationState.REFUSED: _("不同意"),
        ApplicationState.WITHDRAWN: _("已撤回"),
        ApplicationState.DISPUTED: _("待裁定"),
    }

    UNDECIDED = (State.OPEN, State.DISPUTED)
    #: told by the events of its matter, under ``application``
    TOLD = (
        *("id", "report_id", "kind", "asked_of", "by_post_id", "by_person_id", "proposed_holder_id", "proposed_until"),
        *("applied_at", "due_at", "state", "granted_until", "answered_at", "answered_by_id"),
    )

    id = models.UUIDField(primary_key=True, default=clock.new_id, editable=False)
    matter = models.ForeignKey(Matter, on_delete=models.PROTECT, related_name="applications")
    report = models.ForeignKey(Report, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    kind = models.CharField(max_length=10, choices=labelled(KIND_LABELS))
    asked_of = models.CharField(max_length=10, choices=labelled(ASKED_OF_LABELS))
    by_post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="+")
    by_person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    reason = models.ForeignKey(FreeText, on_delete=models.PROTECT, null=True, related_name="+")
    basis = models.ForeignKey(FreeText, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    proposed_holder = models.ForeignKey(Post, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    proposed_until = models.DateTimeField(null=True, blank=True)
    applied_at = models.DateTimeField()
    due_at = models.DateTimeField(
        null=True, blank=True, help_text="by when the desk answers; the upstream answers when it does"
    )
    state = models.CharField(max_length=10, choices=labelled(STATE_LABELS), default=State.OPEN)
    granted_until = models.DateTimeField(null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    answer = models.ForeignKey(FreeText, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["applied_at", "id"]
        indexes = [models.Index(fields=["state", "asked_of", "due_at"])]
        constraints = [
            models.UniqueConstraint(
                fields=["matter"],
                condition=models.Q(
                    kind=ApplicationKind.TRANSFER, state__in=[ApplicationState.OPEN, ApplicationState.DISPUTED]
                ),
                name="one_open_transfer",
            )
        ]

    def stale(self) -> StaleError:
        """What is said to anyone who answers second."""
        return StaleError("这份申请刚刚已经有人答复，请刷新后再看。")


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

    #: told by the events of its matter, under ``urge``
    TOLD = (
        *("id", "report_id", "kind", "source", "about", "by_post_id", "by_person_id", "urged_at", "due_at", "state"),
        *("answered_at", "answered_by_id"),
    )

    id = models.UUIDField(primary_key=True, default=clock.new_id, editable=False)
    matter = models.ForeignKey(Matter, on_delete=models.PROTECT, related_name="urges")
    report = models.ForeignKey(Report, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    source = models.CharField(max_length=10, choices=Source.choices)
    about = models.CharField(max_length=10, blank=True, help_text="which clock it is about, when a timer says it")
    by_post = models.ForeignKey(Post, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    by_person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    instruction = models.ForeignKey(FreeText, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    urged_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True, blank=True)
    state = models.CharField(max_length=8, choices=State.choices, default=State.OPEN)
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    answer = models.ForeignKey(FreeText, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["urged_at", "id"]
        indexes = [models.Index(fields=["state", "kind"])]
        constraints = [
            models.UniqueConstraint(
                fields=["matter", "kind", "about"],
                condition=models.Q(state="open", source="timer"),
                name="one_open_timer_urge",
            )
        ]


class Evidence(models.Model):
    """A photograph that shows a step was done. One of a step that was taken back shows nothing any more."""

    class Stage(models.TextChoices):
        BEFORE = "before", _("处置前")
        AFTER = "after", _("处置后")
        CHECK = "check", _("核查")
        UNDONE = "undone", _("已撤销")

    matter = models.ForeignKey(Matter, on_delete=models.PROTECT, related_name="evidence")
    upload = models.ForeignKey(Upload, on_delete=models.PROTECT, related_name="+")
    stage = models.CharField(max_length=8, choices=Stage.choices)
    event = models.ForeignKey(MatterEvent, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["id"]
