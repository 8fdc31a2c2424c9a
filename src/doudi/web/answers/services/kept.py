"""Kept answers: entered and changed by whoever owns them or by the desk, ended, brought back; the owner of an expired one is asked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from doudi.engine.answers.vocabulary import AnswerNotice
from doudi.engine.messages import msg
from doudi.engine.people.vocabulary import Power
from doudi.web import clock
from doudi.web.answers.errors import KeptError
from doudi.web.answers.models import KeptAnswer, KeptAnswerEvent
from doudi.web.answers.queries import expired, may_keep
from doudi.web.answers.services import keeping
from doudi.web.duties.queries import duty_desk
from doudi.web.duties.services import BackstopError
from doudi.web.journal.services import unit_of_work
from doudi.web.notices.models import Notice
from doudi.web.notices.services import send_once
from doudi.web.people.actor import Actor
from doudi.web.people.errors import NotAllowedError
from doudi.web.people.queries import active_posts


@dataclass(frozen=True, slots=True)
class NewAnswer:
    """``question``: how people ask; ``basis``: what it rests on; ``owner``: the post that answers for it."""

    question: str
    answer: str
    basis: str
    owner: str
    valid_until: date


@unit_of_work()
def enter_answer(actor: Actor, new: NewAnswer) -> KeptAnswer:
    return keeping.enter(actor, KeptAnswer(**_columns(actor, new)), KeptAnswerEvent)


@unit_of_work()
def change_answer(actor: Actor, kept: KeptAnswer, new: NewAnswer) -> None:
    """Raises `KeptError` where nothing differs."""
    _require(actor, kept)
    keeping.alter(actor, kept, KeptAnswerEvent, _columns(actor, new))


@unit_of_work()
def end_answer(actor: Actor, kept: KeptAnswer) -> None:
    _require(actor, kept)
    keeping.end(actor, kept, KeptAnswerEvent)


@unit_of_work()
def restore_answer(actor: Actor, kept: KeptAnswer, to: int) -> None:
    """Bring back what version ``to`` said."""
    _require(actor, kept)
    keeping.restore(actor, kept, KeptAnswerEvent, to)


def _require(actor: Actor, kept: KeptAnswer) -> None:
    actor.require(Power.KEEP_ANSWERS)
    if not may_keep(actor, kept):
        raise NotAllowedError("这条口径归“{post}”管，请由它修改，或请值班岗修改。", post=kept.owner.name)


def _columns(actor: Actor, new: NewAnswer) -> dict[str, object]:
    """What is wanted, where this person may say so."""
    actor.require(Power.KEEP_ANSWERS)
    if not (actor.may(Power.DISPATCH) or new.owner in actor.posts):
        raise NotAllowedError("口径要归您自己的岗位管；归别的岗位的请值班岗登记。")
    if not active_posts().filter(code=new.owner).exists():
        raise KeptError("这个岗位已经撤销，请选在任的岗位。")
    if not (new.question.strip() and new.answer.strip() and new.basis.strip()):
        raise KeptError("请写明怎么问、怎么答、依据是什么。")
    return {
        "question": new.question.strip(),
        "answer": new.answer.strip(),
        "basis": new.basis.strip(),
        "owner_id": new.owner,
        "valid_until": new.valid_until,
    }


def ask_owners() -> int:
    """Ask the owner of each answer that has expired to look at it; once for each version. Returns how many were asked.

    It joins the digest of the post's day. Where the post is gone the duty desk is asked.
    """
    standing = set(active_posts().values_list("code", flat=True))
    rows = {f"{AnswerNotice.EXPIRED}:{one.pk}:{one.version}": one for one in expired(clock.today())}
    told = set(Notice.objects.filter(key__in=list(rows)).values_list("key", flat=True))
    asked = 0
    for key, one in rows.items():
        if key in told:
            continue
        words = msg("口径“{question}”已过有效期，请核对后改写或停用", question=one.question[:60])
        if post := one.owner_id if one.owner_id in standing else _desk():
            asked += send_once((post, AnswerNotice.EXPIRED, key, words, one.get_absolute_url(), False))
    return asked


def _desk() -> str:
    try:
        return duty_desk()
    except BackstopError:
        return ""
