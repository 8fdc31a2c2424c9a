"""How the platform runs, for whoever looks after it: life signs, and the background work that waits, fails or was laid aside."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from doudi.engine.errors import DoudiError
from doudi.engine.words import Words
from doudi.web.design.wording import say
from doudi.web.health import figures, records
from doudi.web.jobs.models import Job
from doudi.web.people.actor import Actor
from doudi.web.timers.services import drop_job, retry_job
from doudi.web.timers.wording import KINDS

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
    kind: Words | str
    #: the class of the error; its words may quote a row of the database and are for whoever sees the desk's matters
    error: str


def for_tenders(page: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Only for whoever looks after background work; for all others these pages do not exist."""

    @login_required
    @wraps(page)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not _acting(request).may("tend_jobs"):
            raise Http404
        return page(request, *args, **kwargs)

    return guarded


def _acting(request: HttpRequest) -> Actor:
    return request.actor  # type: ignore[attr-defined, no-any-return]


@require_safe
@for_tenders
def system(request: HttpRequest) -> HttpResponse:
    tab = request.GET.get("tab", "dead")
    tab = tab if tab in TABS else "dead"
    links, last_link = figures.chain()
    whole = _acting(request).may("see_desk")
    facts = {
        "tab": tab, "jobs": [_row(job, whole) for job in _of(tab)[:SHOWN]], "shown": SHOWN,
        "tabs": [
            {"href": f"/system?tab={name}", "label": label, "here": name == tab, "count": _of(name).count() if name != "ended" else None}
            for name, label in TABS.items()
        ],
        "trouble": figures.trouble(), "timers_at": figures.timers_seen_at(), "links": links, "last_link": last_link,
        "backup_at": records.last(records.BACKUP), "drill_at": records.last(records.DRILL), "free": f"{figures.free_bytes() / 1e9:.1f} GB",
        "unacknowledged": figures.unacknowledged(), "silent": figures.silent_posts(),
    }  # fmt: skip
    return render(request, "health/system.html", facts)


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


def _row(job: Job, whole: bool) -> JobRow:
    return JobRow(job, KINDS.get(job.kind, job.kind), job.last_error if whole else job.last_error.partition(":")[0])


@require_POST
@for_tenders
def retry(request: HttpRequest) -> HttpResponse:
    """Try one dead job anew, or all of them."""
    dead = Job.objects.filter(state=Job.State.DEAD)
    chosen = dead if request.POST.get("all") else dead.filter(pk__in=_ids(request))
    done = 0
    for job in chosen.order_by("due_at")[:SHOWN]:
        try:
            retry_job(_acting(request), job)
            done += 1
        except DoudiError as error:
            messages.warning(request, say(error))
    if done:
        messages.success(request, _("{n} 项任务马上重试。").format(n=done))
    else:
        messages.warning(request, _("没有可以重试的任务：可能别人刚处理过。"))
    return redirect("/system")


@require_POST
@for_tenders
def drop(request: HttpRequest) -> HttpResponse:
    """Lay a dead job aside for ever, with the reason."""
    job = Job.objects.filter(pk__in=_ids(request)).first()
    if job is None:
        raise Http404
    try:
        drop_job(_acting(request), job, request.POST.get("words", ""))
    except DoudiError as error:
        messages.error(request, say(error))
    else:
        messages.success(request, _("这项任务不再执行，理由已留痕。"))
    return redirect("/system")


def _ids(request: HttpRequest) -> list[UUID]:
    """The job named in the form, if it is an id at all."""
    try:
        return [UUID(request.POST.get("job", ""))]
    except ValueError:
        return []
