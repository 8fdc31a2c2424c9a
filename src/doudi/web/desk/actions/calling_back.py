"""What is done with a report once it was answered: its reporter called back, a warning opened and closed."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from doudi.engine.matters.calling_back import Satisfaction
from doudi.engine.matters.vocabulary import ContactOutcome
from doudi.engine.people.vocabulary import Power
from doudi.web.actions.action import Action, Fields, Given
from doudi.web.actions.fields import words_field
from doudi.web.desk.actions.context import ReportContext
from doudi.web.desk.actions.fields import one_of
from doudi.web.desk.wording import CONTACT_OUTCOMES
from doudi.web.matters import services
from doudi.web.matters.queries import matters_of
from doudi.web.reports.models import Report, ReportClock
from doudi.web.reports.waiting import runs
from doudi.web.rulebook.queries import rulebook_of

_ASKED = "asked-"


class _Answers(forms.RadioSelect):
    def use_required_attribute(self, initial: object) -> bool:
        return False


class _Question(forms.ChoiceField):
    """Has to be answered by whoever was reached, and by nobody else: the form asks for it, the browser does not insist."""

    widget = _Answers

    def validate(self, value: object) -> None:
        if value:
            super().validate(value)


def may_call_back(at: ReportContext) -> bool:
    return (
        at.record.status == Report.Status.REPLIED
        and at.may(Power.CALL_BACK)
        and runs(at.record, ReportClock.Which.CALL_BACK)
        and apart(at) is None
    )


def apart(at: ReportContext) -> object:
    """Why this person is too near to the work to call; None where they are not."""
    return services.hinders(at.actor, at.record, list(matters_of(at.record)))


def _questions(at: ReportContext) -> Satisfaction:
    first = matters_of(at.record).order_by("pk").first()
    assert first is not None
    return rulebook_of(first.rulebook_id).satisfaction(at.record.system)


def _fields(at: ReportContext) -> Fields:
    outcomes = [(outcome, called) for outcome, (called, _always) in CONTACT_OUTCOMES.items()]
    asked = {
        f"{_ASKED}{place}": _Question(label=question, choices=[(word, word) for word in words])
        for place, (question, words) in enumerate(_questions(at).questions.items())
    }
    return {
        "outcome": one_of(_("打得怎么样"), outcomes, _("请选打得怎么样。")),
        **asked,
        "words": words_field(_("诉求人怎么说"), required=False, rows=2, example=_("例如：已经修好，就是慢了点")),
    }


def _answered(form: forms.Form) -> None:
    """Whoever was reached has answered each question."""
    if form.cleaned_data.get("outcome") != ContactOutcome.REACHED:
        return
    for name in form.fields:
        if name.startswith(_ASKED) and not form.cleaned_data.get(name) and name not in form.errors:
            form.add_error(name, _("接通了的要问到，请选一个。"))


def _call_back(at: ReportContext, given: Given) -> None:
    answers = {
        question: str(given.get(f"{_ASKED}{place}", "")) for place, question in enumerate(_questions(at).questions)
    }
    services.call_back(at.actor, at.record, ContactOutcome(given["outcome"]), answers, given["words"])


def _may_warn(at: ReportContext) -> bool:
    first = matters_of(at.record).order_by("pk").first()
    return (
        at.record.status in (Report.Status.RECEIVED, Report.Status.REPLIED)
        and (at.record.answerer_id in at.actor.posts or at.may(Power.CONTACT_REPORTER))
        and first is not None
        and rulebook_of(first.rulebook_id).term_if_set("warning_by") is not None
        and not runs(at.record, ReportClock.Which.WARNING)
    )


def _may_settle(at: ReportContext) -> bool:
    answers = at.record.answerer_id in at.actor.posts or at.may(Power.REPLY)
    return answers and runs(at.record, ReportClock.Which.WARNING)


ACTIONS: tuple[Action[ReportContext], ...] = (
    Action(
        "call-back",
        gettext_lazy("记录回访"),
        "phone",
        may_call_back,
        _call_back,
        gettext_lazy("回访已记录。"),
        _fields,
        check=_answered,
        hint=gettext_lazy("接通了的，每一问都要选；没有接通的也记，够了本镇规定的次数，回访就算做过。"),
        main=True,
    ),
    Action(
        "settle-warning",
        gettext_lazy("了结预警"),
        "circle-check",
        _may_settle,
        lambda at, given: services.settle_warning(at.actor, at.record, given["words"]),
        gettext_lazy("预警已了结。"),
        {"words": words_field(gettext_lazy("做了什么，诉求人现在怎么说"))},
        main=True,
    ),
    Action(
        "warn",
        gettext_lazy("可能不满意"),
        "alert-triangle",
        _may_warn,
        lambda at, given: services.warn(at.actor, at.record, given["words"]),
        gettext_lazy("已预警，答复岗和值班岗都看得到。"),
        {"words": words_field(gettext_lazy("诉求人怎么说、不满意在哪里"))},
    ),
)
