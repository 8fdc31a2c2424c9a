"""What may be done with a mandatory report: say that the body was told, or why it need not be."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django import forms
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from doudi.engine.mandatory.vocabulary import MandatoryState
from doudi.engine.people.vocabulary import Power
from doudi.web import clock
from doudi.web.actions.action import Action, ActionContext, Given
from doudi.web.actions.fields import words_field
from doudi.web.design.fields import ClockField
from doudi.web.mandatory import services
from doudi.web.mandatory.models import MandatoryReport
from doudi.web.mandatory.queries import may_on

_A_DAY, _AN_HOUR = timedelta(days=1), timedelta(hours=1)


@dataclass(frozen=True)
class DutyContext(ActionContext[MandatoryReport]):
    """A person before one mandatory report that exists for that person."""

    def address(self, name: str) -> str:
        return reverse(f"mandatory_{name}", args=[self.record.pk])

    @property
    def page(self) -> str:
        return self.record.get_absolute_url()

    def waits_for(self, power: Power) -> bool:
        return self.record.state == MandatoryState.OPEN and may_on(self.actor, power, self.record)


def _tell(at: DutyContext, given: Given) -> None:
    moment = datetime.combine(clock.today(), given["told_at"], clock.TOWN_ZONE) if given["told_at"] else None
    if moment and moment > clock.now() and moment - _A_DAY >= at.record.opened_at - _AN_HOUR:
        # Told before midnight and noted after it.
        moment -= _A_DAY
    services.tell(at.actor, at.record, given["words"], number=given["number"], told_at=moment)


TELL: Action[DutyContext] = Action(
    "told",
    _("已经报告"),
    "phone",
    lambda at: at.waits_for(Power.NOTE),
    _tell,
    _("已登记报告。"),
    {
        "words": words_field(
            _("报告给了谁，对方怎么答复"), rows=2, example=_("例如：栖禾派出所李警官，已出警；民政办王主任，一小时内到")
        ),
        "number": forms.CharField(label=_("回执或受理编号"), required=False, max_length=60),
        "told_at": ClockField(label=_("几点报告的"), required=False, help_text=_("不填就是现在")),
    },
    main=True,
)
LIFT: Action[DutyContext] = Action(
    "lift",
    _("不属于强制报告"),
    "x",
    lambda at: at.waits_for(Power.SUPERVISE),
    lambda at, given: services.lift(at.actor, at.record, given["words"]),
    _("已认定不属于强制报告。"),
    {"words": words_field(_("为什么：向谁核实、情况怎样"), rows=2)},
    tone="danger",
)
OF_ONE = (TELL, LIFT)
BY_NAME = {action.name: action for action in OF_ONE}
