"""Places: sound codes, known types, areas that stand, one sign that serves. It needs the rulebook, which units do not know."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

from django.db.models import Count

from doudi.engine.units.codes import UnitCode, UnitCodeError
from doudi.web.areas.models import Area
from doudi.web.files.models import Upload
from doudi.web.matters.models import MatterEvent
from doudi.web.registry.proof import Fault, Walk, fault
from doudi.web.reports.models import ReportEvent
from doudi.web.rulebook.queries import rulebook_on
from doudi.web.rulebook.services import RulebookError
from doudi.web.units.models import Plaque, Unit


def units(walk: Walk) -> Iterator[Fault]:
    """Every place bears a sound code, is of a known type, lies in a standing area and has at most one sign that serves."""
    try:
        types = rulebook_on().unit_types
    except RulebookError:
        types = None
    gone = set(Area.objects.filter(until__isnull=False).values_list("code", flat=True))
    for chunk in walk.over(Unit.objects.all(), size=2000):
        for unit in chunk:
            about = f"unit/{unit.code}"
            if not _is_sound(unit.code):
                yield fault("unit.bad_code", about, "编码的校验位不对。")
            if unit.until is not None:
                continue
            if types is not None and unit.type not in types:
                yield fault("unit.unknown_type", about, "规则手册里没有单元类型 {type}。", type=unit.type)
            if unit.area_id in gone:
                yield fault("unit.area_ended", about, "所在区域 {area} 已撤销，请改到新的网格。", area=unit.area_id)
    serving = Plaque.objects.filter(state__in=(Plaque.State.PLACED, Plaque.State.ACTIVE, Plaque.State.SUSPECT))
    for code, count in serving.values_list("unit_id").annotate(count=Count("pk")).filter(count__gt=1).order_by():
        yield fault("unit.two_plaques", f"unit/{code}", "有 {count} 块码牌同时在用。", count=count)
    undated = Plaque.objects.filter(state=Plaque.State.SUSPECT, suspected_at=None)
    for code in undated.values_list("unit_id", flat=True).order_by("unit_id"):
        yield fault("unit.suspect_undated", f"unit/{code}", "码牌存疑却没有记时间，到期不会提醒。")


def _is_sound(code: str) -> bool:
    try:
        return str(UnitCode.parse(code)) == code
    except UnitCodeError:
        return False


def photographs(walk: Walk) -> Iterator[Fault]:
    """Each photograph is the one that its event committed to, as far as events commit to bytes."""
    for table in (ReportEvent, MatterEvent):
        told = table.objects.filter(payload__has_key="bytes").select_related(table.RECORD)
        for chunk in walk.over(told):
            kept = dict(
                Upload.objects.filter(pk__in={pk for event in chunk for pk in event.payload["photos"]}).values_list(
                    "pk", "stored_digest"
                )
            )
            for event in chunk:
                pairs = zip(event.payload["photos"], event.payload["bytes"], strict=True)
                if unlike := [pk for pk, digest in pairs if kept.get(UUID(pk)) != digest]:
                    record = getattr(event, table.RECORD)
                    yield fault(
                        "photo.unlike_event",
                        record.journal_name,
                        "照片 {photos} 不是留痕里承诺的那一张。",
                        photos="、".join(unlike),
                    )
