"""Somebody catches what no rule names, everywhere."""

from __future__ import annotations

from collections.abc import Iterator

from doudi.web import clock
from doudi.web.areas.models import Area
from doudi.web.duties.models import Backstop
from doudi.web.registry.proof import Fault, Walk, fault


def backstops(walk: Walk) -> Iterator[Fault]:
    """Every area, and so every place, has somebody who catches."""
    standing = {area.code: area for area in Area.objects.filter(until__isnull=True)}
    roots = [code for code, area in standing.items() if area.parent_id not in standing]
    if len(roots) > 1:
        yield fault("area.roots", "directory", "一个镇只有一个最上级区域，现有：{codes}。", codes="、".join(roots))
    today = clock.today()
    rows = Backstop.objects.filter(since__lte=today).exclude(until__lte=today).select_related("post")
    caught = {row.area_id for row in rows if row.post.may_hold and row.post.until is None}
    for code, area in standing.items():
        if not caught.intersection(_upward(standing, code)):
            yield fault("area.no_backstop", f"area/{code}", "{name}没有兜底岗，上级区域也没有。", name=area.name)


def _upward(areas: dict[str, Area], code: str | None) -> Iterator[str]:
    """The area and those above it; ends also where the areas run in a circle and are no tree any more."""
    seen: set[str] = set()
    while code is not None and code in areas and code not in seen:
        seen.add(code)
        yield code
        code = areas[code].parent_id
