"""Photographs of a matter that had been shown before, and where, as far as the reader may know."""

from __future__ import annotations

from doudi.engine.messages import Message, msg
from doudi.web.matters.models import Demand, Evidence, Matter
from doudi.web.matters.photos import SamePhoto
from doudi.web.matters.queries import visible
from doudi.web.people.actor import Actor
from doudi.web.reports.models import ReportPhoto


def shown_again(actor: Actor, matter: Matter) -> list[tuple[Message, str]]:
    """One sentence for each, with the number of the earlier matter where it exists for the reader."""
    return [_sentence(actor, matter, one) for one in SamePhoto.objects.filter(matter=matter).select_related("earlier")]


def _sentence(actor: Actor, matter: Matter, one: SamePhoto) -> tuple[Message, str]:
    reports = ReportPhoto.objects.filter(upload=one.earlier).values("report")
    worked = Evidence.objects.filter(upload=one.earlier).values("matter")
    where = Matter.objects.filter(pk__in=worked) | Matter.objects.filter(
        pk__in=Demand.objects.filter(report__in=reports).values("matter")
    )
    first = where.order_by("accepted_at", "pk").first()
    when = one.earlier.uploaded_at
    if first == matter:
        return msg("这件事项的照片里有一张完全相同，{when}就传过。", when=when), ""
    seen = first is not None and visible(actor).filter(pk=first.pk).exists()
    return msg("有一张照片{when}在另一件事项里用过，完全相同。", when=when), first.number if seen and first else ""
