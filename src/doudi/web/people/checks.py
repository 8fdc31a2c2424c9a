"""Only posts that may hold do."""

from __future__ import annotations

from collections.abc import Iterator

from doudi.web.people.models import Office, Post
from doudi.web.registry.proof import Fault, Walk, fault


def posts(walk: Walk) -> Iterator[Fault]:
    """Only the town's own and dispatched posts hold; a committee or a utility supports."""
    unfit = Post.objects.filter(may_hold=True, until__isnull=True).exclude(
        office__relation__in=(Office.Relation.OWN, Office.Relation.DISPATCHED)
    )
    for post in unfit.select_related("office"):
        yield fault(
            "post.unfit", f"post/{post.code}", "“{office}”不是镇属或派驻单位，其岗位不能承办。", office=post.office.name
        )
