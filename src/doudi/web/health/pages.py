"""How the platform runs, for whoever looks after it: life signs, and the background work that waits, fails or was laid aside."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from doudi.engine.errors import DoudiError
from doudi.engine.messages import Message, msg
from doudi.engine.people.vocabulary import Power
from doudi.web.actions.action import Offer, row_offers
from doudi.web.actions.taking import take_action
from doudi.web.design.wording import say
from doudi.web.health import figures, records
from doudi.web.health.actions import DROP, JobContext
from doudi.web.health.setup import parts
from doudi.web.jobs.models import Job
from doudi.web.people.guard import ActorRequest, only_for
from doudi.web.registry.declared import JobKind
from doudi.web.registry.gathered import of
from doudi.web.timers.services import JobStateError, retry_job

SHOWN = 100
TABS = {
    "dead": gettext_lazy("已搁置"),
    "failing": gettext_lazy("重试中"),
    "waiting": gettext_lazy("待执行"),
    "leased": gettext_lazy("执行中"),
    "ended": gettext_lazy("已了结"),
}


@dataclass(frozen=True, slots=True)
class JobRow:
    job: Job
    kind: Message | str
    #: the class of the error; its words may quote a row of the database and are for anyone who sees the desk's matters
    error: str
    offers: Sequence[Offer]


@require_safe
@only_for(Power.TEND_JOBS)
def system(request: ActorRequest) -> HttpResponse:
    tab = request.GET.get("tab", "dead")
    return _show(request, tab if tab in TABS else "dead")


def _show(request: ActorRequest, tab: str, tried: Offer | None = None, status: int = 200) -> HttpResponse:
    links, last_link = figures.chain()
    whole, context = request.actor.may(Power.SEE_DESK), JobContext(request.actor, None)
    facts = {
        "tab": tab,
        "jobs": [_row(job, whole, row_offers((DROP,), replace(context, row=job), tried)) for job in _of(tab)[:SHOWN]],
        "shown": SHOWN,
        "tabs": [
            {
                "href": f"{reverse('system')}?tab={name}",
                "label": label,
                "here": name == tab,
                "count": _of(name).count() if name != "ended" else None,
            }
            for name, label in TABS.items()
        ],
        "trouble": figures.trouble(),
        "timers_at": figures.timers_seen_at(),
        "links": links,
        "last_link": last_link,
        "backup_at": records.last(records.BACKUP),
        "drill_at": records.last(records.DRILL),
        "free": f"{figures.free_bytes() / 1e9:.1f} GB",
        "unacknowledged": figures.unacknowledged(),
        "silent": figures.silent_posts(),
        "setup": parts() if request.actor.may(Power.MANAGE_PEOPLE) else (),
    }
    return render(request, "health/system.html", facts, status=status)


def _of(tab: str) -> QuerySet[Job]:
    jobs = Job.objects.all()
    match tab:
        case "failing":
            return jobs.filter(state=Job.State.WAITING, attempts__gt=0).order_by("due_at", "pk")
        case "waiting":
            return jobs.filter(state=Job.State.WAITING, attempts=0).order_by("due_at", "pk")
        case "ended":
            return jobs.filter(state__in=(Job.State.DONE, Job.State.DROPPED)).order_by("-done_at")
    return jobs.filter(state=tab).order_by("due_at", "pk")


def _row(job: Job, whole: bool, offers: Sequence[Offer]) -> JobRow:
    known = of(JobKind).get(job.kind)
    error = job.last_error if whole else job.last_error.partition(":")[0]
    return JobRow(job, msg(known.name) if known else job.kind, error, offers)


@require_POST
@only_for(Power.TEND_JOBS)
def retry(request: ActorRequest) -> HttpResponse:
    """Try one dead job again, or all of them."""
    dead = Job.objects.filter(state=Job.State.DEAD)
    chosen = dead if request.POST.get("all") else dead.filter(pk__in=_ids(request, "job"))
    done = 0
    for job in chosen.order_by("due_at")[:SHOWN]:
        try:
            retry_job(request.actor, job)
            done += 1
        except DoudiError as error:
            messages.warning(request, say(error))
    if done:
        messages.success(request, _("{n} 项任务马上重试。").format(n=done))
    else:
        messages.warning(request, _("没有可以重试的任务：可能别人刚处理过。"))
    return redirect("system")


@require_POST
@only_for(Power.TEND_JOBS)
def drop(request: ActorRequest) -> HttpResponse:
    """Lay a dead job aside for ever, with the reason; a refusal shows the page again with what was typed."""
    job = Job.objects.filter(pk__in=_ids(request, "row")).first()
    if job is None:
        raise Http404
    if job.state != Job.State.DEAD:
        # Its row has left the list, and its form with it.
        raise JobStateError("这项任务没有搁置，不能放弃。请刷新页面看最新情况。")
    outcome = take_action(request, DROP, JobContext(request.actor, None, job))
    return redirect("system") if outcome.offer is None else _show(request, "dead", outcome.offer, outcome.status)


def _ids(request: ActorRequest, field: str) -> list[UUID]:
    """The job named in the form, if it is an id at all."""
    try:
        return [UUID(request.POST.get(field, ""))]
    except ValueError:
        return []
