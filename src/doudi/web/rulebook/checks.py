"""What was published stands."""

from __future__ import annotations

import json
from collections.abc import Iterator

from doudi.web.journal.models import Leaf
from doudi.web.registry.proof import Fault, Walk, fault
from doudi.web.rulebook.models import Version
from doudi.web.rulebook.services import digest_of


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
