"""The rows of versions, taken and rewritten by a step.

A step writes a row of its own: the one that it was given may be kept in memory as what the version was.
"""

from __future__ import annotations

from django.db.models import Max

from doudi.web import request_cache
from doudi.web.rulebook.documents import digest_of
from doudi.web.rulebook.errors import DraftError
from doudi.web.rulebook.models import Version

Documents = dict[str, object]


def next_number() -> int:
    return (Version.objects.aggregate(last=Max("number"))["last"] or 0) + 1


def locked(version: Version, *states: str) -> Version:
    """The row, taken for this transaction. Raises DraftError when it is in none of ``states``."""
    row = Version.objects.select_for_update().get(pk=version.pk)
    if row.state not in states:
        raise DraftError(
            "第 {number} 版现在是“{state}”，不能这样做；请刷新页面看最新情况。",
            number=row.number,
            state=str(row.get_state_display()),
        )
    return row


def rewrite(row: Version, documents: Documents) -> None:
    """Put other documents into a draft that the caller has locked."""
    row.documents, row.digest = documents, digest_of(documents)
    row.save(update_fields=["documents", "digest"])
    request_cache.forget()
