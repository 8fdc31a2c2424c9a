"""Somebody carries a matter while it is argued whose it is: on the spot the grid head says who, in the town the leader."""

from __future__ import annotations

from dataclasses import dataclass

from doudi.engine.disputes.ladder import carrier_term, rung_of
from doudi.engine.disputes.life import take
from doudi.engine.disputes.vocabulary import DisputeEventKind, DisputeNotice, DisputeStep, Stance
from doudi.engine.matters.vocabulary import MatterEventKind
from doudi.engine.messages import Message
from doudi.engine.messages import msg as sentence
from doudi.engine.people.vocabulary import Power
from doudi.web import clock
from doudi.web.disputes.errors import DisputeError
from doudi.web.disputes.models import Dispute, InterimCarrier, Statement
from doudi.web.disputes.queries import may_name_carrier
from doudi.web.disputes.services import limits, locking, notifying, transitions
from doudi.web.journal.services import keep_text, unit_of_work
from doudi.web.matters import services as matters
from doudi.web.matters.reach import post_on
from doudi.web.people.actor import Actor
from doudi.web.people.models import Post
from doudi.web.rulebook.queries import rulebook_of


@dataclass(frozen=True, slots=True)
class NewCarrier:
    """Who shall carry, and why. ``competent_body`` and its basis: whose it is by law, as far as it is known."""

    post: Post
    words: str
    competent_body: str = ""
    competent_basis: str = ""


@unit_of_work()
def name_carrier(actor: Actor, dispute: Dispute, new: NewCarrier) -> InterimCarrier:
    """Name who carries this one matter from now on, also against an objection and beneath statute, since nothing is decided by it.

    It ends with its level: after its term the next level has the dispute by itself. Raises DisputeError, StaleError.
    """
    row = locking.lock(dispute)
    take(DisputeStep.CARRY, row.state, text=new.words)
    if not may_name_carrier(actor, row):
        raise DisputeError("先行承接由现场的召集人（综合网格长）或镇里的分管领导指定；在值班岗一级请先提级。")
    if InterimCarrier.objects.filter(dispute=row, ended_at=None).exists():
        raise DisputeError("本级已经指定过先行承接的岗位；到期会自动提级，由上一级再定。")
    matter, now, kept = row.matter, clock.now(), keep_text(new.words)
    objecting = [
        one.party
        for one in Statement.objects.filter(dispute=row, stance__in=(Stance.OBJECT, Stance.HELP)).select_related("post")
    ]
    due = limits.start_carrier(row, carrier_term(rulebook_of(matter.rulebook_id).parameters.get("answer_by", {})), now)
    body = new.competent_body.strip() or matter.competent_body
    by_post = row.convenor if row.convenor_id in actor.posts else post_on(actor, Power.RULE_FOR_TOWN, matter)
    told = {
        **transitions.about(row),
        "lead": new.post.code,
        "until": due.isoformat(),
        "objecting": objecting,
        "competent": body,
    }
    decision = matters.pass_on(
        actor,
        matter,
        new.post,
        event=MatterEventKind.CARRIER_NAMED,
        why="interim",
        reason=_reason(row, new.post, objecting, body),
        text=kept,
        competent=(body, new.competent_basis) if new.competent_body.strip() else None,
        payload=told,
        in_name_of=by_post,
    )
    made = InterimCarrier(
        dispute=row,
        level=row.level,
        post=new.post,
        objecting=objecting,
        competent_body=body,
        competent_basis=new.competent_basis[:200],
        words=kept,
        by_person=actor.person,
        by_post=by_post,
        at=now,
        due_at=due,
        decision=decision,
    )
    made.save(force_insert=True)
    transitions.transition(actor, row, DisputeEventKind.CARRIER_NAMED, payload=told, text=kept)
    for post in Statement.objects.filter(dispute=row, post__isnull=False).values_list("post_id", flat=True):
        notifying.notify_post(row, post, DisputeNotice.CARRIED)
    return made


def _reason(row: Dispute, post: Post, objecting: list[str], body: str) -> Message:
    facts = {
        "level": sentence(rung_of(row.level).label),
        "post": post.name,
        "objecting": "、".join(objecting),
        "body": body,
    }
    if objecting and body:
        return sentence(
            "{level}：归属未定，由{post}先行承接（{objecting}不同意；依法应为{body}），只排险、固定证据、跟进，不执法",
            **facts,
        )
    if objecting:
        return sentence(
            "{level}：归属未定，由{post}先行承接（{objecting}不同意），只排险、固定证据、跟进，不执法", **facts
        )
    if body:
        return sentence(
            "{level}：归属未定，由{post}先行承接（依法应为{body}），只排险、固定证据、跟进，不执法", **facts
        )
    return sentence("{level}：归属未定，由{post}先行承接，只排险、固定证据、跟进，不执法", **facts)
