"""The only writer of backstops."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db import transaction

from doudi.engine.errors import DoudiError
from doudi.web.areas.services import raise_edition
from doudi.web.duties.models import Backstop
from doudi.web.journal.services import Fact, record
from doudi.web.people.models import Office, Post


class BackstopError(DoudiError):
    """This post cannot be a backstop."""


@dataclass(frozen=True, slots=True)
class NewBackstop:
    area: str
    post: str
    since: date
    source: str = ""


@transaction.atomic
def set_backstops(rows: Iterable[NewBackstop]) -> int:
    """Name who catches in each area from ``since``; a row that was open there ends on that day."""
    rows = list(rows)
    posts = {post.code: post for post in Post.objects.filter(code__in={row.post for row in rows}).select_related("office")}
    if twice := [area for area, count in Counter(row.area for row in rows).items() if count > 1]:
        raise BackstopError("区域 {area} 写了不止一个兜底岗：请只留一个。", area=twice[0])
    for row in rows:
        post = posts.get(row.post)
        if post is None or not post.may_hold or post.until is not None:
            raise BackstopError("岗位“{post}”不能承办，不能作为兜底岗：请换一个可以承办的岗位。", post=post.name if post else row.post)
        if post.office.relation not in (Office.Relation.OWN, Office.Relation.DISPATCHED):
            raise BackstopError("“{office}”不是镇属或派驻单位，不能兜底。", office=post.office.name)
        Backstop.objects.filter(area_id=row.area, until__isnull=True).update(until=row.since)
    Backstop.objects.bulk_create(
        [Backstop(area_id=row.area, post_id=row.post, since=row.since, source=row.source) for row in rows]
    )
    raise_edition()
    record([Fact.new("backstop_set", row.area, {"post": row.post, "since": row.since.isoformat()}) for row in rows])
    return len(rows)
