"""What may be done with a phrase: entered, changed, ended, brought back to an earlier version."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from doudi.engine.answers.filling import FIELDS, PhraseError, require_fields
from doudi.engine.answers.vocabulary import Situation
from doudi.engine.people.vocabulary import Power
from doudi.web.actions.action import Action, Fields, Given
from doudi.web.actions.fields import words_field
from doudi.web.answers import services
from doudi.web.answers.actions.keeping import TO, KeptContext, way_back
from doudi.web.answers.models import Phrase
from doudi.web.answers.queries import kind_choices
from doudi.web.answers.services import NewPhrase
from doudi.web.design.fields import PlainSelect
from doudi.web.design.wording import say


@dataclass(frozen=True)
class PhraseContext(KeptContext):
    """A person before one phrase, or before all."""

    NAMES: ClassVar[tuple[str, str]] = ("phrases", "phrase")

    @property
    def keeps(self) -> bool:
        return self.actor.may(Power.KEEP_PHRASES)


def _fields(at: PhraseContext) -> Fields:
    one = at.record
    hint = _("可用的栏：{fields}。没有查到的会留成〔请填：…〕。")
    text = words_field(_("内容（诉求人会原样看到）"), rows=5)
    text.initial = one.text if one else ""
    text.help_text = str(hint).format(fields=" ".join(f"{{{label}}}" for label in FIELDS.values()))
    return {
        "name": forms.CharField(label=_("叫法"), max_length=40, initial=one.name if one else ""),
        "situation": forms.ChoiceField(
            label=_("什么时候用"),
            choices=list(Phrase.SITUATION_LABELS.items()),
            widget=forms.RadioSelect,
            initial=one.situation if one else Situation.DONE.value,
        ),
        "kind": forms.ChoiceField(
            label=_("用于哪类事项"),
            choices=kind_choices(),
            widget=PlainSelect,
            required=False,
            initial=one.kind if one else "",
        ),
        "text": text,
    }


def _check(form: forms.Form) -> None:
    try:
        require_fields(form.cleaned_data.get("text", ""))
    except PhraseError as error:
        form.add_error("text", say(error))


def _new(given: Given) -> NewPhrase:
    return NewPhrase(given["name"], Situation(given["situation"]), given["text"], given["kind"])


ENTER: Action[PhraseContext] = Action(
    "enter",
    _("新增常用语"),
    "plus",
    lambda at: at.record is None and at.keeps,
    lambda at, given: services.enter_phrase(at.actor, _new(given)),
    _("常用语已登记。"),
    _fields,
    check=_check,
    main=True,
)
CHANGE: Action[PhraseContext] = Action(
    "change",
    _("修改"),
    "edit",
    lambda at: at.stands,
    lambda at, given: services.change_phrase(at.actor, at.record, _new(given)),
    _("常用语已修改；以前的说法在历史里。"),
    _fields,
    check=_check,
    main=True,
    way_back=way_back,
)
END: Action[PhraseContext] = Action(
    "end",
    _("停用"),
    "x",
    lambda at: at.stands,
    lambda at, given: services.end_phrase(at.actor, at.record),
    _("常用语已停用，不再供选；历史都留着。"),
    tone="danger",
    way_back=way_back,
)
RESTORE: Action[PhraseContext] = Action(
    "restore",
    _("恢复这一版"),
    "history",
    lambda at: at.record is not None and at.keeps,
    lambda at, given: services.restore_phrase(at.actor, at.record, given["to"]),
    _("已恢复。"),
    TO,
    way_back=way_back,
)
OF_ONE = (CHANGE, END)
BY_NAME = {action.name: action for action in (*OF_ONE, RESTORE)}
