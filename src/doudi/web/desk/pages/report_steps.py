"""What may be done with a report."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from doudi.web.desk import forms as shapes
from doudi.web.desk.pages.acting import Offer, Step
from doudi.web.files.models import Upload
from doudi.web.matters import services as matters
from doudi.web.matters.models import Matter
from doudi.web.matters.queries import matters_of, report_steps
from doudi.web.people.actor import Actor
from doudi.web.reports import services
from doudi.web.reports.models import Report

Uploads = Sequence[Upload]


def _offered(name: str) -> Any:
    def may(actor: Actor, report: Report) -> bool:
        return any(one.step.name == name and one.allowed for one in report_steps(actor, report))

    return may


def _at_work(report: Report) -> bool:
    return matters_of(report).filter(status__in=Matter.OPEN).exists()


def _may_reply(actor: Actor, report: Report) -> bool:
    """The final reply waits for the work; until then the progress can be told."""
    return _offered("reply")(actor, report) and not _at_work(report)


def _may_tell(actor: Actor, report: Report) -> bool:
    return report.status == Report.Status.RECEIVED and _offered("reply")(actor, report)


def _may_contact(actor: Actor, report: Report) -> bool:
    return report.status == Report.Status.RECEIVED and actor.may("contact_reporter")


def _may_reopen(actor: Actor, report: Report) -> bool:
    return report.status in (Report.Status.REPLIED, Report.Status.CLOSED) and actor.may("reopen")


def _contact(actor: Actor, report: Report, form: forms.Form, _uploads: Uploads) -> None:
    services.log_contact(actor, report, reached=form.cleaned_data["reached"] == "yes", words=form.cleaned_data["words"])


def _told(final: bool) -> Any:
    def run(actor: Actor, report: Report, form: forms.Form, _uploads: Uploads) -> None:
        matters.answer_report(actor, report, form.cleaned_data["words"], final=final)

    return run


STEPS: tuple[Step, ...] = (
    Step(
        "contact", _("记录联系"), "phone", shapes.ContactForm, _may_contact, _contact, _("联系情况已记录。"),
        _("每一次都记下来，联系上与没联系上都算。"), main=True,
    ),
    Step("tell", _("告知进展"), "message", shapes.TellForm, _may_tell, _told(False), _("已告知诉求人。")),
    Step(
        "reply", _("答复"), "message-circle", shapes.ReplyForm, _may_reply, _told(True), _("答复已发出。"),
        _("诉求人用回执上的链接就能看到，请写清办了什么、结果如何。"), main=True,
    ),
    Step(
        "close", _("办结"), "circle-check", shapes.OptionalWordsForm, _offered("close"),
        lambda actor, report, form, uploads: services.close(actor, report, form.cleaned_data["words"]), _("已办结。"), main=True,
    ),
    Step(
        "reopen", _("重新打开"), "refresh", shapes.ReasonForm, _may_reopen,
        lambda actor, report, form, uploads: matters.reopen_report(actor, report, form.cleaned_data["words"]), _("已重新打开。"),
    ),
    Step(
        "release", _("解除甄别"), "shield-check", shapes.StepForm, _offered("release"),
        lambda actor, report, form, uploads: services.release(actor, report), _("已解除甄别，照常办理。"), main=True,
    ),
    Step(
        "dismiss", _("甄别办结"), "x", shapes.ReasonForm, _offered("dismiss"),
        lambda actor, report, form, uploads: services.dismiss(actor, report, form.cleaned_data["words"]), _("已甄别办结。"),
        _("只用于确属骚扰、恶意的内容。"), tone="danger",
    ),
    Step(
        "quarantine", _("转入甄别"), "shield", shapes.ReasonForm, _offered("quarantine"),
        lambda actor, report, form, uploads: services.quarantine(actor, report, form.cleaned_data["words"]), _("已转入甄别。"),
        _("疑似骚扰或恶意内容先放到一边，不拒收、不删除。"), tone="danger",
    ),
)  # fmt: skip
BY_NAME = {step.name: step for step in STEPS}


def offers(actor: Actor, report: Report, tried: Offer | None = None) -> list[Offer]:
    """The steps that this person may take now; the one just refused keeps its words."""
    return [
        tried if tried is not None and tried.step is step else Offer(step, step.form(step=step.name))
        for step in STEPS
        if (tried is not None and tried.step is step) or step.may(actor, report)
    ]
