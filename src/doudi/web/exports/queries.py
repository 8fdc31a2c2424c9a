"""Exports as their person reads them: nobody else's exist."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404
from django.utils.translation import gettext as _

from doudi.web.exports.kinds import ExportKind
from doudi.web.exports.models import Export
from doudi.web.people.actor import Actor
from doudi.web.registry.gathered import of


def own(actor: Actor) -> QuerySet[Export]:
    """The exports of this person, the newest first."""
    return Export.objects.filter(person=actor.person) if actor.person else Export.objects.none()


def own_export(actor: Actor, export_id: UUID) -> Export:
    """The export, or Http404: the same for one that is not there and one of somebody else."""
    found = own(actor).filter(pk=export_id).first()
    if found is None:
        raise Http404
    return found


def title_of(export: Export) -> str:
    """What people call its table; a kind that this version does not know any more is named as it stands."""
    kind = of(ExportKind).get(export.kind)
    return _(kind.title) if kind else export.kind


def told_until() -> dict[UUID, datetime]:
    """Of each export that was taken along: until when its taker was told what was erased."""
    rows = Export.objects.filter(taken_at__isnull=False).values_list("pk", "taken_at", "told_until")
    return {pk: max(taken_at, told or taken_at) for pk, taken_at, told in rows if taken_at}
