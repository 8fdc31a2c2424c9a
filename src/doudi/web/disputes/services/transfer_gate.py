"""The only door through which a holder asks to be relieved inside the town.

The first time the desk answers (改派). Whoever asks for the same matter again asks for a ruling. After a ruling nobody asks
any more: it is counted as evasion (推诿), and the matter stays where it is. So nothing is ever handed to and fro.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from doudi.engine.disputes.hearing import require_statement
from doudi.engine.disputes.vocabulary import DisputeEventKind, Stance
from doudi.engine.matters.vocabulary import ApplicationKind, ApplicationState, AskedOf
from doudi.engine.people.vocabulary import Power
from doudi.web.disputes.errors import DisputeError
from doudi.web.disputes.models import Dispute, Ruling, Statement
from doudi.web.disputes.services import locking, opening, requirements, transitions
from doudi.web.journal.services import unit_of_work
from doudi.web.matters import services as matters
from doudi.web.matters.errors import ApplicationError
from doudi.web.matters.handover import next_of
from doudi.web.matters.models import Application, Matter
from doudi.web.matters.reach import require_on
from doudi.web.people.actor import Actor
from doudi.web.people.models import Post


@dataclass(frozen=True, slots=True)
class Applied:
    """What the door made of it: an application for the desk, a dispute, or (both None) an evasion that was counted."""

    application: Application | None = None
    dispute: Dispute | None = None

    @property
    def evasion(self) -> bool:
        return self.application is None and self.dispute is None


@unit_of_work()
def apply_for_transfer(
    actor: Actor, matter: Matter, *, reason: str, basis: str, proposed_holder: Post | None
) -> Applied:
    """The holder says why the matter is another's, on what basis, and whose."""
    locked = locking.lock_matter(matter.pk)
    if locked.holder_id not in actor.posts:
        requirements.require_seen(actor, locked)
        raise ApplicationError("这件事由{holder}承办，请由承办岗申请。", holder=locked.holder.name)
    if not reason.strip() or not basis.strip() or proposed_holder is None:
        raise ApplicationError("改派要写明理由、依据和建议的承办岗：“不归我管”不是依据。")
    if ruling_in_force(locked) is not None:
        matters.note_evasion(actor, locked, reason)
        return Applied()
    if Dispute.objects.filter(matter=locked, state=Dispute.State.OPEN).exists():
        raise DisputeError("这件事已经有一个争议在处理，请到那里陈述意见。")
    asked = Application.objects.filter(matter=locked, kind=ApplicationKind.TRANSFER, asked_of=AskedOf.DESK).exclude(
        state=ApplicationState.WITHDRAWN
    )
    if asked.exclude(state__in=Application.UNDECIDED).exists():
        parties = [locked.holder, proposed_holder]
        return Applied(dispute=_dispute(actor, locked, locked.holder, reason, basis, parties, Dispute.Why.SECOND))
    matter.version = locked.version if matter.version == locked.version else matter.version
    return Applied(
        application=matters.apply(
            actor, matter, ApplicationKind.TRANSFER, reason=reason, basis=basis, proposed_holder=proposed_holder
        )
    )


@unit_of_work()
def refer_application(actor: Actor, matter: Matter, application: Application, text: str) -> Dispute:
    """The desk cannot answer an application alone: whoever asked, whoever was proposed and the desk argue it out."""
    locked = locking.lock_matter(matter.pk)
    requirements.require_seen(actor, locked)
    require_on(actor, Power.OPEN_DISPUTE, locked)
    matters.refer(actor, locked, application, text)
    parties = [post for post in (application.by_post, application.proposed_holder) if post is not None]
    row = opening.begin(actor, locked, Dispute.Why.REFERRED, text, parties, application)
    first = Statement.objects.get(dispute=row, post=application.by_post)
    reason = application.reason.text if application.reason else ""
    ground = application.basis.text if application.basis else ""
    told = opening.say(actor, first, stance=Stance.OBJECT, text=reason, basis=ground, signature="")
    transitions.transition(actor, row, DisputeEventKind.STATED, payload=told, text=first.words)
    return row


@unit_of_work()
def object_to_taking(actor: Actor, matter: Matter, reason: str, basis: str) -> Dispute:
    """The post that is to take over says why it is not the right one: it is argued out, and the holder stays meanwhile.

    It stays named: who takes the objection back takes over, or the desk holds.
    """
    locked = locking.lock_matter(matter.pk)
    named = next_of(locked)
    if named is None or named.post_id not in actor.posts:
        requirements.require_seen(actor, locked)
        raise ApplicationError("只有被点名接手的岗位能提出异议。")
    if locked.version != matter.version:
        raise locked.stale()
    return _dispute(actor, locked, named.post, reason, basis, [locked.holder, named.post], Dispute.Why.NEXT)


def ruling_in_force(matter: Matter) -> Ruling | None:
    """The ruling by which the matter lies where it lies, if it does."""
    last = Ruling.objects.filter(dispute__matter=matter).order_by("-at").first()
    return last if last is not None and last.lead_id == matter.holder_id else None


def _dispute(
    actor: Actor, matter: Matter, post: Post, reason: str, basis: str, parties: Sequence[Post], why: str
) -> Dispute:
    """``post`` argues, and has thereby said what it has to say."""
    stance = require_statement(Stance.OBJECT, reason, basis)
    row = opening.begin(actor, matter, why, reason, parties)
    first = Statement.objects.get(dispute=row, post=post)
    told = opening.say(actor, first, stance=stance, text=reason, basis=basis, signature="")
    transitions.transition(actor, row, DisputeEventKind.STATED, payload=told, text=first.words)
    return row
