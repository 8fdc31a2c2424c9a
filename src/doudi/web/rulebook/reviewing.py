"""Who has to approve a version and who has done so, read from its events."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from doudi.engine.people.vocabulary import Power
from doudi.web.rulebook.models import Version, VersionEvent


@dataclass(frozen=True, slots=True)
class Approval:
    label: Promise
    power: Power


#: what a town may ask for under ``publishing.approvals`` of its parameters
APPROVALS: Mapping[str, Approval] = {
    "legality": Approval(_("合法性审核"), Power.REVIEW_RULEBOOK),
    "leader": Approval(_("领导批准"), Power.APPROVE_RULEBOOK),
}


@dataclass(frozen=True, slots=True)
class Review:
    """Since the version was last proposed: by whom (a person's id), what it was, which approvals are needed, given, open."""

    proposer: str
    digest: str
    needed: tuple[str, ...]
    given: Mapping[str, VersionEvent]

    @property
    def open(self) -> tuple[str, ...]:
        return tuple(one for one in self.needed if one not in self.given)

    @property
    def approvers(self) -> frozenset[str]:
        return frozenset(str(one.person_id) for one in self.given.values())


def review_of(version: Version) -> Review:
    """How far the review is; an approval counts only for exactly what was proposed, and only since then."""
    events = list(VersionEvent.objects.filter(version=version).select_related("post", "person").order_by("seq"))
    begun = max((n for n, one in enumerate(events) if one.kind == "proposed"), default=None)
    if begun is None or any(one.kind in ("refused", "recalled") for one in events[begun:]):
        return Review("", "", (), {})
    proposed = events[begun]
    given = {
        one.payload["approval"]: one
        for one in events[begun:]
        if one.kind == "approved" and one.payload["digest"] == proposed.payload["digest"]
    }
    return Review(str(proposed.person_id), proposed.payload["digest"], tuple(proposed.payload["approvals"]), given)
