"""What may be done with a file of answers that was taken along, beside saying that it arrived."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from doudi.engine.people.vocabulary import Power
from doudi.web.actions.action import Action, ActionContext
from doudi.web.actions.fields import words_field
from doudi.web.upstream import answers, services


@dataclass(frozen=True)
class AnswersContext(ActionContext[None]):
    """A person before the answers for the systems above; ``row`` is one file of them (``answers.Taken``)."""

    def address(self, name: str) -> str:
        return reverse("answers_back", args=[self.row.batch])

    @property
    def page(self) -> str:
        return reverse("answers")


PUT_BACK: Action[AnswersContext] = Action(
    "back",
    _("没有成功"),
    "arrow-back-up",
    lambda at: at.actor.may(Power.IMPORT),
    lambda at, given: services.take_file_back(at.actor, at.row.batch, given["words"]),
    "",
    {"words": words_field(_("原因"), rows=2, missing=_("请写明为什么没有回填成功。"))},
    rows=lambda at: answers.taken(),
    key=lambda row: str(row.batch),
    hint=_("这些答复会退回待回填。请写明原因，会留痕。"),
    tone="danger",
    asks=True,
)
