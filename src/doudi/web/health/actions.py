"""What may be done with background work that failed for good, beside trying it again."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from doudi.engine.people.vocabulary import Power
from doudi.web.actions.action import Action, ActionContext
from doudi.web.actions.fields import words_field
from doudi.web.jobs.models import Job
from doudi.web.timers.services import drop_job


@dataclass(frozen=True)
class JobContext(ActionContext[None]):
    """A person before the background work; ``row`` is one job."""

    def address(self, name: str) -> str:
        return reverse("jobs_drop")

    @property
    def page(self) -> str:
        return reverse("system")


DROP: Action[JobContext] = Action(
    "drop",
    _("放弃"),
    "x",
    lambda at: at.row.state == Job.State.DEAD and at.actor.may(Power.TEND_JOBS),
    lambda at, given: drop_job(at.actor, at.row, given["words"]),
    _("这项任务不再执行，理由已留痕。"),
    {"words": words_field(_("理由"), rows=2, missing=_("请写明为什么不再执行。"))},
    rows=lambda at: Job.objects.filter(state=Job.State.DEAD),
    hint=_("这项任务以后也不做了。请写明理由，会留痕。"),
    tone="danger",
    asks=True,
)
