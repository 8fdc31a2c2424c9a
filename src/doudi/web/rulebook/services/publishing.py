"""From draft to law: proposed, approved by those whom the town names, published with a day, in force on that day.

Who proposed a version never publishes it alone: the town says which approvals it needs (``publishing.approvals`` of the
parameters in force); where it names none, somebody else than the proposer publishes.
"""

from __future__ import annotations

from datetime import date

from doudi.engine.messages import msg as sentence
from doudi.engine.people.vocabulary import Power
from doudi.web import clock
from doudi.web.journal.services import unit_of_work
from doudi.web.people.actor import SYSTEM, Actor
from doudi.web.rulebook.documents import digest_of
from doudi.web.rulebook.errors import DraftError, NotPublishableError
from doudi.web.rulebook.models import Version
from doudi.web.rulebook.proving import prove
from doudi.web.rulebook.queries import Rulebook, newest_version, rulebook_on
from doudi.web.rulebook.reviewing import APPROVALS, Review, review_of
from doudi.web.rulebook.services.steps import step
from doudi.web.rulebook.services.versions import locked

State = Version.State


@unit_of_work()
def propose(actor: Actor, draft: Version, text: str = "") -> Review:
    """Ask for the approvals. From here on the draft stands still; nothing may be open that keeps it from being published."""
    actor.require(Power.MANAGE_RULEBOOK)
    row = locked(draft, State.DRAFT)
    _require_newest_base(row)
    _require_settled(row, max(row.valid_from, clock.today()))
    needed = tuple(rulebook_on().approvals)
    row.state = State.PROPOSED if needed else State.REVIEWED
    row.save(update_fields=["state"])
    step(actor, row, "proposed", {"digest": row.digest, "approvals": list(needed)}, text, tell=True)
    return review_of(row)


@unit_of_work()
def approve(actor: Actor, draft: Version, approval: str, text: str = "") -> Review:
    """Give one of the approvals that are asked for. Nobody approves what they proposed, and nobody gives two."""
    row, review = _under_review(actor, draft, approval)
    payload = {"approval": approval, "digest": row.digest}
    step(actor, row, "approved", payload, text, power=APPROVALS[approval].power, tell=True)
    if set(review.open) == {approval}:
        row.state = State.REVIEWED
        row.save(update_fields=["state"])
    return review_of(row)


@unit_of_work()
def refuse(actor: Actor, draft: Version, approval: str, text: str) -> None:
    """Send the draft back with the reason; approvals that were given are void."""
    if not text.strip():
        raise DraftError("退回修改要写明理由，让起草人知道改哪里。")
    row, _ = _under_review(actor, draft, approval)
    _back_to_draft(row)
    step(actor, row, "refused", {"approval": approval}, text, power=APPROVALS[approval].power, tell=True)


@unit_of_work()
def recall(actor: Actor, draft: Version, text: str = "") -> None:
    """Take the draft back to go on working on it; approvals that were given are void."""
    actor.require(Power.MANAGE_RULEBOOK)
    row = locked(draft, State.PROPOSED, State.REVIEWED)
    _back_to_draft(row)
    step(actor, row, "recalled", {}, text, tell=True)


@unit_of_work()
def publish(actor: Actor, draft: Version, valid_from: date, text: str = "") -> Version:
    """Make the version law from ``valid_from`` on. Raises NotPublishableError with everything that stands in the way."""
    actor.require(Power.MANAGE_RULEBOOK)
    row = locked(draft, State.REVIEWED)
    _require_newest_base(row)
    if valid_from < clock.today():
        raise DraftError("施行日不能早于今天：已经受理的事项按原来的版本办。")
    newest = newest_version()
    if newest is not None and valid_from < newest.valid_from:
        raise DraftError("施行日不能早于第 {number} 版的施行日 {day}。", number=newest.number, day=newest.valid_from)
    review = review_of(row)
    if review.open:
        raise NotPublishableError(
            [sentence("还缺“{approval}”。", approval=str(APPROVALS[one].label)) for one in review.open]
        )
    if (
        actor.person is not None
        and not (review.approvers - {review.proposer})
        and str(actor.person.pk) == review.proposer
    ):
        raise DraftError("提出的人不能独自发布：请由另一位有权限的同志发布。")
    _require_settled(row, valid_from)
    cover = {"title": row.title, "source": row.source, "valid_from": valid_from.isoformat(), "version": str(row.number)}
    row.documents = row.documents | {"rulebook": row.documents["rulebook"] | cover}
    row.digest, row.valid_from, row.state, row.published_at = (
        digest_of(row.documents),
        valid_from,
        State.PUBLISHED,
        clock.now(),
    )
    row.save(update_fields=["documents", "digest", "valid_from", "state", "published_at"])
    payload = {
        "digest": row.digest,
        "valid_from": valid_from.isoformat(),
        "reviewed": review.digest,
        "approvers": sorted(review.approvers),
    }
    step(actor, row, "rulebook_published", payload, text, tell=True)
    return row


@unit_of_work()
def withdraw(actor: Actor, version: Version, text: str) -> None:
    """Give a draft up, or take back a published version before its day has come; both stay readable."""
    actor.require(Power.MANAGE_RULEBOOK)
    if not text.strip():
        raise DraftError("请写明为什么不再进行。")
    row = locked(version, *Version.OPEN, State.PUBLISHED)
    if row.state == State.PUBLISHED:
        if row.valid_from <= clock.today():
            raise DraftError("第 {number} 版已经施行，不能撤回；请另起草案改正。", number=row.number)
        if (newest := newest_version()) is not None and newest.number != row.number:
            raise DraftError("第 {number} 版排在它后面，请先撤回那一版。", number=newest.number)
        row.state = State.RETIRED
    else:
        row.state = State.WITHDRAWN
    row.save(update_fields=["state"])
    step(actor, row, "withdrawn", {"state": str(row.state)}, text, tell=True)


@unit_of_work()
def take_effect() -> int:
    """Note each published version whose day has come, once; returns how many. Called by the timers."""
    due = Version.objects.filter(state=State.PUBLISHED, valid_from__lte=clock.today(), base__isnull=False)
    rows = list(due.exclude(events__kind="took_effect").select_for_update().defer("documents"))
    for row in rows:
        step(SYSTEM, row, "took_effect", {"valid_from": row.valid_from.isoformat(), "digest": row.digest}, tell=True)
    return len(rows)


def _under_review(actor: Actor, draft: Version, approval: str) -> tuple[Version, Review]:
    if approval not in APPROVALS:
        raise DraftError("没有“{approval}”这一道审核。", approval=approval)
    actor.require(APPROVALS[approval].power)
    row = locked(draft, State.PROPOSED)
    review = review_of(row)
    if approval not in review.open:
        raise DraftError("“{approval}”已经办过，或这一版不需要。", approval=str(APPROVALS[approval].label))
    me = str(actor.person.pk) if actor.person else ""
    if me == review.proposer:
        raise DraftError("提出的人不能审核自己的草案，请由别的同志审核。")
    if me in review.approvers:
        raise DraftError("您已经办过另一道审核；两道审核要由两位同志办。")
    return row, review


def _back_to_draft(row: Version) -> None:
    row.state = State.DRAFT
    row.save(update_fields=["state"])


def _require_newest_base(row: Version) -> None:
    newest = newest_version()
    if newest is not None and row.base_id != newest.number:
        raise DraftError("起草之后又发布了第 {number} 版：请先把这份草案并到那一版上。", number=newest.number)


def _require_settled(row: Version, since: date) -> None:
    if hindrances := prove(Rulebook(row), since).hindrances:
        raise NotPublishableError(hindrances)
