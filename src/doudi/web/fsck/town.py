"""The town's own order: who catches, which rules hold, which places bear which signs, and what lies on the disk."""

from __future__ import annotations

import json
from collections.abc import Iterator

from django.db.models import Count

from doudi.engine.units.codes import UnitCode, UnitCodeError
from doudi.web import clock
from doudi.web.areas.models import Area
from doudi.web.duties.models import Backstop
from doudi.web.files.models import Upload
from doudi.web.files.storage import path_of
from doudi.web.fsck.faults import Fault, Walk, fault
from doudi.web.journal.models import Leaf
from doudi.web.people.models import Office, Post
from doudi.web.rulebook.models import Version
from doudi.web.rulebook.queries import rulebook_on
from doudi.web.rulebook.services import RulebookError, digest_of
from doudi.web.units.models import Plaque, Unit


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


def posts(walk: Walk) -> Iterator[Fault]:
    """Only the town's own and dispatched posts hold; a committee or a utility supports."""
    unfit = Post.objects.filter(may_hold=True, until__isnull=True).exclude(
        office__relation__in=(Office.Relation.OWN, Office.Relation.DISPATCHED)
    )
    for post in unfit.select_related("office"):
        yield fault(
            "post.unfit", f"post/{post.code}", "“{office}”不是镇属或派驻单位，其岗位不能承办。", office=post.office.name
        )


def rulebooks(walk: Walk) -> Iterator[Fault]:
    """A published version says today what it said when it was published."""
    published = {
        body["about"]: body["payload"].get("digest")
        for body in map(
            json.loads, Leaf.objects.filter(body__contains='"kind":"rulebook_published"').values_list("body", flat=True)
        )
        if body.get("kind") == "rulebook_published"
    }
    for version in Version.objects.filter(state__in=Version.FIXED).iterator(chunk_size=1):
        about = f"rulebook/{version.number}"
        if {digest_of(version.documents), published.get(about)} != {version.digest}:
            yield fault("rulebook.changed", about, "第 {number} 版规则手册发布后被改动。", number=version.number)


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


def _is_sound(code: str) -> bool:
    try:
        return str(UnitCode.parse(code)) == code
    except UnitCodeError:
        return False


def uploads(walk: Walk) -> Iterator[Fault]:
    """Every file that a record names lies on the disk, as large as it was."""
    for chunk in walk.over(Upload.objects.all()):
        for upload in chunk:
            about = f"file/{upload.pk}"
            path = path_of(upload.pk, upload.suffix)
            size = path.stat().st_size if path.is_file() else None
            if size is None:
                yield fault("file.missing", about, "磁盘上没有这个文件。")
            elif size != upload.size:
                yield fault(
                    "file.size", about, "文件应为 {right} 字节，实为 {size} 字节。", right=upload.size, size=size
                )
            if upload.kind == Upload.Kind.PHOTO and not path_of(upload.pk, upload.suffix, small=True).is_file():
                yield fault("file.missing", about, "磁盘上没有这张照片的小图。")
