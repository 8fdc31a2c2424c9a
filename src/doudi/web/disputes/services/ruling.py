"""One dispute, one ruling: who holds, who helps, who pays, how far it reaches, and the rules that it becomes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from doudi.engine.disputes.ladder import rung_of
from doudi.engine.disputes.life import take
from doudi.engine.disputes.vocabulary import DisputeEventKind, DisputeNotice, DisputeStep
from doudi.engine.duties.bonds import Bond
from doudi.engine.matters.vocabulary import ApplicationState, MatterEventKind
from doudi.engine.messages import msg as sentence
from doudi.engine.people.vocabulary import Power
from doudi.web import clock
from doudi.web.disputes.errors import DisputeError
from doudi.web.disputes.models import Dispute, DisputeClock, Ruling, Statement
from doudi.web.disputes.queries import agreed
from doudi.web.disputes.services import limits, locking, notifying, requirements, rule_draft, transitions
from doudi.web.journal.services import keep_text, unit_of_work
from doudi.web.matters import services as matters
from doudi.web.matters.reach import post_on, require_on
from doudi.web.people.actor import SYSTEM, Actor
from doudi.web.people.models import Post
from doudi.web.terms import services as terms


@dataclass(frozen=True, slots=True)
class NewRuling:
    """What is ruled. ``bond``: what waits for the supports. ``valid_until`` None: until it is changed;
    ``only_type``: the scope holds for this sort of place alone."""

    lead: Post
    words: str
    basis: str = ""
    supports: Sequence[Post] = ()
    bond: str = Bond.BEFORE_HANDLED
    cost_bearer: str = ""
    competent_body: str = ""
    competent_basis: str = ""
    scope: str = Ruling.Scope.MATTER
    only_type: bool = False
    valid_since: date | None = None
    valid_until: date | None = None
    review_on: date | None = None
    dissent: str = ""


@unit_of_work()
def rule(actor: Actor, dispute: Dispute, new: NewRuling) -> Ruling:
    """Decide the dispute. The holder changes with it; a scope beyond the matter drafts its rules.

    Raises DisputeError, StaleError, and ClippingError where statute or a rule stands in the way.
    """
    row = locking.lock(dispute)
    _require_ruler(actor, row, new)
    return settle(actor, row, new)


def settle(actor: Actor, row: Dispute, new: NewRuling, *, by_agreement: bool = False) -> Ruling:
    """The caller has locked the dispute and asked for the power."""
    after = take(DisputeStep.RULE, row.state, text=new.words)
    matter, now = row.matter, clock.now()
    _require_sound(row, new)
    rule_draft.refuse_unlawful(matter, new.lead)
    kept, kept_basis = keep_text(new.words), keep_text(new.basis)
    made = Ruling(
        dispute=row,
        level=row.level,
        lead=new.lead,
        supports=sorted(post.code for post in new.supports),
        bond=new.bond if new.supports else "",
        cost_bearer=new.cost_bearer[:80],
        competent_body=new.competent_body[:80],
        competent_basis=new.competent_basis[:200],
        scope=new.scope,
        kind=matter.kind,
        unit=matter.unit if new.scope == Ruling.Scope.SPOT else None,
        area=rule_draft.area_of(matter) if new.scope == Ruling.Scope.KIND_IN_AREA else None,
        unit_type=matter.unit.type if new.only_type and matter.unit else "",
        valid_since=new.valid_since or clock.today(),
        valid_until=new.valid_until,
        review_on=new.review_on,
        words=kept,
        basis=kept_basis,
        dissent=keep_text(new.dissent),
        by_agreement=by_agreement,
        by_person=actor.person,
        by_post=post_on(actor, rung_of(row.level).rules or Power.CONVENE, matter),
        at=now,
    )
    if made.scope != Ruling.Scope.MATTER:
        made.draft, made.rules = rule_draft.draft(row, made)
    told = {
        **transitions.about(row),
        "ruling": str(made.pk),
        "lead": new.lead.code,
        "scope": str(new.scope),
        "draft": made.draft_id,
        "rules": made.rules,
        "cost_bearer": made.cost_bearer,
    }
    if row.application is not None and row.application.state == ApplicationState.DISPUTED:
        told |= matters.settle_by_ruling(actor, row.application, row.application.proposed_holder_id == new.lead.code)
    competent = (new.competent_body, new.competent_basis) if new.competent_body else None
    supports = dict.fromkeys(new.supports, new.bond)
    if new.lead.code != matter.holder_id:
        reason = sentence("{level}：由{post}承办", level=sentence(rung_of(row.level).label), post=new.lead.name)
        made.decision = matters.pass_on(
            actor,
            matter,
            new.lead,
            event=MatterEventKind.RULED,
            why="ruling",
            reason=reason,
            text=kept,
            supports=supports,
            competent=competent,
            payload=told,
            in_name_of=made.by_post,
        )
    else:
        matters.confirm_holder(actor, matter, told, kept, supports=supports, competent=competent, post=made.by_post)
    made.save(force_insert=True)
    limits.end_carrier(row, now)
    terms.end(DisputeClock, now, dispute=row)
    Statement.objects.filter(dispute=row).update(nonce="")
    decided = {"ruling": made.pk, "lead": new.lead.code, "scope": str(new.scope)}
    transitions.transition(actor, row, DisputeEventKind.RULED, {"state": str(after), "ended_at": now}, decided, kept)
    for post in Statement.objects.filter(dispute=row, post__isnull=False).values_list("post_id", flat=True):
        notifying.notify_post(row, post, DisputeNotice.RULED)
    return made


def settle_by_agreement(row: Dispute) -> None:
    """All agree with the convenor's proposal, by words or by silence: the proposal stands, for this matter."""
    assert row.proposed is not None
    words = "各方同意召集人的方案，或逾期未答视同同意"
    settle(SYSTEM, row, NewRuling(row.proposed, words), by_agreement=True)


