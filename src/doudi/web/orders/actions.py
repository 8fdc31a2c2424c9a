"""What may be done with an order from above on its page: signed for, checked, signed, and what the system above said of it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django import forms
from django.urls import reverse
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from doudi.engine.people.vocabulary import Power
from doudi.engine.upstream.life import BY_STEP, ORDER_LIFE, OrderBy, OrderRow
from doudi.engine.upstream.vocabulary import OrderStep
from doudi.web.actions.action import Action, ActionContext, Fields, Given
from doudi.web.actions.fields import words_field
from doudi.web.orders import services
from doudi.web.orders.queries import Order, order_of
from doudi.web.orders.services import Said
from doudi.web.reports.models import Report
from doudi.web.reports.reach import may_reach


@dataclass(frozen=True)
class OrderContext(ActionContext[Report]):
    """A person before an order."""

    def address(self, name: str) -> str:
        return reverse("order_step", args=[self.record.number, name])

    @property
    def page(self) -> str:
        return reverse("order", args=[self.record.number])

    @cached_property
    def order(self) -> Order:
        return order_of(self.record)

    @cached_property
    def offered(self) -> dict[OrderStep, OrderRow]:
        """The steps that this person may take now."""
        desk = may_reach(self.actor, Power.IMPORT, self.record)
        signs = self.order.system.signer in self.actor.posts
        return {row.step: row for row in self.order.offered if (signs if row.by is OrderBy.SIGNER else desk)}

    @property
    def heard(self) -> list[OrderRow]:
        """What the system above may say now."""
        return [row for row in self.offered.values() if row.by is OrderBy.ABOVE]


def _own(step: OrderStep, icon: str, done: Any, *, words: str = "", tone: str = "") -> Action[OrderContext]:
    """A step of our own: pressed, or with a word why."""
    row = BY_STEP[step]
    fields: Fields = {"words": words_field(_("理由"), rows=2)} if words else {}
    return Action(
        str(step).replace("_", "-"),
        _(row.label),
        icon,
        lambda at: step in at.offered,
        lambda at, given: services.take_step(at.actor, at.record, step, Said(str(given.get("words", "")))),
        done,
        fields,
        hint=_(row.reason) if words else "",
        tone=tone,
        main=step in (OrderStep.SIGN_FOR, OrderStep.SIGN),
    )


def _heard_fields(at: OrderContext) -> Fields:
    """Which of its words it was, and what goes with any of them that may be said now."""
    asked = frozenset[str]().union(*(row.asks for row in at.heard))
    # Whoever may write down none of them is refused by the service, as at every other address.
    rows = at.heard or [row for row in ORDER_LIFE if row.by is OrderBy.ABOVE]
    found: dict[str, forms.Field] = {
        "step": forms.ChoiceField(
            label=_("上级说了什么"),
            choices=[(str(row.step), _now(row.label)) for row in rows],
            widget=forms.RadioSelect,
            error_messages={"required": _("请选上级说了什么。")},
        )
    }
    if "satisfaction" in asked:
        said = at.order.system.satisfaction
        label = _("满意度（上级回访时选）")
        found["satisfied"] = (
            forms.ChoiceField(
                label=label, choices=[("", _now("不是回访")), *((one, one) for one in said)], required=False
            )
            if said
            else forms.CharField(label=label, max_length=20, required=False)
        )
    if "due" in asked:
        found["due"] = forms.CharField(
            label=_("时限（照上级原文）"),
            max_length=60,
            required=False,
            help_text=_("回访复核、督办必填，例如 2026-12-05 17:00。"),
        )
    if "number" in asked:
        found["other"] = forms.CharField(label=_("另一件的工单编号"), max_length=80, required=False)
    found["words"] = words_field(_("它的话"), required=False, rows=2, example=_("退回、收回、复核、督办、催办必填"))
    return found


def _heard(at: OrderContext, given: Given) -> None:
    said = Said(*(str(given.get(name, "")) for name in ("words", "due", "satisfied", "other")))
    services.take_step(at.actor, at.record, OrderStep(given["step"]), said)


ACTIONS: tuple[Action[OrderContext], ...] = (
    _own(OrderStep.SIGN_FOR, "check", _("已签收。")),
    _own(OrderStep.REFUSE, "x", _("已拒签；上级答复之前照常办理。"), words="why", tone="danger"),
    _own(OrderStep.CHECK, "checks", _("已核对。")),
    _own(OrderStep.SIGN, "user-check", _("已签发，可以取走回填。")),
    Action(
        "heard",
        _("记上级来话"),
        "message",
        lambda at: bool(at.heard),
        _heard,
        _("已记下。"),
        _heard_fields,
        hint=_("上级在它的系统里说了什么，照原样记在这里；退回和复核的会自动重新打开。"),
    ),
)
BY_NAME = {action.name: action for action in ACTIONS}
