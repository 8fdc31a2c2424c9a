"""What every record has that changes step by step: a version, and one event for each step."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import ClassVar, Self

from django.db import models

from doudi.engine.journal import Claim
from doudi.web import clock
from doudi.web.journal.models import FreeText
from doudi.web.people.actor import Actor
from doudi.web.people.models import Person, Post
from doudi.web.records.errors import StaleError


class Versioned(models.Model):
    """A row that is changed by compare-and-swap on ``version``, each time with the event that tells it."""

    #: the columns that events tell: replaying the events gives them again
    TOLD: ClassVar[tuple[str, ...]]

    version = models.PositiveIntegerField(default=1)

    class Meta:
        abstract = True

    @property
    def journal_name(self) -> str:
        """The name under which leaves speak of it: ``matter/20261124-0000001``."""
        raise NotImplementedError

    def stale(self) -> StaleError:
        """What is said to anyone who comes second."""
        raise NotImplementedError


class Event(models.Model):
    """What happened to a record, appended. ``payload`` holds typed facts, never personal data.

    ``at`` is when we recorded it: it orders, and starts and ends clocks. Where somebody claims another moment it stands
    in ``happened_at``, is shown, and meets a clock only where a rule says so.

    A subclass adds the foreign key to its record and names it in ``RECORD``.
    """

    RECORD: ClassVar[str]
    #: whether ``seq`` is the version that the event made; else it counts events, some of which change nothing
    SEQ_IS_VERSION: ClassVar[bool] = True

    id = models.UUIDField(primary_key=True, default=clock.new_id, editable=False)
    seq = models.PositiveIntegerField()
    kind = models.CharField(max_length=30)
    post = models.ForeignKey(Post, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    actor = models.CharField(
        max_length=6, null=True, blank=True, help_text="engine.journal.ActorKind; none: from before it was told"
    )
    at = models.DateTimeField()
    happened_at = models.DateTimeField(null=True, blank=True)
    happened_source = models.CharField(
        max_length=8, null=True, blank=True, help_text="who claims it: engine.journal.ClaimSource"
    )
    payload = models.JSONField(default=dict)
    words = models.ForeignKey(FreeText, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        abstract = True

    @classmethod
    def by(
        cls,
        actor: Actor,
        record: models.Model,
        kind: str,
        payload: Mapping[str, object],
        text: FreeText | None = None,
        *,
        seq: int = 1,
        post: Post | None = None,
        at: datetime | None = None,
        claim: Claim | None = None,
    ) -> Self:
        """The unsaved event of what ``actor`` does now; ``post`` is the one in whose name, where it is not the first."""
        return cls(
            **{cls.RECORD: record},
            seq=seq,
            kind=kind,
            at=at or clock.now(),
            post=post or actor.post,
            person=actor.person,
            actor=actor.kind.value,
            happened_at=claim.at if claim else None,
            happened_source=claim.source.value if claim else None,
            words=text,
            payload=dict(payload),
        )
