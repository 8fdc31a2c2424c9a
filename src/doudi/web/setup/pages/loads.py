"""Sheets as the offices have them: bring one, see what it would do, answer what it leaves open, write it, take it back."""

from __future__ import annotations

from collections import Counter
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from doudi.engine.errors import DoudiError
from doudi.engine.people.vocabulary import Power
from doudi.web.design.wording import say
from doudi.web.people.guard import ActorRequest, only_for
from doudi.web.setup import services
from doudi.web.setup.forms import SheetForm
from doudi.web.setup.models import Load, LoadRow
from doudi.web.setup.sheets import SORTS
from doudi.web.setup.sheets.planned import Planned
from doudi.web.setup.wording import TABLES

_LOADS_SHOWN, _FIRST, _FAULTS_SHOWN, _ROWS_SHOWN = 20, 10, 20, 200


@require_http_methods(["GET", "HEAD", "POST"])
@only_for(Power.MANAGE_AREAS)
def sheets(request: ActorRequest) -> HttpResponse:
    """The sheets that were brought, and the form that brings one."""
    form, status = (
        SheetForm(request.POST or None, request.FILES or None, initial={"sort": request.GET.get("sort")}),
        200,
    )
    if request.method == "POST":
        status = 400
        if form.is_valid():
            try:
                load = services.begin(request.actor, form.cleaned_data["sort"], form.cleaned_data["file"])
                return redirect("setup_load", load.pk)
            except DoudiError as error:
                form.add_error("file", say(error))
    loads = [(one, SORTS[one.sort].label) for one in Load.objects.select_related("made_by")[:_LOADS_SHOWN]]
    facts = {"form": form, "loads": loads, "sorts": SORTS.values()}
    return render(request, "setup/sheets.html", facts, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@only_for(Power.MANAGE_AREAS)
def load(request: ActorRequest, load_id: UUID) -> HttpResponse:
    """What would become of the sheet, or what became of it; a POST answers what it leaves open."""
    found = get_object_or_404(Load.objects.select_related("made_by", "upload"), pk=load_id)
    if request.method == "POST":
        keys, values = request.POST.getlist("key"), request.POST.getlist("value")
        services.answer(request.actor, found, dict(zip(keys, values, strict=False)))
        return redirect("setup_load", found.pk)
    return _show(request, found)


def _show(request: ActorRequest, found: Load, refused: str = "", status: int = 200) -> HttpResponse:
    facts: dict[str, Any] = {"load": found, "label": SORTS[found.sort].label, "refused": refused}
    facts["stuck"] = services.is_stuck(found)
    if found.state == Load.State.SEEN:
        facts |= _preview(found)
    else:
        rows = LoadRow.objects.filter(load=found)
        facts |= {
            "counts": _counted(Counter(rows.values_list("table", flat=True))),
            "kept": list(rows.exclude(kept=None)[:_ROWS_SHOWN]),
            "rows": [(one, TABLES[one.table]) for one in rows[:_FIRST]],
        }
    return render(request, "setup/load.html", facts, status=status)


def _preview(found: Load) -> dict[str, Any]:
    try:
        plan = services.planned(found)
    except DoudiError as error:
        return {"plan": Planned(), "broken": say(error), "ready": False}
    return {
        "plan": plan,
        "ready": plan.is_ready,
        "mark": services.mark_of(plan),
        "counts": _counted(Counter(one.table for one in plan.changes)),
        "first": [(one, TABLES[one.table]) for one in plan.changes[:_FIRST]],
        "faults": plan.faults[:_FAULTS_SHOWN],
        "more_faults": max(0, len(plan.faults) - _FAULTS_SHOWN),
    }


def _counted(found: Counter[str]) -> list[tuple[object, int]]:
    return [(TABLES[table], found[table]) for table in TABLES if found[table]]


@require_POST
@only_for(Power.MANAGE_AREAS)
def write(request: ActorRequest, load_id: UUID) -> HttpResponse:
    """Write all of it."""
    found = get_object_or_404(Load.objects.select_related("upload"), pk=load_id)
    try:
        services.write(request.actor, found, request.POST.get("mark", ""))
    except DoudiError as error:
        found.refresh_from_db()
        return _show(request, found, say(error), 409)
    found.refresh_from_db()
    if found.state == Load.State.RUNNING:
        messages.success(request, _("行数较多，正在后台写入；这一页刷新就能看到。"))
    else:
        messages.success(request, _("已全部写入。写错了可以整张撤回。"))
    return redirect("setup_load", found.pk)


@require_POST
@only_for(Power.MANAGE_AREAS)
def back(request: ActorRequest, load_id: UUID) -> HttpResponse:
    """Take a load back that was written, or lay one aside that was not."""
    found = get_object_or_404(Load, pk=load_id)
    if found.state == Load.State.SEEN or services.is_stuck(found):
        services.lay_aside(request.actor, found)
        messages.success(request, _("已放弃，什么也没有写入，文件已删除。"))
        return redirect(reverse("setup_sheets"))
    kept = services.take_back(request.actor, found)
    if kept:
        messages.warning(request, _("已撤回；有 {n} 行没有撤，原因在下面。").format(n=kept))
    else:
        messages.success(request, _("已全部撤回。"))
    return redirect("setup_load", found.pk)
