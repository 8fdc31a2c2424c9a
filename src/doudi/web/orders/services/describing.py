"""The town says what a system above knows; the row as it stands is replaced, and the journal keeps that it was."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from doudi.engine.people.vocabulary import Power
from doudi.engine.upstream.systems import System, Verb
from doudi.web import clock
from doudi.web.journal.services import Fact, append, unit_of_work
from doudi.web.orders.errors import OrderError
from doudi.web.orders.models import SystemAbove
from doudi.web.people.actor import Actor
from doudi.web.people.models import Post


@dataclass(frozen=True, slots=True)
class Description:
    """A system and who says so."""

    system: System
    source: str


@unit_of_work()
def describe(by: Actor, rows: Iterable[Description]) -> int:
    """Write down each system; one that stands already says from now on what is said here. Returns how many changed."""
    by.require(Power.MANAGE_BACKSTOPS)
    changed = 0
    for row in rows:
        one = row.system
        if one.signer and not Post.objects.filter(code=one.signer).exists():
            raise OrderError("“{system}”的签发岗 {post} 不在岗位目录里。", system=one.name, post=one.signer)
        said = {
            "numbers": one.numbers,
            "wants": str(one.wants),
            "signing": str(one.signing),
            "signer_id": one.signer or None,
            "satisfaction": list(one.satisfaction),
            "verbs": {name: _plain(verb) for name, verb in sorted(one.verbs.items())},
            "source": row.source[:200],
        }
        before = SystemAbove.objects.filter(name=one.name).values(*said).first()
        if before == said:
            continue
        SystemAbove.objects.update_or_create(name=one.name, defaults={**said, "described_at": clock.now()})
        append(Fact.new("system_described", f"system/{one.name}", said, by=by))
        changed += 1
    return changed


def _plain(verb: Verb) -> dict[str, object]:
    told: dict[str, object] = {"verdicts": verb.verdicts}
    if verb.window is not None:
        told["window"] = f"{verb.window.amount} {verb.window.unit.value}"
    if verb.quota is not None:
        told["quota"] = verb.quota
    if verb.codes:
        told["codes"] = dict(verb.codes)
    return told
