"""One dispute, one ruling: who holds, who helps, who pays, how far it reaches, and the rules that it becomes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction

from doudi.engine.disputes.ladder import rung_of
from doudi.engine.disputes.life import take
from doudi.engine.words import words as sentence
from doudi.web import clock
from doudi.web.disputes.errors import DisputeError
from doudi.web.disputes.models import Dispute, DisputeClock, Ruling, Statement
from doudi.web.disputes.queries import agreed
from doudi.web.disputes.services import drafting, writing
from doudi.web.journal.services import Fact, keep_words, record
from doudi.web.matters import services as matters
from doudi.web.people.actor import SYSTEM, Actor
from doudi.web.people.models import Post
from doudi.web.terms import services as terms


@dataclass(frozen=True, slots=True)
class NewRuling:
    """What is ruled. ``valid_until`` None: until it is changed; ``only_type``: the scope holds for this sort of place alone."""

    lead: Post
    words: str
    basis: str = ""
    supports: Sequence[Post] = ()
    cost_bearer: str = ""
    competent_body: str = ""
    competent_basis: str = ""
    scope: str = Ruling.Scope.MATTER
    only_type: bool = False
    valid_since: date | None = None
    valid_until: date | None = None
    review_on: date | None = None
    dissent: str = ""


@transaction.atomic
def rule(actor: Actor, dispute: Dispute, new: NewRuling) -> Ruling:
    """Decide the dispute. The holder changes with it; a scope beyond the matter drafts its rules.

    Raises DisputeError, StaleDisputeError, and ClippingError where statute or a rule stands in the way.
    """
    row = writing.lock(dispute)
    _require_ruler(actor, row, new)
    made, facts = settle(actor, row, new)
    record(facts)
    return made


def settle(actor: Actor, row: Dispute, new: NewRuling, *, by_agreement: bool = False) -> tuple[Ruling, list[Fact]]:
    """The caller has locked the dispute, asked for the power, and records the facts."""
    after = take("rule", row.state, words=new.words)
    matter, now = row.matter, clock.now()
    _require_sound(row, new)
    drafting.refuse_unlawful(matter, new.lead)
    kept, kept_basis = keep_words(new.words), keep_words(new.basis)
    made = Ruling(
        dispute=row, level=row.level, lead=new.lead, supports=sorted(post.code for post in new.supports), cost_bearer=new.cost_bearer[:80],
        competent_body=new.competent_body[:80], competent_basis=new.competent_basis[:200], scope=new.scope, kind=matter.kind,
        unit=matter.unit if new.scope == Ruling.Scope.SPOT else None,
        area=drafting.area_of(matter) if new.scope == Ruling.Scope.KIND_IN_AREA else None,
        unit_type=matter.unit.type if new.only_type and matter.unit else "",
        valid_since=new.valid_since or clock.today(), valid_until=new.valid_until, review_on=new.review_on, words=kept, basis=kept_basis,
        dissent=keep_words(new.dissent), by_agreement=by_agreement, by_person=actor.person, by_post=actor.post_for("rule_at_desk"), at=now,
    )  # fmt: skip
    if made.scope != Ruling.Scope.MATTER:
        made.draft, made.rules = drafting.draft(row, made)
    told = {
        **writing.about(row), "ruling": str(made.pk), "lead": new.lead.code, "scope": str(new.scope),
        "draft": made.draft_id, "rules": made.rules, "cost_bearer": made.cost_bearer,
    }  # fmt: skip
    if row.application is not None and row.application.state == "disputed":
        told |= matters.settle_by_ruling(actor, row.application, row.application.proposed_holder_id == new.lead.code)
    competent = (new.competent_body, new.competent_basis) if new.competent_body else None
    if new.lead.code != matter.holder_id:
        reason = sentence("{level}：由{post}承办", level=sentence(rung_of(row.level).label), post=new.lead.name)
        made.decision, facts = matters.pass_on(
            actor, matter, new.lead, event="ruled", why="ruling", reason=reason, words=kept, supports=new.supports,
            competent=competent, payload=told, in_name_of=made.by_post,
        )  # fmt: skip
    else:
        changes = {"unclear": ""} | (
            {"competent_body": made.competent_body, "competent_basis": made.competent_basis} if competent else {}
        )
        facts = [matters.tell(actor, matter, "ruled", changes, told, kept, post=made.by_post)]
    made.save(force_insert=True)
    terms.end(DisputeClock, now, dispute=row)
    Statement.objects.filter(dispute=row).update(nonce="")
    writing.change(row, state=str(after), ended_at=now)
    for post in Statement.objects.filter(dispute=row, post__isnull=False).values_list("post_id", flat=True):
        writing.tell_post(row, post, "dispute_ruled")
    return made, facts


def settle_by_agreement(row: Dispute) -> list[Fact]:
    """All agree with the convenor's proposal, by words or by silence: the proposal stands, for this matter."""
    assert row.proposed is not None
    words = "各方同意召集人的方案，或逾期未答视同同意"
    _, facts = settle(SYSTEM, row, NewRuling(row.proposed, words), by_agreement=True)
    return facts


def _require_ruler(actor: Actor, row: Dispute, new: NewRuling) -> None:
    rung = rung_of(row.level)
    if rung.rules == "convenor":
        writing.require_convenor(actor, row)
        if row.state == Dispute.State.OPEN and not (agreed(row) and row.proposed_id == new.lead.code):
            raise DisputeError("现场会商要各方都同意（或逾期视同同意）召集人的方案才能定；谈不拢的请提级。")
    else:
        writing.require_seen(actor, row.matter)
        actor.require(rung.rules)
    if new.scope != Ruling.Scope.MATTER and not rung.widest:
        raise DisputeError("“{level}”只能就这一件事裁定；要定到地点或这类事项，请提到镇级。", level=sentence(rung.label))


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
