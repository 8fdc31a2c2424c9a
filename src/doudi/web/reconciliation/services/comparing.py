"""Compare a system's list with ours, and keep what was found: a clean comparison is a proof, and the journal names it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from uuid import UUID

from doudi.engine.people.vocabulary import Power
from doudi.engine.upstream.agreeing import Ours, compare
from doudi.engine.upstream.vocabulary import Stage
from doudi.web import clock
from doudi.web.journal.services import Fact, append, unit_of_work
from doudi.web.people.actor import Actor
from doudi.web.people.errors import NotAllowedError
from doudi.web.reconciliation import lists
from doudi.web.reconciliation.errors import ReconciliationError
from doudi.web.reconciliation.models import Difference, ListProfile, Reconciliation, StageWord
from doudi.web.reconciliation.queries import names_of_ours, our_side
from doudi.web.sql.insert import bulk_insert


@unit_of_work()
def explain(
    actor: Actor, system: str, headers: Sequence[str], columns: Mapping[str, str], stages: Mapping[str, Stage]
) -> None:
    """Say what the columns of such lists tell and what the system's words for a state mean; asked once."""
    _require_whole(actor)
    if not columns.get(lists.NUMBER) or not set(columns.values()) <= set(headers):
        raise ReconciliationError("请指明哪一列是工单编号。")
    if len(set(columns.values())) < len(columns):
        raise ReconciliationError("同一列不能当作两样东西，请再看一遍。")
    ListProfile.objects.update_or_create(
        system=system,
        headers_digest=lists.digest_of(headers),
        defaults={"headers": list(headers), "columns": dict(columns), "made_at": clock.now()},
    )
    for word, stage in stages.items():
        StageWord.objects.update_or_create(system=system, word=word[:40], defaults={"stage": stage})


@unit_of_work()
def reconcile(
    actor: Actor, path: Path, *, system: str, file_name: str, since: date, until: date, columns: Mapping[str, str]
) -> Reconciliation:
    """Compare the list at ``path``, which is whole for the days from ``since`` to ``until``, with ours."""
    _require_whole(actor)
    if until < since:
        raise ReconciliationError("“到”不能早于“从”。")
    found = lists.read(system, path, columns, clock.now())
    if not found.rows:
        raise ReconciliationError("这张表里没有读到一个工单编号。")
    if len(found.rows) > lists.MOST_ROWS:
        raise ReconciliationError("这张表超过 {n} 行，请分几次核对。", n=lists.MOST_ROWS)
    ids, mine = dict[str, UUID](), list[Ours]()
    for pk, one in our_side(system, since, until, {row.number for row in found.rows}):
        ids[one.number] = pk
        mine.append(one)
    differences = compare(found.rows, mine, names_of_ours())
    run = Reconciliation(
        system=system,
        file_name=file_name[:120],
        digest=found.digest,
        since=since,
        until=until,
        theirs=len(found.rows),
        ours=sum(1 for one in mine if one.expected),
        unread=len(found.unread),
        counts=dict(sorted(Counter(str(one.kind) for one in differences).items())),
        told=list(lists.kinds_told(columns)),
        by_person=actor.person,
        at=clock.now(),
    )
    run.save(force_insert=True)
    bulk_insert(
        [
            Difference(
                run=run,
                kind=one.kind,
                number=one.number[:80],
                report=ids.get(one.number),
                line=one.line,
                theirs=one.theirs[:120],
                ours=one.ours[:120],
                stood=one.state or "",
            )
            for one in differences
        ]
    )
    told = {
        "system": system,
        "since": since.isoformat(),
        "until": until.isoformat(),
        "theirs": run.theirs,
        "ours": run.ours,
        "unread": run.unread,
        "counts": run.counts,
        "digest": run.digest,
        "clean": run.agreed,
    }
    append(Fact.new("reconciled", f"reconciliation/{run.pk}", told, by=actor))
    return run


def _require_whole(actor: Actor) -> None:
    """Anyone who compares has to see all of ours: else what they may not see would be missing."""
    actor.require(Power.IMPORT)
    if not actor.is_system and actor.scope(Power.IMPORT) is not None:
        raise NotAllowedError("核对要看全镇的工单，您的岗位只管一部分区域。请由城运中心核对。")
