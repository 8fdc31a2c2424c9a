"""What may be done in a dispute, in the order in which a convenor looks for it."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from doudi.engine.disputes.ladder import Level, rung_of
from doudi.web import clock
from doudi.web.disputes import forms as shapes
from doudi.web.disputes import services
from doudi.web.disputes.models import Dispute
from doudi.web.disputes.pages.acting import Offer, Step
from doudi.web.disputes.queries import may_convene, may_rule
from doudi.web.people.actor import Actor


def _may_raise(actor: Actor, dispute: Dispute) -> bool:
    return may_convene(actor, dispute) and dispute.level != Level.DISTRICT


def _may_withdraw(actor: Actor, dispute: Dispute) -> bool:
    return dispute.state == Dispute.State.OPEN and (dispute.opened_post_id in actor.posts or actor.may("convene"))


def _may_ask_outside(actor: Actor, dispute: Dispute) -> bool:
    return may_convene(actor, dispute) and not dispute.matter.restricted


def _rule_form(dispute: Dispute, data: Any) -> shapes.RuleForm:
    lead = dispute.proposed_id or ""
    initial = {"lead": lead, "scope": "matter", "valid_since": clock.today(), "competent_body": dispute.matter.competent_body}
    return shapes.RuleForm(data, step="rule", widest=rung_of(dispute.level).widest, initial=initial)


STEPS: tuple[Step, ...] = (
    Step(
        "rule", _("作出裁定"), "gavel", _rule_form, may_rule,
        lambda actor, dispute, form: services.rule(actor, dispute, form.given()), _("已裁定，各方会收到通知。"), main=True,
    ),
    Step(
        "propose", _("提出方案"), "bulb", lambda dispute, data: shapes.ProposeForm(data, step="propose"), may_convene,
        lambda actor, dispute, form: services.propose(actor, dispute, form.post_named("holder"), form.cleaned_data["words"]),
        _("方案已发给各方。"), _("镇属岗位逾期不答，视同同意这个方案。"),
    ),
    Step(
        "invite", _("请岗位陈述"), "users", lambda dispute, data: shapes.InviteForm(data, step="invite"), may_convene,
        lambda actor, dispute, form: services.invite(actor, dispute, form.post_named("post")), _("已发出邀请。"),
    ),
    Step(
        "body", _("请外单位陈述"), "link", lambda dispute, data: shapes.BodyForm(data, step="body"), _may_ask_outside,
        lambda actor, dispute, form: services.invite_body(
            actor, dispute, form.cleaned_data["body"], form.cleaned_data["contact"]
        ),
        _("链接已生成，请发给对方；对方不需要账号，一个链接只答一次。"), _("没有账号的单位用签名链接陈述；页面不含诉求人的任何信息。"),
    ),
    Step(
        "raise", _("提级"), "arrow-forward-up", lambda dispute, data: shapes.RaiseForm(data, step="raise", level=dispute.level), _may_raise,
        lambda actor, dispute, form: services.raise_level(actor, dispute, form.cleaned_data["words"], to=form.cleaned_data["to"]),
        _("已提级；承办岗不变。"), _("只上不下；没有陈述的一方重新得到时间。"),
    ),
    Step(
        "withdraw", _("撤回"), "arrow-back-up", lambda dispute, data: shapes.WithdrawForm(data, step="withdraw"), _may_withdraw,
        lambda actor, dispute, form: services.withdraw(actor, dispute, form.cleaned_data["words"]), _("争议已撤回。"),
        _("各方已经谈妥，或提错了。"), tone="danger",
    ),
)  # fmt: skip
BY_NAME = {step.name: step for step in STEPS}


def offers(actor: Actor, dispute: Dispute, tried: Offer | None = None) -> list[Offer]:
    """The steps that this person may take now; the one just refused keeps its words."""
    if tried is not None and not tried.step.may(actor, dispute):
        return [tried, *offers(actor, dispute)]
    return [
        tried if tried is not None and tried.step is step else Offer(step, step.form(dispute, None))
        for step in STEPS
        if step.may(actor, dispute)
    ]
