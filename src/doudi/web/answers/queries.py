"""What is kept for answers, as pages read it: what stands now, and what each version said."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from doudi.engine.answers.filling import fits
from doudi.engine.messages import Message, msg
from doudi.web.answers.events import EVENT_KINDS
from doudi.web.answers.models import Phrase
from doudi.web.records.models import Event, Versioned
from doudi.web.registry.proof import told_by
from doudi.web.rulebook.queries import rulebook_on

_INDENT = "\u3000"


def phrases_for(situations: tuple[str, ...], kinds: tuple[str, ...]) -> list[Phrase]:
    """What may be said where things stand so, about one of these kinds: what is kept for the kind itself comes first."""
    found = [
        one
        for one in Phrase.objects.filter(ended_at=None, situation__in=situations).order_by("id")
        if not one.kind or any(fits(one.kind, kind) for kind in kinds)
    ]
    return sorted(found, key=lambda one: (situations.index(one.situation), -len(one.kind), one.pk))


def all_phrases(*, ended: bool = False) -> QuerySet[Phrase]:
    """Those that are offered, or those that were ended."""
    return Phrase.objects.filter(ended_at__isnull=not ended)


def kind_choices() -> list[tuple[str, str]]:
    """Any kind, each group and each kind, as their tree is."""
    catalogue = rulebook_on().catalogue
    names, tree = catalogue.names(), catalogue.tree
    return [("", _("不限")), *((code, _INDENT * tree.depth(code) + names[code]) for code in tree)]


def kind_names(code: str) -> str:
    """What a kind or group is called, with the groups above it; empty for any."""
    catalogue = rulebook_on().catalogue
    return catalogue.name(code) if code in catalogue.tree else code


@dataclass(frozen=True, slots=True)
class Version:
    """What a record said from an event on. ``now``: it says so still."""

    event: Event
    said: Mapping[str, Any]
    now: bool

    @property
    def title(self) -> Message:
        known = next(one for one in EVENT_KINDS if one.name == self.event.kind)
        return msg(known.title, to=self.event.payload.get("to", ""))


def versions_of(row: Any) -> list[Version]:
    """Each version, the newest first."""
    events = list(row.events.select_related("post", "person").order_by("seq"))
    return [
        Version(event, _columns(told_by(events[: place + 1])), event.seq == row.version)
        for place, event in enumerate(events)
    ][::-1]


def said_in(row: Versioned, version: int) -> dict[str, Any] | None:
    """The columns as that version had them; None: there was none."""
    events = list(row.events.filter(seq__lte=version).order_by("seq"))  # type: ignore[attr-defined]  # each kept record has them
    return _columns(told_by(events)) if events and events[-1].seq == version else None


def _columns(told: Mapping[str, object]) -> dict[str, Any]:
    """What events tell, as columns hold it: a moment is a moment again."""
    ended = told.get("ended_at")
    at: datetime | None = parse_datetime(str(ended)) if ended else None
    return {**told, "ended_at": at}
