"""What may be done in a dispute, in the order in which a convenor looks for it, and with what a post is asked to say."""

from __future__ import annotations

from dataclasses import dataclass

from django import forms
from django.urls import reverse
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from doudi.engine.disputes.ladder import rung_of
from doudi.engine.disputes.vocabulary import Level
from doudi.engine.people.vocabulary import Power
from doudi.web import clock
from doudi.web.actions.action import Action, ActionContext, Fields, Given
from doudi.web.actions.fields import BondField, PostField, PostsField, words_field
from doudi.web.design.fields import DayField
from doudi.web.disputes import services
from doudi.web.disputes.forms import post_choices
from doudi.web.disputes.models import Dispute, Ruling, Statement
from doudi.web.disputes.queries import may_convene, may_name_carrier, may_rule
from doudi.web.disputes.services import NewCarrier, NewRuling
from doudi.web.matters.reach import may_on


@dataclass(frozen=True)
class DisputeContext(ActionContext[Dispute]):
    """A person before a dispute."""

    def address(self, name: str) -> str:
        return reverse("dispute_step", args=[self.record.matter.number, self.record.seq, name])

    @property
    def page(self) -> str:
        return self.record.get_absolute_url()


def _convenes(at: DisputeContext) -> bool:
    return may_convene(at.actor, at.record)


def _may_raise(at: DisputeContext) -> bool:
    return _convenes(at) and at.record.level != Level.DISTRICT


def _may_withdraw(at: DisputeContext) -> bool:
    dispute = at.record
    return dispute.state == Dispute.State.OPEN and (
        dispute.opened_post_id in at.actor.posts or may_on(at.actor, Power.CONVENE, dispute.matter)
    )


def _may_ask_outside(at: DisputeContext) -> bool:
    return _convenes(at) and not at.record.matter.restricted


def _rule_fields(at: DisputeContext) -> Fields:
    """The ruling; only where it may reach beyond its one matter is asked how far and how long."""
    dispute = at.record
    found: dict[str, forms.Field] = {
        "lead": PostField(
            post_choices(holding=True), _now("请选择"), label=_("由谁承办"), initial=dispute.proposed_id or ""
        ),
        "supports": PostsField(post_choices(holding=False), 5, label=_("由谁配合")),
        "bond": BondField(),
        "words": words_field(_("裁定和理由"), rows=4),
        "basis": words_field(_("依据"), required=False, rows=2, example=_("会议、文件或法规；要写成规则的必须写")),
    }
    wide = rung_of(dispute.level).widest
    if wide:
        found |= {
            "scope": forms.ChoiceField(
                label=_("管多大范围"), choices=Ruling.Scope.choices, widget=forms.RadioSelect, initial="matter"
            ),
            "only_type": forms.BooleanField(label=_("只管这一类场所"), required=False),
            "valid_since": DayField(label=_("从哪天起"), initial=clock.today()),
            "valid_until": DayField(
                label=_("到哪天止"), required=False, help_text=_("当天起不再适用；不写就是一直适用到修改为止。")
            ),
            "review_on": DayField(label=_("哪天回头看"), required=False),
        }
    found |= {
        "cost_bearer": forms.CharField(label=_("费用由谁承担"), max_length=80, required=False),
        "competent_body": forms.CharField(
            label=_("法定责任主体"), max_length=80, required=False, initial=dispute.matter.competent_body
        ),
        "competent_basis": forms.CharField(label=_("它的法定依据"), max_length=200, required=False),
    }
    if wide:
        found["dissent"] = words_field(_("保留意见"), required=False, rows=2)
    return found


def _rule(at: DisputeContext, given: Given) -> None:
    ruling = NewRuling(
        lead=given["lead"],
        words=given["words"],
        basis=given["basis"],
        supports=tuple(given["supports"]),
        bond=given["bond"],
        cost_bearer=given["cost_bearer"],
        competent_body=given["competent_body"],
        competent_basis=given["competent_basis"],
        scope=given.get("scope") or Ruling.Scope.MATTER,
        only_type=bool(given.get("only_type")),
        valid_since=given.get("valid_since") or clock.today(),
        valid_until=given.get("valid_until"),
        review_on=given.get("review_on"),
        dissent=given.get("dissent", ""),
    )
    services.rule(at.actor, at.record, ruling)


def _carry_fields(at: DisputeContext) -> Fields:
    return {
        "post": PostField(post_choices(holding=True), _now("请选择"), label=_("由谁先行承接")),
        "words": words_field(_("为什么由它先接，先做什么"), rows=2),
        "competent_body": forms.CharField(
            label=_("法定责任主体"), max_length=80, required=False, initial=at.record.matter.competent_body
        ),
        "competent_basis": forms.CharField(label=_("它的法定依据"), max_length=200, required=False),
    }


