"""What was decided before in cases like this one: rulings and desk decisions, each with what became of it since.

The fate is never stored: it is read from what happened to the matter afterwards, so it is always that of today.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from doudi.engine.matters.vocabulary import MatterEventKind
from doudi.engine.secrecy.masking import masked
from doudi.engine.triage.precedents import Attributes, Fate, Match, Precedent, precedents_for
from doudi.web.areas.queries import areas
from doudi.web.disputes.models import Ruling
from doudi.web.matters.models import Assignment, Decision, Matter, MatterEvent
from doudi.web.matters.queries import visible
from doudi.web.people.actor import Actor
from doudi.web.people.models import Post
from doudi.web.rulebook.queries import rulebook_of

LOOKED_THROUGH = 300
#: events in which a post was named; and in which the post that was named wanted to be rid of it
#: a transfer that was granted before the next post had to take over told it at once
_RELIEVED = (MatterEventKind.APPLICATION_GRANTED, MatterEventKind.TAKEN_OVER, MatterEventKind.NOT_TAKEN_OVER)
_NAMED = (MatterEventKind.RULED, MatterEventKind.DISPATCHED, MatterEventKind.UNDONE, *_RELIEVED)
_EVADED = (MatterEventKind.EVASION,)


@dataclass(frozen=True, slots=True)
class Earlier:
    """A precedent as a page shows it: ``lead`` is who was named; ``ruling`` is None for a decision of the desk."""

    matter: Matter
    lead: str
    at: datetime
    said: str
    ruling: Ruling | None
    fate: Fate
    match: Match


def precedents_of(actor: Actor, matter: Matter) -> list[Earlier]:
    """The likest decisions of the past that this reader may see, with what makes them alike and what became of them."""
    if not matter.kind and matter.unit_id is None:
        return []
    book = rulebook_of(matter.rulebook_id)
    seen = visible(actor).exclude(pk=matter.pk)
    near = Q(pk__in=[])
    if matter.kind:
        near |= Q(kind=matter.kind) | Q(kind__startswith=matter.kind.rsplit(".", 1)[0] + ".")
    if matter.unit_id:
        near |= Q(unit=matter.unit_id)
    decisions = Decision.objects.filter(status__in=("desk", "ruling"), matter__in=seen.filter(near))
    found = list(decisions.select_related("matter__unit", "words").order_by("-at", "-id")[:LOOKED_THROUGH])
    if not found:
        return []
    rulings = {
        one.decision_id: one
        for one in Ruling.objects.filter(decision__in=found).select_related("dispute", "lead", "words")
    }
    after = _after(found)
    fates = {one.pk: _fate(one, after.get(one.matter_id, ())) for one in found}
    tree = areas().tree
    matches = precedents_for(
        _about(matter),
        [
            Precedent(
                str(one.pk), _about(one.matter, one.words.text if one.words else ""), fates[one.pk], one.pk in rulings
            )
            for one in found
        ],
        book.catalogue.tree,
        book.unit_types.tree,
        tree,
    )
    by_key = {str(one.pk): one for one in found}
    leads = _leads(found)
    return [
        Earlier(
            matter=one.matter,
            lead=leads.get(one.pk, ""),
            at=one.at,
            said=masked(one.words.text) if one.words and not one.matter.secret else "",
            ruling=rulings.get(one.pk),
            fate=fates[one.pk],
            match=match,
        )
        for match in matches
        for one in [by_key[match.key]]
    ]


def _about(matter: Matter, more: str = "") -> Attributes:
    unit = matter.unit
    return Attributes(
        kind=matter.kind or None,
        unit=matter.unit_id,
        unit_type=unit.type if unit else None,
        area=matter.area_id,
        facts={**(unit.facts if unit else {}), **matter.facts},
        text="" if matter.secret else f"{matter.summary} {more}".strip(),
    )


def _after(found: Sequence[Decision]) -> dict[object, list[MatterEvent]]:
    told: dict[object, list[MatterEvent]] = {}
    for event in MatterEvent.objects.filter(
        matter__in=[one.matter_id for one in found], kind__in=_NAMED + _EVADED
    ).order_by("seq"):
        told.setdefault(event.matter_id, []).append(event)
    return told


def _fate(decision: Decision, events: Sequence[MatterEvent]) -> Fate:
    """Whether a later decision named somebody else, or the post that was named asked to be relieved of it."""
    own = max((n for n, event in enumerate(events) if event.payload.get("decision") == str(decision.pk)), default=-1)
    later = events[own + 1 :]
    named = [event for event in later if "holder_id" in (event.payload.get("set") or {})]
    if any(event.kind not in _RELIEVED for event in named):
        return Fate.OVERTURNED
    return Fate.RETURNED if named or any(event.kind in _EVADED for event in later) else Fate.STOOD


def _leads(found: Sequence[Decision]) -> dict[object, str]:
    """Who was named by each decision: the lead that began with it."""
    began = Assignment.objects.filter(decision__in=found, role=Assignment.Role.LEAD).values_list(
        "decision_id", "post__name"
    )
    named = dict(began)
    holders = dict(Post.objects.filter(code__in=[one.matter.holder_id for one in found]).values_list("code", "name"))
    return {one.pk: named.get(one.pk) or holders.get(one.matter.holder_id, "") for one in found}