def _require_ruler(actor: Actor, row: Dispute, new: NewRuling) -> None:
    rung = rung_of(row.level)
    if rung.rules is None:
        requirements.require_convenor(actor, row)
        if row.state == Dispute.State.OPEN and not (agreed(row) and row.proposed_id == new.lead.code):
            raise DisputeError("现场会商要各方都同意（或逾期视同同意）召集人的方案才能定；谈不拢的请提级。")
    else:
        requirements.require_seen(actor, row.matter)
        require_on(actor, rung.rules, row.matter)
    if new.scope != Ruling.Scope.MATTER and not rung.widest:
        raise DisputeError(
            "“{level}”只能就这一件事裁定；要定到地点或这类事项，请提到镇级。", level=sentence(rung.label)
        )


def _require_sound(row: Dispute, new: NewRuling) -> None:
    if new.scope not in Ruling.Scope.values:
        raise DisputeError("请选裁定管多大范围。")
    if not new.lead.may_hold or new.lead.until is not None:
        raise DisputeError("“{post}”不能承办事项：请选镇属或派驻的承办岗位。", post=new.lead.name)
    since = new.valid_since or clock.today()
    if new.valid_until is not None and new.valid_until <= since:
        raise DisputeError("失效日必须晚于生效日（失效日当天起不再适用）。")
    if new.scope == Ruling.Scope.MATTER:
        return
    if since < clock.today():
        raise DisputeError("裁定写成规则的，生效日不能早于今天：已经受理的事项按原来的规则办。")
    if not row.matter.kind:
        raise DisputeError("事项还不明确，只能就这一件裁定；要定到一类事，请先研判是什么事项。")
    if new.scope == Ruling.Scope.SPOT and row.matter.unit is None:
        raise DisputeError("这个地点还没有码：请先给它建一个管理单元，再把裁定定到这个地点。")
    if new.scope == Ruling.Scope.KIND_IN_AREA and row.matter.area_id is None:
        raise DisputeError("这件事还没有落到网格，不能按区域裁定。")
    if not new.basis.strip():
        raise DisputeError("要写成规则的裁定须写明依据：会议、文件或法规。")
