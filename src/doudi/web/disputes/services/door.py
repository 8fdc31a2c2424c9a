"""The only door through which a holder asks to be relieved inside the town.

The first time the desk answers (改派). Whoever asks for the same matter again asks for a ruling. After a ruling nobody asks
any more: it is counted as evasion (推诿), and the matter stays where it is. So nothing is ever handed to and fro.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction

from doudi.engine.disputes.hearing import Stance, require_statement
from doudi.web import clock
from doudi.web.disputes.errors import DisputeError
from doudi.web.disputes.models import Dispute, Ruling, Statement
from doudi.web.disputes.services import opening, writing
from doudi.web.journal.services import keep_words, record
from doudi.web.matters import services as matters
from doudi.web.matters.errors import ApplicationError
from doudi.web.matters.models import Application, Matter
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


@transaction.atomic
def apply_for_transfer(actor: Actor, matter: Matter, *, reason: str, basis: str, proposed_holder: Post | None) -> Applied:
    """The holder says why the matter is another's, on what basis, and whose."""
    locked = writing.lock_matter(matter.pk)
    if locked.holder_id not in actor.posts:
        writing.require_seen(actor, locked)
        raise ApplicationError("这件事由{holder}承办，请由承办岗申请。", holder=locked.holder.name)
    if not reason.strip() or not basis.strip() or proposed_holder is None:
        raise ApplicationError("改派要写明理由、依据和建议的承办岗：“不归我管”不是依据。")
    if ruling_in_force(locked) is not None:
        _count_evasion(actor, locked, reason)
        return Applied()
    if Dispute.objects.filter(matter=locked, state=Dispute.State.OPEN).exists():
        raise DisputeError("这件事已经有一个争议在处理，请到那里陈述意见。")
    asked = Application.objects.filter(matter=locked, kind="transfer", asked_of="desk").exclude(state="withdrawn")
    if asked.exclude(state__in=Application.UNDECIDED).exists():
        return Applied(dispute=_dispute(actor, locked, reason, basis, proposed_holder))
    matter.version = locked.version if matter.version == locked.version else matter.version
    return Applied(
        application=matters.apply(actor, matter, "transfer", reason=reason, basis=basis, proposed_holder=proposed_holder)
    )


@transaction.atomic
def refer_application(actor: Actor, matter: Matter, application: Application, words: str) -> Dispute:
    """The desk cannot answer an application alone: whoever asked, whoever was proposed and the desk argue it out."""
    actor.require("open_dispute")
    locked = writing.lock_matter(matter.pk)
    writing.require_seen(actor, locked)
    matters.refer(actor, locked, application, words)
    parties = [post for post in (application.by_post, application.proposed_holder) if post is not None]
    row, facts = opening.begin(actor, locked, Dispute.Why.REFERRED, words, parties, application)
    first = Statement.objects.get(dispute=row, post=application.by_post)
    text = application.reason.text if application.reason else ""
    ground = application.basis.text if application.basis else ""
    told = opening.say(actor, first, stance=Stance.OBJECT, words=text, basis=ground, signature="")
    record([*facts, writing.happened(actor, row, "dispute_stated", told)])
    return row


def ruling_in_force(matter: Matter) -> Ruling | None:
    """The ruling by which the matter lies where it lies, if it does."""
    last = Ruling.objects.filter(dispute__matter=matter).order_by("-at").first()
    return last if last is not None and last.lead_id == matter.holder_id else None


def _dispute(actor: Actor, matter: Matter, reason: str, basis: str, proposed: Post) -> Dispute:
    stance = require_statement(Stance.OBJECT, reason, basis)
    row, facts = opening.begin(actor, matter, Dispute.Why.SECOND, reason, [matter.holder, proposed])
    first = Statement.objects.get(dispute=row, post=matter.holder)
    told = opening.say(actor, first, stance=stance, words=reason, basis=basis, signature="")
    record([*facts, writing.happened(actor, row, "dispute_stated", told)])
    return row


def _count_evasion(actor: Actor, matter: Matter, words: str) -> None:
    kept = keep_words(words)
    fact = matters.tell(actor, matter, "evasion", {}, {"holder": matter.holder_id, "at": str(clock.today())}, kept)
    record([fact])
