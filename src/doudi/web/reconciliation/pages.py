"""Pages of comparisons: bring a list, say once what it means, read what differs and what to do about it."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from doudi.engine.errors import DoudiError
from doudi.engine.people.vocabulary import Power
from doudi.engine.upstream.life import STATE_LABELS
from doudi.engine.upstream.systems import quarter_of
from doudi.engine.upstream.vocabulary import DifferenceKind, OrderState
from doudi.web import clock
from doudi.web.files.queries import opened_sheet
from doudi.web.files.services import forget, keep_sheet
from doudi.web.matters.queries import visible_reports
from doudi.web.people.actor import Actor
from doudi.web.people.guard import ActorRequest, only_for, refusal
from doudi.web.reconciliation import lists, services
from doudi.web.reconciliation.forms import ListForm, MeaningForm
from doudi.web.reconciliation.models import Difference, Reconciliation
from doudi.web.reconciliation.queries import differences, runs
from doudi.web.reconciliation.wording import NEXT_STEPS
from doudi.web.reports.models import Report

PAST, SHOWN = 50, 100


@require_http_methods(["GET", "HEAD", "POST"])
@only_for(Power.IMPORT)
def reconciliations(request: ActorRequest) -> HttpResponseBase:
    """Past comparisons, and the form that begins one."""
    _require_whole(request.actor)
    if request.method != "POST":
        first = quarter_of(clock.today())[0]
        return _list(request, ListForm(initial={"since": first, "until": clock.today()}))
    form = ListForm(request.POST, request.FILES)
    if not form.is_valid():
        return _list(request, form, status=400)
    try:
        return _compare(request, form)
    except DoudiError as error:
        return _list(request, form, trouble=error, status=max(400, refusal(error)))


def _compare(request: ActorRequest, form: ListForm) -> HttpResponseBase:
    said: dict[str, Any] = form.cleaned_data
    file: UploadedFile[bytes] = said["file"]
    upload = keep_sheet(file)
    try:
        with opened_sheet(upload) as path:
            chosen = {what: request.POST.get(f"column-{what}", "") for what in lists.NAMES}
            seen = lists.see(said["system"], path, {what: header for what, header in chosen.items() if header})
            asked = "column-number" in request.POST
            if not asked and seen.is_clear:
                return redirect(_run(request.actor, path, said, upload.original_name, seen.columns))
            # A word that was not asked for yet, since another column tells the state, makes the form incomplete.
            meaning = MeaningForm(request.POST if asked else None, seen=seen)
            if not (asked and meaning.is_valid()):
                return _list(request, form, meaning=meaning, seen=seen, status=400)
            services.explain(request.actor, said["system"], seen.headers, meaning.columns, meaning.stages)
            return redirect(_run(request.actor, path, said, upload.original_name, meaning.columns))
    finally:
        forget([upload])


def _run(actor: Actor, path: Any, said: dict[str, Any], name: str, columns: Any) -> Reconciliation:
    since, until = said["since"], said["until"]
    assert isinstance(since, date) and isinstance(until, date)
    return services.reconcile(
        actor, path, system=said["system"], file_name=name, since=since, until=until, columns=columns
    )


def _list(
    request: ActorRequest,
    form: ListForm,
    *,
    meaning: MeaningForm | None = None,
    seen: lists.Seen | None = None,
    trouble: DoudiError | None = None,
    status: int = 200,
) -> HttpResponse:
    systems = Report.objects.exclude(system="").order_by("system").values_list("system", flat=True).distinct()
    facts = {
        "form": form,
        "meaning": meaning,
        "seen": seen,
        "trouble": trouble,
        "runs": runs()[:PAST],
        "systems": systems[:50],
    }
    return render(request, "reconciliation/list.html", facts, status=status)


@require_safe
@only_for(Power.IMPORT)
def reconciliation(request: ActorRequest, run_id: UUID) -> HttpResponseBase:
    """What one comparison found, a kind at a time or all, each with what to do about it."""
    _require_whole(request.actor)
    run = get_object_or_404(runs(), pk=run_id)
    kind = request.GET.get("kind", "")
    kind = kind if kind in set(DifferenceKind) else ""
    at = request.GET.get("from", "0")
    first = int(at[:6]) if at.isascii() and at.isdecimal() else 0
    chosen = differences(run, kind)
    shown = list(chosen[first : first + SHOWN])
    total = run.counts.get(kind, 0) if kind else run.differences_found
    facts = {
        "run": run,
        "rows": _told(request.actor, shown),
        "kind": kind,
        "kinds": [
            (str(one), Difference.KIND_LABELS[one], n) for one in DifferenceKind if (n := run.counts.get(one, 0))
        ],
        "first": first + 1,
        "last": first + len(shown),
        "total": total,
        "after": first + SHOWN if first + SHOWN < total else None,
        "before": max(0, first - SHOWN) if first else None,
    }
    return render(request, "reconciliation/one.html", facts)


def _require_whole(actor: Actor) -> None:
    """Who sees a part of our orders would read that the others are missing: for them there is no comparison."""
    if actor.scope(Power.IMPORT) is not None:
        raise Http404


def _told(actor: Actor, rows: list[Difference]) -> list[dict[str, object]]:
    """The differences in words. Of an order that only a small circle may know, others read that there is one."""
    ids = {row.report for row in rows if row.report}
    numbers = dict(visible_reports(actor).filter(pk__in=ids).values_list("pk", "number"))
    told = []
    for row in rows:
        number = numbers.get(row.report) if row.report else None
        hidden = row.report is not None and number is None
        step, page = NEXT_STEPS[DifferenceKind(row.kind)]
        order = reverse("order", args=[number]) if number else ""
        told.append(
            {
                "row": row,
                "hidden": hidden,
                "state": STATE_LABELS[OrderState(row.stood)] if row.stood and not hidden else "",
                "step": step,
                "href": "" if hidden else reverse(page) if page else order,
                "order": order,
            }
        )
    return told
