"""Signs to print and to put up: print runs, label sheets, the QR of a place, "it hangs", "it is void"."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from doudi.engine.people.vocabulary import Power
from doudi.engine.units.plaques import PLAQUE_LIFE, PlaqueStepError
from doudi.web import clock
from doudi.web.areas.models import Area
from doudi.web.areas.queries import areas, town_settings
from doudi.web.design.wording import say
from doudi.web.people.actor import Actor
from doudi.web.people.guard import ActorRequest, only_for
from doudi.web.units import queries, services
from doudi.web.units.errors import PlaqueError
from doudi.web.units.models import Plaque, Unit
from doudi.web.units.plaques import Label, label_sheets, qr_svg

MOST_PER_RUN, MOST_UNSEEN = 800, 200
_UNSEEN_DAYS = ("30", "90", "180", "365")


@require_http_methods(["GET", "HEAD", "POST"])
@only_for(Power.PRINT_PLAQUES)
def plaques(request: ActorRequest) -> HttpResponse:
    """All print runs; a POST mints a new one for the places of an area that have no sign."""
    actor = request.actor
    if request.method == "POST":
        area = request.POST.get("area", "")
        codes = areas().below([area]) if area else None
        bare = list(
            queries.without_plaque(actor.only(Power.PRINT_PLAQUES), codes).order_by("area", "name")[:MOST_PER_RUN]
        )
        if not bare:
            messages.warning(request, _("这个范围里的场所都已有码牌，不用再制。"))
            return redirect("plaques")
        batch = _next_batch()
        services.mint_plaques(bare, batch, by=actor)
        done = _("已制码 {n} 块，批次 {batch}。下载标签打印，贴好后由网格员在现场扫码登记，码牌才开始生效。")
        messages.success(request, done.format(n=len(bare), batch=batch))
        return redirect("plaques")
    kinds = (Area.Kind.VILLAGE, Area.Kind.NEIGHBOURHOOD)
    context = {
        "batches": queries.batches(),
        "life": PLAQUE_LIFE,
        "bare": queries.without_plaque(actor.only(Power.PRINT_PLAQUES)).count(),
        "villages": [(one.code, one.name) for one in areas().areas.values() if one.kind in kinds],
    }
    return render(request, "units/plaques.html", context)


def _next_batch() -> str:
    """The day and a running number, so that a roll of labels can be found again."""
    today = f"{clock.today():%Y%m%d}"
    taken = [
        int(found[1])
        for name in Plaque.objects.filter(batch__startswith=f"{today}-").values_list("batch", flat=True).distinct()
        if (found := re.fullmatch(rf"{today}-(\d+)", name))
    ]
    return f"{today}-{max(taken, default=0) + 1}"


@require_safe
@only_for(Power.PRINT_PLAQUES)
def batch_labels(request: ActorRequest, batch: str) -> HttpResponse:
    """The label sheets of a run."""
    found = list(queries.plaques_of_batch(request.actor, batch).exclude(state=Plaque.State.REVOKED))
    if not found:
        raise Http404
    return _pdf([_label(one.unit, one.sheet_no) for one in found], batch)


@require_POST
@only_for(Power.PRINT_PLAQUES)
def batch_printed(request: ActorRequest, batch: str) -> HttpResponse:
    done = services.mark_printed(request.actor, queries.plaques_of_batch(request.actor, batch))
    messages.success(request, _("批次 {batch} 的 {n} 块已记为打印。").format(batch=batch, n=done))
    return redirect("plaques")


@require_POST
@only_for(Power.REVOKE_PLAQUES)
def batch_void(request: ActorRequest, batch: str, answer: str = "") -> HttpResponse:
    """Ask to make a whole run void, agree to what another person asked, or drop it."""
    if not Plaque.objects.filter(batch=batch).exists():
        raise Http404
    try:
        if answer:
            done = services.answer_batch_void(request.actor, batch, agree=answer == "agree")
            told = (
                _("批次 {batch} 的 {n} 块码牌已作废。")
                if answer == "agree"
                else _("批次 {batch} 的整批作废申请已撤下。")
            )
            messages.success(request, told.format(batch=batch, n=done))
        else:
            services.ask_batch_void(request.actor, batch, request.POST.get("words", "")[:200])
            messages.success(
                request, _("已申请整批作废 {batch}：要另一位有权作废的同事在本页同意。").format(batch=batch)
            )
    except (PlaqueError, PlaqueStepError) as error:
        messages.error(request, say(error))
    return redirect("plaques")


@require_safe
@only_for(Power.PRINT_PLAQUES)
def unit_label(request: ActorRequest, code: str) -> HttpResponse:
    """One label, for a sign that was lost."""
    return _pdf([_label(_unit(request.actor.only(Power.PRINT_PLAQUES), code))], code)


@require_safe
def unit_qr(request: ActorRequest, code: str) -> HttpResponse:
    unit = _unit(request.actor, code)
    return HttpResponse(qr_svg(queries.scan_url(unit.code)), content_type="image/svg+xml")


@require_POST
def placed(request: ActorRequest, plaque_id: UUID) -> HttpResponse:
    """Somebody stands at the place and says that the sign hangs."""
    plaque = _plaque(request, plaque_id)
    longitude, latitude = (
        degrees(request.POST.get("longitude", ""), 180),
        degrees(request.POST.get("latitude", ""), 90),
    )
    services.place_plaque(request.actor, plaque, longitude=longitude, latitude=latitude)
    return redirect("place", code=plaque.unit_id)


@require_safe
@only_for(Power.PRINT_PLAQUES)
def plaques_unseen(request: ActorRequest) -> HttpResponse:
    """Places whose sign nobody of the town was seen at for long: it may be gone."""
    asked = request.GET.get("days", "")
    days = int(asked) if asked in _UNSEEN_DAYS else int(_UNSEEN_DAYS[1])
    rows = queries.not_seen_since(request.actor, Power.PRINT_PLAQUES, clock.today() - timedelta(days=days))
    context = {
        "rows": [(one, areas().path(one.area_id)) for one in rows.defer("facts", "external_codes")[:MOST_UNSEEN]],
        "whole": rows.count(),
        "days": days,
        "offered": [int(one) for one in _UNSEEN_DAYS],
    }
    return render(request, "units/unseen.html", context)


def _unit(actor: Actor, code: str) -> Unit:
    found = queries.unit_by_code(code)
    if found is None or not queries.visible_units(actor).filter(pk=found.pk).exists():
        raise Http404
    return found


def _plaque(request: ActorRequest, plaque_id: UUID) -> Plaque:
    found = Plaque.objects.select_related("unit").filter(pk=plaque_id).first()
    if found is None or not queries.visible_units(request.actor).filter(pk=found.unit_id).exists():
        raise Http404
    return found


def _label(unit: Unit, sheet_no: int = 0) -> Label:
    return Label(unit.code, queries.scan_url(unit.code), unit.name, unit.address, sheet_no)


def _pdf(labels: Iterable[Label], name: str) -> HttpResponse:
    town = town_settings()
    site = settings.SITE_URL.split("://", 1)[-1]
    content = label_sheets(list(labels), town=town.town_name, hotline=town.hotline, site=site, batch=name)
    return HttpResponse(
        content,
        content_type="application/pdf",
        headers={"Content-Disposition": f'attachment; filename="labels-{name}.pdf"'},
    )


def degrees(text: str, most: int) -> float | None:
    """A coordinate as a phone sends it; None for anything else."""
    try:
        value = float(text)
    except ValueError:
        return None
    return value if -most <= value <= most else None
