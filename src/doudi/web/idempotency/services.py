"""The only writer of actions: looked for first, remembered in the transaction of what they did."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence

from django.utils.crypto import salted_hmac

from doudi.web import clock
from doudi.web.idempotency.models import Action
from doudi.web.sql.insert import bulk_insert
from doudi.web.sql.select import get_or_none

#: a key, and the digest of what was asked under it
Asked = tuple[str, str]


def digest_of(content: Mapping[str, object]) -> str:
    """Hex digest of what was asked: names with text, numbers, truth, nothing, or lists of these; their order is no matter.

    Keyed with the town's own secret: what was asked may hold a phone, and nobody shall find it by trying all there are.
    """
    said = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return salted_hmac("doudi.idempotency", said, algorithm="sha256").hexdigest()


def outcomes(asked: Collection[Asked]) -> dict[Asked, Mapping[str, str]]:
    """What came of those of the actions that were done before."""
    if len(asked) > 1:
        digests: dict[str, set[str]] = {}
        for key, digest in asked:
            digests.setdefault(key, set()).add(digest)
        found = Action.objects.filter(key__in=digests)
        return {(row.key, row.digest): row.outcome for row in found if row.digest in digests[row.key]}
    rows = [get_or_none(Action, key=key, digest=digest) for key, digest in asked]
    return {(row.key, row.digest): row.outcome for row in rows if row is not None}


def remember(done: Sequence[tuple[Asked, Mapping[str, str]]]) -> None:
    """Note what came of actions, in the transaction that did them. A twin that was faster is an IntegrityError."""
    now = clock.now()
    bulk_insert([Action(key=key, digest=digest, outcome=dict(came), at=now) for (key, digest), came in done])


def forget(name: str, value: str) -> int:
    """Forget the actions of which ``name`` came, in the caller's transaction: what they were is gone, and so is its digest."""
    return Action.objects.filter(**{f"outcome__{name}": value}).delete()[0]