def _carry(at: DisputeContext, given: Given) -> None:
    new = NewCarrier(given["post"], given["words"], given["competent_body"], given["competent_basis"])
    services.name_carrier(at.actor, at.record, new)


def _propose_fields(at: DisputeContext) -> Fields:
    example = _("各方看得懂、能同意的一句话：谁承办、谁配合、费用怎么出")
    return {
        "holder": PostField(post_choices(holding=True), _now("请选择"), label=_("拟由谁承办")),
        "words": words_field(_("方案和理由"), example=example),
    }


def _invite_fields(at: DisputeContext) -> Fields:
    return {"post": PostField(post_choices(holding=False), _now("请选择"), label=_("岗位"))}


def _raise_fields(at: DisputeContext) -> Fields:
    order = list(Level)
    above = order[order.index(Level(at.record.level)) + 1 :]
    offered = [(one.value, Dispute.LEVEL_LABELS[one]) for one in above]
    return {
        "to": forms.ChoiceField(label=_("提到哪一级"), choices=offered),
        "words": words_field(_("为什么本级定不了"), rows=2),
    }


@dataclass(frozen=True)
class StatementContext(ActionContext[Statement]):
    """A person before what their post is asked to say."""

    def address(self, name: str) -> str:
        return reverse("statement_absent", args=[self.record.pk])

    @property
    def page(self) -> str:
        return reverse("statement", args=[self.record.pk])


ABSENT: Action[StatementContext] = Action(
    "absent",
    _("不能到场"),
    "circle-x",
    lambda at: at.record.post_id in at.actor.posts,
    lambda at, given: services.note_absence(at.actor, at.record, given["words"], given["delegate"]),
    _("已记下。"),
    {
        "words": words_field(_("缺席的原因"), rows=2),
        "delegate": forms.CharField(label=_("由谁代为陈述"), max_length=60, required=False),
    },
)

ACTIONS: tuple[Action[DisputeContext], ...] = (
    Action(
        "rule",
        _("作出裁定"),
        "gavel",
        lambda at: may_rule(at.actor, at.record),
        _rule,
        _("已裁定，各方会收到通知。"),
        _rule_fields,
        main=True,
    ),
    Action(
        "carry",
        _("指定先行承接"),
        "lifebuoy",
        lambda at: may_name_carrier(at.actor, at.record),
        _carry,
        _("已指定；到期未定会自动提级。"),
        _carry_fields,
        hint=_("只管这一件：排险、固定证据、跟进，不执法，也不等于认定是谁的事；有人不同意也可以定，不同意写进回执。"),
    ),
    Action(
        "propose",
        _("提出方案"),
        "bulb",
        _convenes,
        lambda at, given: services.propose(at.actor, at.record, given["holder"], given["words"]),
        _("方案已发给各方。"),
        _propose_fields,
        hint=_("镇属岗位逾期不答，视同同意这个方案。"),
    ),
    Action(
        "invite",
        _("请岗位陈述"),
        "users",
        _convenes,
        lambda at, given: services.invite(at.actor, at.record, given["post"]),
        _("已发出邀请。"),
        _invite_fields,
    ),
    Action(
        "body",
        _("请外单位陈述"),
        "link",
        _may_ask_outside,
        lambda at, given: services.invite_body(at.actor, at.record, given["body"], given["contact"]),
        _("链接已生成，请发给对方；对方不需要账号，一个链接只答一次。"),
        {
            "body": forms.CharField(label=_("单位名称"), max_length=80),
            "contact": forms.CharField(label=_("联系人和电话"), max_length=80, required=False),
        },
        hint=_("没有账号的单位用签名链接陈述；页面不含诉求人的任何信息。"),
    ),
    Action(
        "raise",
        _("提级"),
        "arrow-forward-up",
        _may_raise,
        lambda at, given: services.raise_level(at.actor, at.record, given["words"], to=given["to"]),
        _("已提级；承办岗不变。"),
        _raise_fields,
        hint=_("只上不下；没有陈述的一方重新得到时间。"),
    ),
    Action(
        "withdraw",
        _("撤回"),
        "arrow-back-up",
        _may_withdraw,
        lambda at, given: services.withdraw(at.actor, at.record, given["words"]),
        _("争议已撤回。"),
        {"words": words_field(_("为什么撤回"), rows=2)},
        hint=_("各方已经谈妥，或提错了。"),
        tone="danger",
    ),
)
BY_NAME = {action.name: action for action in ACTIONS}
