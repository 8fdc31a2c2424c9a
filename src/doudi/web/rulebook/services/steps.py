"""Each step in the life of a version appends the event that tells it."""

from __future__ import annotations

from collections.abc import Mapping

from django.db.models import Max

from doudi.engine.people.vocabulary import Power
from doudi.engine.rules.vocabulary import RuleJob
from doudi.web import request_cache
from doudi.web.jobs.services import plan
from doudi.web.journal.services import keep_text
from doudi.web.people.actor import Actor
from doudi.web.records.services import add
from doudi.web.rulebook.models import Version, VersionEvent


def step(
    actor: Actor,
    version: Version,
    kind: str,
    payload: Mapping[str, object],
    text: str = "",
    *,
    power: Power = Power.MANAGE_RULEBOOK,
    tell: bool = False,
) -> None:
    """Append the event that tells a step; with ``tell`` those who must know hear of it."""
    request_cache.forget()
    kept = keep_text(text)
    last = VersionEvent.objects.filter(version=version).aggregate(last=Max("seq"))["last"] or 0
    event = VersionEvent.by(actor, version, kind, payload, kept, seq=last + 1, post=actor.post_for(power))
    add(event, f"rulebook/{version.number}")
    if tell:
        plan(RuleJob.NOTIFY, f"tell_rulebook:{event.pk}", event.at, {"event": str(event.pk)})
