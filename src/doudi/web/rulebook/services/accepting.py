"""Accept a gap or a conflict by name: it stays open for now, somebody catches there, and it is said who decided so."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from doudi.engine.people.vocabulary import Power
from doudi.engine.rules.regions import Region
from doudi.web import clock
from doudi.web.journal.services import unit_of_work
from doudi.web.people.actor import Actor
from doudi.web.people.models import Post
from doudi.web.rulebook.acceptances import Acceptance, acceptances_of, named, next_id
from doudi.web.rulebook.errors import DraftError
from doudi.web.rulebook.models import Version
from doudi.web.rulebook.proving import ground_of
from doudi.web.rulebook.queries import Rulebook
from doudi.web.rulebook.services.steps import step
from doudi.web.rulebook.services.versions import locked, rewrite


@unit_of_work()
def accept(
    actor: Actor,
    draft: Version,
    part: Region,
    *,
    name: str,
    why: str,
    caught_by: Iterable[Post],
    rules: Iterable[str] = (),
) -> Acceptance:
    """Accept the gap ``part``, or with ``rules`` the conflict of these rules there, to the backstops that catch in it."""
    actor.require(Power.MANAGE_RULEBOOK)
    row = locked(draft, Version.State.DRAFT)
    if not name.strip() or not why.strip():
        raise DraftError("按名接受要写名称和理由：这是什么空白，为什么现在定不了，打算什么时候补上。")
    posts = list(caught_by)
    if not posts or any(not post.may_hold or post.until is not None for post in posts):
        raise DraftError("接受空白要写明由哪个兜底岗承接；请先为这些区域登记能承办的兜底岗。")
    known, between = acceptances_of(row.documents), tuple(rules)
    what = "conflict" if between else "gap"
    when, days = named(ground_of(Rulebook(row)).space, part.box)
    post = actor.post_for(Power.MANAGE_RULEBOOK)
    accepted = Acceptance(
        next_id(known, what),
        what,
        name.strip()[:80],
        why.strip()[:400],
        when,
        days,
        between,
        tuple(one.code for one in posts),
        post.code if post else "",
        str(actor.person.pk) if actor.person else "",
        clock.now().isoformat(timespec="seconds"),
    )
    _keep(actor, row, (*known, accepted), "gap_accepted", accepted)
    return accepted


@unit_of_work()
def withdraw_acceptance(actor: Actor, draft: Version, code: str) -> None:
    """The gap or conflict counts as open again."""
    actor.require(Power.MANAGE_RULEBOOK)
    row = locked(draft, Version.State.DRAFT)
    known = acceptances_of(row.documents)
    gone = next((one for one in known if one.id == code), None)
    if gone is None:
        raise DraftError("没有编号为 {code} 的接受记录，可能刚被别人撤下；请刷新页面。", code=code)
    _keep(actor, row, tuple(one for one in known if one is not gone), "acceptance_withdrawn", replace(gone, why=""))


def _keep(actor: Actor, row: Version, accepted: tuple[Acceptance, ...], kind: str, one: Acceptance) -> None:
    rewrite(row, row.documents | {"accepted": [each.to_document() for each in accepted]})
    payload = {
        "id": one.id,
        "what": one.what,
        "name": one.name,
        "caught_by": list(one.caught_by),
        "rules": list(one.rules),
    }
    step(actor, row, kind, {**payload, "digest": row.digest})
