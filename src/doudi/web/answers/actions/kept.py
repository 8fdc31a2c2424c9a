"""What may be done with a kept answer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import ClassVar

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from doudi.web import clock
from doudi.web.actions.action import Action, Fields, Given
from doudi.web.actions.fields import PostField, words_field
from doudi.web.answers import services
from doudi.web.answers.actions.keeping import TO, KeptContext, way_back
from doudi.web.answers.queries import may_keep, owners_for
from doudi.web.answers.services import NewAnswer
from doudi.web.design.fields import DayField

_A_YEAR = timedelta(days=365)


@dataclass(frozen=True)
class AnswerContext(KeptContext):
    """A person before one kept answer, or before all."""

    NAMES: ClassVar[tuple[str, str]] = ("kept_answers", "kept_answer")

    @property
    def keeps(self) -> bool:
        return may_keep(self.actor, self.record)


def _fields(at: AnswerContext) -> Fields:
    one = at.record
    answer = words_field(_("口径"), rows=6, example=_("照着能说、能写的一段话"))
    answer.initial = one.answer if one else ""
    posts = [(post.code, f"{post.office.name} · {post.name}") for post in owners_for(at.actor)]
    owner = one.owner_id if one else posts[0][0] if len(posts) == 1 else ""
    return {
        "question": forms.CharField(
            label=_("别人怎么问"),
            max_length=200,
            initial=one.question if one else "",
            help_text=_("把常见的几种问法都写上：登记和答复时按这里的字找。"),
        ),
        "answer": answer,
        "basis": forms.CharField(label=_("依据"), max_length=200, initial=one.basis if one else ""),
        "owner": PostField(posts, _("请选择"), label=_("归哪个岗位管"), initial=owner),
        "valid_until": DayField(
            label=_("有效期到"),
            initial=one.valid_until if one else clock.today() + _A_YEAR,
            help_text=_("过了这一天会提醒归口岗位核对，用的人也看得到已过期。"),
        ),
    }


def _check(form: forms.Form) -> None:
    until = form.cleaned_data.get("valid_until")
    if until and until < clock.today():
        form.add_error("valid_until", _now("这一天已经过去了，请核对内容后写一个以后的日子。"))


def _new(given: Given) -> NewAnswer:
    owner = given["owner"].code
    return NewAnswer(given["question"], given["answer"], given["basis"], owner, given["valid_until"])


ENTER: Action[AnswerContext] = Action(
    "enter",
    _("新增口径"),
    "plus",
    lambda at: at.record is None and at.keeps,
    lambda at, given: services.enter_answer(at.actor, _new(given)),
    _("口径已登记。"),
    _fields,
    check=_check,
    main=True,
)
CHANGE: Action[AnswerContext] = Action(
    "change",
    _("修改"),
    "edit",
    lambda at: at.stands,
    lambda at, given: services.change_answer(at.actor, at.record, _new(given)),
    _("口径已修改；以前的说法在历史里。"),
    _fields,
    check=_check,
    main=True,
    way_back=way_back,
)
END: Action[AnswerContext] = Action(
    "end",
    _("停用"),
    "x",
    lambda at: at.stands,
    lambda at, given: services.end_answer(at.actor, at.record),
    _("口径已停用，不再找得到；历史都留着。"),
    tone="danger",
    way_back=way_back,
)
RESTORE: Action[AnswerContext] = Action(
    "restore",
    _("恢复这一版"),
    "history",
    lambda at: at.record is not None and at.keeps,
    lambda at, given: services.restore_answer(at.actor, at.record, given["to"]),
    _("已恢复。"),
    TO,
    way_back=way_back,
)
OF_ONE = (CHANGE, END)
BY_NAME = {action.name: action for action in (*OF_ONE, RESTORE)}
