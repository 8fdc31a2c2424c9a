"""Who may know of a matter: its retelling, and the restricted circle by hand."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from doudi.engine.people.vocabulary import Power
from doudi.web.actions.action import Action, Fields, Given
from doudi.web.actions.fields import words_field
from doudi.web.desk.actions.context import MatterContext
from doudi.web.desk.actions.fields import one_of
from doudi.web.matters import services
from doudi.web.matters.reach import may_on


def _may(power: Power, at: MatterContext) -> bool:
    return may_on(at.actor, power, at.record)


def _retell_fields(at: MatterContext) -> Fields:
    begun = services.first_retelling(at.record)
    words = words_field(_("转述"), rows=5)
    words.initial = begun
    clues = services.clues_in(at.record, begun)
    return {
        "words": words,
        "confirmed": forms.BooleanField(label=_("标出的内容我已逐条看过，可以让协办单位知道"), required=False),
        # The pieces that the form showed: a yes is one to these and to no others.
        "seen": forms.CharField(widget=forms.HiddenInput, required=False, initial="\n".join(clues), strip=False),
    }


def _retell_hint(at: MatterContext) -> str:
    told = _now("号码、姓名、门牌已预先遮去。请用自己的话写要办什么、在哪里，不写是谁说的。")
    clues = dict.fromkeys(services.clues_in(at.record, services.first_retelling(at.record)))
    if not clues:
        return told
    pieces = "、".join(f"“{one}”" for one in clues)
    return told + _now("还有这些只有诉求人自己知道，别人看了会猜到是谁：{pieces}。").format(pieces=pieces)


def _retell(at: MatterContext, given: Given) -> None:
    seen = str(given["seen"]).split("\n") if given["confirmed"] else ()
    services.retell(at.actor, at.record, str(given["words"]), confirmed=seen)


ACTIONS: tuple[Action[MatterContext], ...] = (
    Action(
        "retell",
        lambda at: _now("写转述"),
        "shield",
        lambda at: at.record.secret and _may(Power.RETELL, at),
        _retell,
        _("转述已保存，协办单位现在看到的就是它。"),
        _retell_fields,
        hint=_retell_hint,
    ),
    Action(
        "restrict",
        _("改为限制知悉"),
        "lock",
        lambda at: not at.record.restricted and _may(Power.RESTRICT, at),
        lambda at, given: services.restrict(at.actor, at.record, given["words"]),
        _("已改为限制知悉。"),
        {"words": words_field(_("为什么限制"), rows=2)},
        hint=_("以后只有承办岗、被请协办的岗位和限制知悉范围内的人知道这件事；原话只有承办岗和值班岗看得到。"),
    ),
    Action(
        "lift",
        _("解除限制知悉"),
        "shield-check",
        lambda at: at.record.restricted and _may(Power.LIFT_RESTRICTION, at),
        lambda at, given: services.lift_restriction(
            at.actor, at.record, given["words"], stays_secret=given["stays"] == "secret"
        ),
        _("已解除限制知悉。"),
        {
            "stays": one_of(
                _("解除以后"),
                [("secret", _("仍然保密，别的岗位看转述")), ("open", _("不再保密（诉求人要求过保密的除外）"))],
                _("请选解除以后是否保密。"),
                initial="secret",
            ),
            "words": words_field(_("为什么解除"), rows=2),
        },
    ),
)
