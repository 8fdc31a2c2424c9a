"""What a town keeps for its answers: phrases with fields, and answers with their basis, in every version they had."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from doudi.engine.answers.vocabulary import KeptAnswerEventKind, PhraseEventKind, Situation
from doudi.web import clock
from doudi.web.people.models import Post
from doudi.web.records.errors import StaleError
from doudi.web.records.models import Event, Versioned
from doudi.web.registry.choices import Labels, labelled


def _new_code() -> str:
    return clock.new_id().hex


class Phrase(Versioned):
    """The beginning of an answer for a kind (empty: any) and for how things stand. It is the town's own and names nobody."""

    Situation = Situation
    SITUATION_LABELS: Labels = {
        Situation.DONE: _("办好了"),
        Situation.PROGRESS: _("还在办"),
        Situation.VOIDED: _("作废了"),
        Situation.UNREACHED: _("联系不上"),
    }

    TOLD = ("name", "kind", "situation", "text", "ended_at")

    id = models.CharField(max_length=32, primary_key=True, default=_new_code, editable=False)
    name = models.CharField(max_length=40)
    kind = models.CharField(max_length=80, blank=True, help_text="code of a kind or a group of kinds; empty: any")
    situation = models.CharField(max_length=10, choices=labelled(SITUATION_LABELS))
    text = models.TextField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["situation", "kind", "id"]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("phrase", args=[self.pk])

    @property
    def journal_name(self) -> str:
        return f"phrase/{self.pk}"

    def stale(self) -> StaleError:
        return StaleError("常用语“{name}”刚刚被别人改过，请刷新后再试；您写的内容还在。", name=self.name)


class KeptEvent(Event):
    """What happened to something that is kept; ``Kind`` names it."""

    Kind: ClassVar[type[Any]]

    class Meta:
        abstract = True


class PhraseEvent(KeptEvent):
    """What happened to a phrase; each tells the whole of what changed, so that every version can be read again."""

    RECORD = "phrase"
    Kind = PhraseEventKind

    phrase = models.ForeignKey(Phrase, on_delete=models.PROTECT, related_name="events")

    class Meta:
        ordering = ["phrase", "seq"]
        constraints = [models.UniqueConstraint(fields=["phrase", "seq"], name="phrase_event_seq")]


class KeptAnswer(Versioned):
    """How the town answers what it is often asked, and on what that rests. It names nobody.

    ``owner``: the post that answers for it, and is asked once its last day has passed.
    """

    TOLD = ("question", "answer", "basis", "owner_id", "valid_until", "ended_at")

    id = models.CharField(max_length=32, primary_key=True, default=_new_code, editable=False)
    question = models.CharField(max_length=200)
    answer = models.TextField()
    basis = models.CharField(max_length=200)
    owner = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="+")
    valid_until = models.DateField(help_text="its last day")
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return self.question

    def get_absolute_url(self) -> str:
        return reverse("kept_answer", args=[self.pk])

    @property
    def journal_name(self) -> str:
        return f"kept/{self.pk}"

    @property
    def is_expired(self) -> bool:
        return self.valid_until < clock.today()

    def stale(self) -> StaleError:
        return StaleError("口径“{question}”刚刚被别人改过，请刷新后再试；您写的内容还在。", question=self.question[:40])


class KeptAnswerEvent(KeptEvent):
    """What happened to a kept answer; each tells the whole of what changed."""

    RECORD = "kept"
    Kind = KeptAnswerEventKind

    kept = models.ForeignKey(KeptAnswer, on_delete=models.PROTECT, related_name="events")

    class Meta:
        ordering = ["kept", "seq"]
        constraints = [models.UniqueConstraint(fields=["kept", "seq"], name="kept_answer_event_seq")]
