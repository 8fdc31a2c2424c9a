"""The only writer of backstops, and the door through which an area ends: not while anything still answers there."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from doudi.engine.errors import DoudiError
from doudi.engine.messages import msg
from doudi.engine.people.vocabulary import Power
from doudi.web import clock
from doudi.web.areas import services as areas
from doudi.web.areas.services import AreaEndError, bump_version
from doudi.web.duties.models import Backstop
from doudi.web.journal.services import Fact, append, unit_of_work
from doudi.web.people.actor import SYSTEM, Actor
from doudi.web.people.models import Office, Post
from doudi.web.rulebook.models import Version
from doudi.web.rulebook.queries import rulebook_of, rulebook_on
from doudi.web.units.models import Unit

_NAMED = 3


class BackstopError(DoudiError):
    """This post cannot be a backstop."""


@dataclass(frozen=True, slots=True)
class NewBackstop:
    area: str
    post: str
    since: date
    source: str = ""


@unit_of_work()
def set_backstops(rows: Iterable[NewBackstop], *, by: Actor = SYSTEM) -> int:
    """Name who catches in each area from ``since``; a row that was open there ends on that day."""
    rows = list(rows)
    posts = {
        post.code: post for post in Post.objects.filter(code__in={row.post for row in rows}).select_related("office")
    }
    if twice := [area for area, count in Counter(row.area for row in rows).items() if count > 1]:
        raise BackstopError("区域 {area} 写了不止一个兜底岗：请只留一个。", area=twice[0])
    for row in rows:
        post = posts.get(row.post)
        if post is None or not post.may_hold or post.until is not None:
            raise BackstopError(
                "岗位“{post}”不能承办，不能作为兜底岗：请换一个可以承办的岗位。", post=post.name if post else row.post
            )
        if post.office.relation not in (Office.Relation.OWN, Office.Relation.DISPATCHED):
            raise BackstopError("“{office}”不是镇属或派驻单位，不能兜底。", office=post.office.name)
        Backstop.objects.filter(area_id=row.area, until__isnull=True).update(until=row.since)
    Backstop.objects.bulk_create(
        [Backstop(area_id=row.area, post_id=row.post, since=row.since, source=row.source) for row in rows]
    )
    bump_version()
    append(
        *[Fact.new("backstop_set", row.area, {"post": row.post, "since": row.since.isoformat()}, by=by) for row in rows]
    )
    return len(rows)


@unit_of_work()
def end_area(by: Actor, code: str) -> None:
    """The area ends today, once nothing points at it: no rule in force or to come, no post, no backstop, no place."""
    by.require(Power.MANAGE_AREAS)
    for where, named in (
        ("规则", sorted(_rules_naming(code))),
        (
            "岗位",
            list(Post.objects.filter(areas=code, until__isnull=True).order_by("name").values_list("name", flat=True)),
        ),
        ("兜底岗", list(Backstop.objects.filter(area=code, until__isnull=True).values_list("post__name", flat=True))),
        (
            "场所",
            list(Unit.objects.filter(area=code, until__isnull=True).order_by("name").values_list("name", flat=True)),
        ),
    ):
        if named:
            told = "“{code}”还有{where} {n} 个（{named}）：请先把它们改到别的区域。"
            raise AreaEndError(told, code=code, where=msg(where), n=len(named), named="、".join(named[:_NAMED]))
    areas.end_area(code)


def _rules_naming(code: str) -> set[str]:
    """Also of versions that will only come into force: they were published when the area stood."""
    day = clock.today()
    versions = Version.objects.filter(state=Version.State.PUBLISHED, valid_from__gt=day).values_list(
        "number", flat=True
    )
    books = [rulebook_on(), *map(rulebook_of, versions)]
    return {
        rule.id
        for book in books
        for rule in book.rules
        if code in rule.areas and (rule.until is None or rule.until > day)
    }


@unit_of_work()
def set_backstop(by: Actor, row: NewBackstop) -> None:
    """From ``since`` this post catches there, and in all that lies below until a nearer one does."""
    by.require(Power.MANAGE_BACKSTOPS)
    if not row.source.strip():
        raise BackstopError("请写明依据，如哪份方案、哪次会议：兜底岗要说得清是谁定的。")
    standing = Backstop.objects.filter(area_id=row.area, until__isnull=True).first()
    if row.since < clock.today():
        raise BackstopError("兜底岗从今天或以后起算，不能倒填：以前的事按当时的兜底岗。")
    if standing is not None and standing.since > row.since:
        raise BackstopError("这里已经定了从 {day} 起的兜底岗，请先撤回它。", day=standing.since)
    set_backstops([row], by=by)


@unit_of_work()
def end_backstop(by: Actor, area: str, until: date) -> None:
    """The area's own row ends; from that day the nearest one above catches. One that has not begun is taken back."""
    by.require(Power.MANAGE_BACKSTOPS)
    row = Backstop.objects.filter(area_id=area, until__isnull=True).select_related("area").first()
    if row is None:
        raise BackstopError("这里没有单独指定兜底岗，本来就沿用上一级。")
    if row.area.parent_id is None:
        raise BackstopError("全镇的兜底岗不能空着：请直接改成另一个岗位。")
    if until < clock.today():
        raise BackstopError("兜底岗从今天或以后停止，不能倒填。")
    Backstop.objects.filter(pk=row.pk).update(until=max(until, row.since))
    if until <= row.since:
        # It never began: the post that was to step back for it stays.
        Backstop.objects.filter(area_id=area, until=row.since).exclude(pk=row.pk).update(until=None)
    bump_version()
    append(Fact.new("backstop_ended", area, {"post": row.post_id, "until": max(until, row.since).isoformat()}, by=by))
