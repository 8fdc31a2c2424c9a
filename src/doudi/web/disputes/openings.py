"""How a dispute begins: a holder asks to be relieved, the desk cannot answer alone, or it sees that nobody is named."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from doudi.engine.people.vocabulary import Power
from doudi.web.actions.action import Action, ActionContext, Fields, Given
from doudi.web.actions.fields import PostField, PostsField, words_field
from doudi.web.disputes import services
from doudi.web.disputes.forms import post_choices
from doudi.web.disputes.models import Dispute
from doudi.web.matters.models import Matter
from doudi.web.matters.reach import may_on


@dataclass(frozen=True)
class OpeningContext(ActionContext[Matter]):
    """A person before a matter whose holder is in question; ``row``: the application that the desk cannot answer."""

    def address(self, name: str) -> str:
        return reverse(f"dispute_{name}", args=[self.row.pk if self.row else self.record.number])

    @property
    def page(self) -> str:
        return self.record.get_absolute_url()


def _may_open(at: OpeningContext) -> bool:
    return may_on(at.actor, Power.OPEN_DISPUTE, at.record)


def _open_fields(at: OpeningContext) -> Fields:
    return {
        "words": words_field(_("争在哪里"), example=_("例如：井在红线上，水务说是小区的，物业说是市政的")),
        "invited": PostsField(
            post_choices(holding=False),
            8,
            label=_("请谁来说"),
            help_text=_("现在的承办岗总会被请到；之后还可以再请。"),
        ),
    }


def _transfer_fields(at: OpeningContext) -> Fields:
    seen = _("写现场看到的事实，例如：井盖上铸有“污水”，在小区红线外 2 米")
    paper = _("哪份文件、哪一条，或职责清单第几项；“不归我管”不是依据")
    return {
        "proposed": PostField(post_choices(holding=True), _now("请选择"), label=_("应由哪个岗位承办")),
        "reason": words_field(_("为什么不是您这里"), example=seen),
        "basis": words_field(_("依据"), rows=2, example=paper),
    }


def _open(at: OpeningContext, given: Given) -> Dispute:
    return services.open_dispute(at.actor, at.record, given["words"], invited=given["invited"])


def _transfer(at: OpeningContext, given: Given) -> services.Applied:
    return services.apply_for_transfer(
        at.actor, at.record, reason=given["reason"], basis=given["basis"], proposed_holder=given["proposed"]
    )


OPEN = Action(
    "new",
    _("提出争议"),
    "gavel",
    _may_open,
    _open,
    _("争议已提出，各方会收到通知；承办岗不变，群众的时限照走。"),
    _open_fields,
    hint=_("承办岗不变，群众的时限照走；各方陈述理由和依据，值班岗半小时内定，定不了的逐级向上。"),
)
TRANSFER = Action(
    "transfer",
    _("申请改派"),
    "send",
    lambda at: True,
    _transfer,
    "",
    _transfer_fields,
    hint=_(
        "答复之前仍由您这里承办，群众的时限照走。第一次由值班岗答复；第二次就转为争议，由各方陈述后裁定；"
        "裁定之后再申请，按推诿记录。"
    ),
)
REFER = Action(
    "refer",
    _("提请裁定"),
    "scale",
    _may_open,
    lambda at, given: services.refer_application(at.actor, at.record, at.row, given["words"]),
    _("已提请裁定，各方会收到通知；承办岗不变。"),
    {"words": words_field(_("为什么值班岗定不了"), rows=2)},
    hint=OPEN.hint,
)
