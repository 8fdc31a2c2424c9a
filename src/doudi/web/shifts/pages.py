"""Handing over and signing, packs and their slips, the morning sheet."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from doudi.engine.errors import DoudiError
from doudi.engine.people.vocabulary import Power
from doudi.engine.shifts.vocabulary import HandoverState
from doudi.web import clock
from doudi.web.backstop.queries import kind_name, where
from doudi.web.design.wording import say
from doudi.web.matters.models import Matter
from doudi.web.matters.reading import told
from doudi.web.people.actor import Actor
from doudi.web.people.guard import ActorRequest, only_for, refusal
from doudi.web.reports.models import Report
from doudi.web.shifts import queries, services
from doudi.web.shifts.forms import BeginForm, DayForm, SignForm
from doudi.web.shifts.models import Handover, Pack
from doudi.web.shifts.packing import printed_pack

_MOST = 50


@never_cache
@require_safe
@only_for(Power.DISPATCH)
def handovers(request: ActorRequest) -> HttpResponse:
    """The handover that waits, what nobody signed for, those that are over, and the packs."""
    actor = request.actor
    facts = {
        "waiting": queries.open_handover(actor),
        "left": queries.left_items(actor),
        "rows": list(queries.handovers_for(actor).exclude(state=HandoverState.OPEN)[:_MOST]),
        "packs": list(queries.packs_with_missing(actor)[:_MOST]),
    }
    return render(request, "shifts/handovers.html", facts)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@only_for(Power.DISPATCH)
def handover_new(request: ActorRequest) -> HttpResponseBase:
    """What is proposed for the next shift; sent, it waits for who comes."""
    if waiting := queries.open_handover(request.actor):
        messages.info(request, _("这个岗位的交接正等着签收。"))
        return redirect(waiting)
    matters = queries.proposed(request.actor)
    form, status = BeginForm(matters, request.POST if request.method == "POST" else None), 200
    if request.method == "POST":
        status = 400
        if form.is_valid():
            try:
                begun = services.begin(request.actor, form.items(), form.cleaned_data["minutes"])
            except DoudiError as error:
                form.add_error(None, say(error))
                status = refusal(error)
            else:
                messages.success(request, _("已列出，等接班的人签收。"))
                return redirect(begun)
    rows = [
        (row, form[f"give-{row.number}"], form[f"say-{row.number}"], kind, place, words)
        for row, kind, place, words in _lines(matters)
    ]
    return render(request, "shifts/new.html", {"form": form, "rows": rows, "most": queries.PROPOSED}, status=status)


@never_cache
@require_safe
@only_for(Power.DISPATCH)
def handover(request: ActorRequest, handover_id: UUID) -> HttpResponse:
    return _show(request, _handover(request.actor, handover_id))


@require_POST
@only_for(Power.DISPATCH)
def handover_sign(request: ActorRequest, handover_id: UUID) -> HttpResponseBase:
    row = _handover(request.actor, handover_id)
    form = SignForm(list(row.items.all()), request.POST)
    if not form.is_valid():
        return _show(request, row, form, status=400)
    try:
        done = services.settle(request.actor, row, form.signed(), form.why())
    except DoudiError as error:
        form.add_error(None, say(error))
        return _show(request, row, form, status=refusal(error))
    said = _("已签收 {n} 件。").format(n=done.signed)
    left = _("{n} 件没有签收，已告知带班领导，先由他负责。").format(n=done.left) if done.left else ""
    messages.success(request, said + left)
    return redirect(row)


@require_POST
@only_for(Power.DISPATCH)
def handover_cancel(request: ActorRequest, handover_id: UUID) -> HttpResponseBase:
    row = _handover(request.actor, handover_id)
    services.cancel(request.actor, row)
    messages.success(request, _("这次交接已取消，可以重新列。"))
    return redirect("handovers")


@require_POST
@only_for(Power.DISPATCH)
def handover_take(request: ActorRequest, handover_id: UUID, position: int) -> HttpResponseBase:
    row = _handover(request.actor, handover_id)
    services.take_left(request.actor, get_object_or_404(row.items, position=position))
    messages.success(request, _("已接手。"))
    return redirect(row)


@require_POST
@only_for(Power.DISPATCH)
def pack_new(request: ActorRequest) -> HttpResponseBase:
    made = services.make_pack(request.actor)
    messages.success(request, _("已预留 {n} 张登记单的编号。请下载打印，或存进优盘。").format(n=made.slips.count()))
    return redirect(made)


@never_cache
@require_safe
@only_for(Power.DISPATCH)
def pack(request: ActorRequest, pack_id: UUID) -> HttpResponse:
    """The slips of a pack: which were typed in, which are void, which are missing."""
    row = _pack(request.actor, pack_id)
    slips = list(row.slips.select_related("report", "void_by", "why"))
    return render(
        request, "shifts/pack.html", {"pack": row, "slips": slips, "missing": sum(one.is_missing for one in slips)}
    )


@require_POST
@only_for(Power.DISPATCH)
def pack_void(request: ActorRequest, pack_id: UUID) -> HttpResponseBase:
    row = _pack(request.actor, pack_id)
    done = services.void(request.actor, row, request.POST.getlist("slip"), request.POST.get("why", ""))
    messages.success(request, _("{n} 张登记单已作废。").format(n=done))
    return redirect(row)


@never_cache
@require_safe
@only_for(Power.DISPATCH)
def pack_file(request: ActorRequest, pack_id: UUID) -> HttpResponse:
    row = _pack(request.actor, pack_id)
    name = f"{clock.day_of(row.made_at):%Y%m%d}"
    return HttpResponse(
        printed_pack(request.actor, row),
        content_type="application/pdf",
        headers={"Content-Disposition": f'attachment; filename="emergency-pack-{name}.pdf"'},
    )


@never_cache
@require_safe
@only_for(Power.SEE_DESK)
def morning_sheet(request: ActorRequest) -> HttpResponse:
    """What a morning meeting goes through, to be printed."""
    form = DayForm(request.GET)
    day = (form.cleaned_data.get("day") if form.is_valid() else None) or clock.today()
    sheet = queries.morning(request.actor, min(day, clock.today()))
    channels = dict(Report.Channel.choices)
    facts = {
        "sheet": sheet,
        "is_today": sheet.day == clock.today(),
        "received": [(channels.get(channel, channel), n) for channel, n in sheet.received],
        "received_count": sum(n for _channel, n in sheet.received),
        "lists": [
            (_("涉及安全、还没有办完"), len(sheet.danger), _lines(sheet.danger)),
            (_("已经超期"), sheet.late_count, _lines(sheet.late)),
            (_("今天到期"), sheet.due_count, _lines(sheet.due)),
        ],
    }
    return render(request, "shifts/morning.html", facts)


def _show(request: ActorRequest, row: Handover, form: SignForm | None = None, status: int = 200) -> HttpResponse:
    items = queries.items_of(request.actor, row)
    is_open = row.state == HandoverState.OPEN
    form = form or SignForm([one.item for one in items])
    said = {line[0].pk: line[1:] for line in _lines([one.matter for one in items if one.matter and one.readable])}
    lines = [
        (
            one,
            said.get(one.item.matter_id) if one.item.matter_id else None,
            form[f"sign-{one.item.position}"],
            form[f"why-{one.item.position}"],
        )
        for one in items
    ]
    mine = row.by_person == request.actor.person
    facts = {
        "handover": row,
        "lines": lines,
        "form": form,
        "is_open": is_open,
        "may_sign": is_open and not mine,
        "is_mine": mine,
    }
    return render(request, "shifts/handover.html", facts, status=status)


def _lines(matters: Sequence[Matter]) -> list[tuple[Matter, str, str, str]]:
    """Each with the name of its kind, its place, and its words as everybody may read them."""
    said = told(matters)
    return [(one, kind_name(one), where(one), said[one.pk].words) for one in matters]


def _handover(actor: Actor, pk: UUID) -> Handover:
    found = queries.handovers_for(actor).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def _pack(actor: Actor, pk: UUID) -> Pack:
    found = queries.packs_for(actor).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found
