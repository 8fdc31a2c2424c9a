"""What may be done with a report: its reporter reached, told, answered; set apart or taken back from there."""

from __future__ import annotations

from collections.abc import Callable

from django.utils.translation import gettext_lazy as _

from doudi.engine.answers.reviewing import review
from doudi.engine.matters.vocabulary import ContactOutcome
from doudi.engine.people.vocabulary import Power
from doudi.web.actions.action import Action, Fields, Given
from doudi.web.actions.fields import words_field
from doudi.web.desk.actions.answer_fields import ReplyField, ShownField, anyway_field, draft_field, hold_up
from doudi.web.desk.actions.calling_back import ACTIONS as AFTER_ANSWER
from doudi.web.desk.actions.context import ReportContext
from doudi.web.desk.actions.fields import one_of
from doudi.web.desk.actions.handling import REASON
from doudi.web.desk.queries.answering import about, draft_of
from doudi.web.desk.wording import CONTACT_OUTCOMES
from doudi.web.matters import services as matters
from doudi.web.matters.models import Matter
from doudi.web.matters.queries import matters_of
from doudi.web.matters.steps_ahead import report_steps
from doudi.web.reports import services, waiting
from doudi.web.reports.models import Report
from doudi.web.triage import services as triage


def _offered(name: str) -> Callable[[ReportContext], bool]:
    return lambda at: any(one.step.name == name and one.allowed for one in report_steps(at.actor, at.record))


def _may_reply(at: ReportContext) -> bool:
    """The final reply waits for the work; until then the progress can be told."""
    return _offered("reply")(at) and not matters_of(at.record).filter(status__in=Matter.OPEN).exists()


def _may_tell(at: ReportContext) -> bool:
    return at.record.status == Report.Status.RECEIVED and _offered("reply")(at)


def _may_contact(at: ReportContext) -> bool:
    return at.record.status == Report.Status.RECEIVED and at.may(Power.CONTACT_REPORTER)


def _may_reopen(at: ReportContext) -> bool:
    return at.record.status in (Report.Status.REPLIED, Report.Status.CLOSED) and at.may(Power.REOPEN)


def _may_close(at: ReportContext) -> bool:
    return _offered("close")(at) and not any(waiting.runs(at.record, which) for which in waiting.AFTER_ANSWER)


def _reply_fields(at: ReportContext) -> Fields:
    """The draft of the answer, and the photographs of the work where any may go with it."""
    draft = draft_of(at.actor, at.record, final=True)
    words = ReplyField(_("答复内容（诉求人会原样看到）"), draft, about(at.record))
    if not draft.photos:
        return {"words": words, "anyway": anyway_field()}
    told = _("勾了的，诉求人用回执上的链接看得到；没勾的看不到。")
    return {
        "words": words,
        "anyway": anyway_field(),
        "shown": ShownField(draft.photos, _("一起给诉求人看的照片"), told),
    }


def _reply(at: ReportContext, given: Given) -> None:
    doubts = [str(one.doubt) for one in review(given["words"], about(at.record))]
    shown, anyway = given.get("shown", ()), given["anyway"]
    matters.answer_report(at.actor, at.record, given["words"], shown=shown, doubts=doubts, anyway=anyway)


ACTIONS: tuple[Action[ReportContext], ...] = (
    Action(
        "contact",
        _("记录联系"),
        "phone",
        _may_contact,
        lambda at, given: matters.log_contact(
            at.actor,
            at.record,
            reached=given["outcome"] == ContactOutcome.REACHED,
            text=given["words"],
            outcome=ContactOutcome(given["outcome"]),
        ),
        _("联系情况已记录。"),
        {
            "outcome": one_of(
                _("打得怎么样"),
                [(outcome, called) for outcome, (called, _always) in CONTACT_OUTCOMES.items()],
                _("请选打得怎么样。"),
            ),
            "words": words_field(_("情况"), required=False, rows=2, example=_("例如：补充了楼栋号")),
        },
        hint=_("每一次都记下来，联系上与没联系上都算。"),
        main=True,
    ),
    Action(
        "tell",
        _("告知进展"),
        "message",
        _may_tell,
        lambda at, given: matters.answer_report(at.actor, at.record, given["words"], final=False),
        _("已告知诉求人。"),
        lambda at: {
            "words": draft_field(_("告知的进展（诉求人会原样看到）"), draft_of(at.actor, at.record, final=False))
        },
    ),
    Action(
        "reply",
        _("答复"),
        "message-circle",
        _may_reply,
        _reply,
        _("答复已发出。"),
        _reply_fields,
        check=hold_up,
        hint=_("诉求人用回执上的链接就能看到，请写清办了什么、结果如何。"),
        main=True,
    ),
    *AFTER_ANSWER,
    Action(
        "close",
        _("办结"),
        "circle-check",
        _may_close,
        lambda at, given: services.close(at.actor, at.record, given["words"]),
        _("已办结。"),
        {"words": words_field(_("说明"), required=False)},
        main=True,
    ),
    Action(
        "reopen",
        _("重新打开"),
        "refresh",
        _may_reopen,
        lambda at, given: matters.reopen_report(at.actor, at.record, given["words"]),
        _("已重新打开。"),
        REASON,
    ),
    Action(
        "release",
        _("解除甄别"),
        "shield-check",
        _offered("release"),
        lambda at, given: triage.release(at.actor, at.record),
        _("已解除甄别，照常办理。"),
        main=True,
    ),
    Action(
        "dismiss",
        _("甄别办结"),
        "x",
        _offered("dismiss"),
        lambda at, given: services.dismiss(at.actor, at.record, given["words"]),
        _("已甄别办结。"),
        REASON,
        hint=_("只用于确属骚扰、恶意的内容。"),
        tone="danger",
    ),
    Action(
        "quarantine",
        _("转入甄别"),
        "shield",
        _offered("quarantine"),
        lambda at, given: matters.set_apart(at.actor, at.record, given["words"]),
        _("已转入甄别。"),
        REASON,
        hint=_("疑似骚扰或恶意内容先放到一边，不拒收、不删除。"),
        tone="danger",
    ),
)
BY_NAME = {action.name: action for action in ACTIONS}
