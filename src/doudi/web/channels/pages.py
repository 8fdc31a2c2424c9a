"""Channels for those who run the town, ways for everybody, and the link in a message."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from doudi.engine.channels.vocabulary import PERSONAL, ChannelKind
from doudi.engine.errors import DoudiError
from doudi.engine.people.vocabulary import Power
from doudi.web.channels import queries, services
from doudi.web.channels.errors import SendError
from doudi.web.channels.forms import ChannelForm, GroupWayForm, OwnWayForm
from doudi.web.channels.models import Channel, Way
from doudi.web.channels.wording import matter_of, outside
from doudi.web.design.wording import say
from doudi.web.people.guard import ActorRequest, only_for, public, refusal

_MOST = 50


@never_cache
@require_safe
@only_for(Power.TEND_JOBS)
def channels(request: ActorRequest) -> HttpResponse:
    facts = {"rows": list(queries.channels()), "kinds": Channel.KIND_LABELS.items()}
    return render(request, "channels/channels.html", facts)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@only_for(Power.TEND_JOBS)
def channel_new(request: ActorRequest, kind: str) -> HttpResponseBase:
    if kind not in list(ChannelKind):
        raise Http404
    form = ChannelForm(kind, request.POST if request.method == "POST" else None)
    return _saved(request, form, None) or _form(request, form, None)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@only_for(Power.TEND_JOBS)
def channel(request: ActorRequest, channel_id: UUID) -> HttpResponseBase:
    row = get_object_or_404(Channel, pk=channel_id)
    form = ChannelForm(row.kind, request.POST if request.method == "POST" else None, row)
    return _saved(request, form, row) or _form(request, form, row)


@require_POST
@only_for(Power.TEND_JOBS)
def channel_switch(request: ActorRequest, channel_id: UUID) -> HttpResponseBase:
    row = get_object_or_404(Channel, pk=channel_id)
    services.switch(request.actor, row, not row.is_on)
    messages.success(request, _("已停用，没有发出的等重新启用。") if row.is_on else _("已启用。"))
    return redirect(row)


@require_POST
@only_for(Power.TEND_JOBS)
def channel_try(request: ActorRequest, channel_id: UUID) -> HttpResponseBase:
    row = get_object_or_404(Channel, pk=channel_id)
    to = request.POST.get("to", "").strip()
    if row.kind in PERSONAL and not to:
        messages.error(request, _("请写测试消息送到哪里。"))
        return redirect(row)
    try:
        services.try_out(request.actor, row, to)
    except SendError as error:
        messages.error(request, _("没有送出：{why}").format(why=say(error)))
    else:
        messages.success(request, _("对方已收下，请看是否到了。"))
    return redirect(row)


@require_POST
@only_for(Power.TEND_JOBS)
def channel_again(request: ActorRequest, channel_id: UUID) -> HttpResponseBase:
    row = get_object_or_404(Channel, pk=channel_id)
    done = services.try_again(request.actor, row)
    messages.success(request, _("{n} 条会再发一次。").format(n=done))
    return redirect(row)


@require_POST
@only_for(Power.TEND_JOBS)
def group_add(request: ActorRequest, channel_id: UUID) -> HttpResponseBase:
    row = get_object_or_404(Channel, pk=channel_id)
    form = GroupWayForm(request.POST)
    if form.is_valid():
        try:
            services.add_way(request.actor, row, post=form.cleaned_data["post"], what=form.cleaned_data["what"])
        except DoudiError as error:
            form.add_error(None, say(error))
        else:
            messages.success(request, _("这个岗位的紧急通知以后也送到群里。"))
            return redirect(row)
    return _form(request, ChannelForm(row.kind, None, row), row, group=form, status=409)


@require_POST
def way_end(request: ActorRequest, way_id: UUID) -> HttpResponseBase:
    """One's own, or any by whoever runs the town."""
    way = Way.objects.select_related("channel", "person").filter(pk=way_id).first()
    mine = way is not None and way.person is not None and way.person == request.actor.person
    if way is None or not (mine or request.actor.may(Power.TEND_JOBS)):
        raise Http404
    services.end_way(request.actor, way)
    messages.success(request, _("以后不再送到这里。"))
    return redirect("own_ways" if mine else way.channel)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def own_ways(request: ActorRequest) -> HttpResponseBase:
    """Where this person is told outside the pages."""
    person = request.actor.person
    if person is None:
        raise Http404
    form, status = OwnWayForm(request.POST if request.method == "POST" else None), 200
    if request.method == "POST":
        status = 400
        if form.is_valid():
            said = form.cleaned_data
            quiet = (said["quiet_since"], said["quiet_until"]) if said["quiet_since"] is not None else None
            try:
                services.add_way(
                    request.actor, said["channel"], person=person, to=said["to"], what=said["what"], quiet=quiet
                )
            except DoudiError as error:
                form.add_error(None, say(error))
                status = refusal(error)
            else:
                messages.success(request, _("以后也送到这里。"))
                return redirect("own_ways")
    facts = {
        "form": form,
        "rows": list(queries.own_ways(person)),
        "available": queries.personal_channels().exists(),
    }
    return render(request, "channels/own.html", facts, status=status)


@public
@csrf_exempt  # the token in the address is the permission, and nobody else has it
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def acknowledge(request: ActorRequest, token: str) -> HttpResponse:
    """What the message said, and the button that says that it came. Works once, for the one person it was sent to."""
    delivery = queries.delivery_of(token)
    if delivery is None or delivery.notice is None or delivery.way.person is None:
        raise Http404(_("这个链接已经过期，请登录查看"))
    done = services.acknowledge(token) if request.method == "POST" else delivery.acknowledged_at is not None
    with override(delivery.way.person.language):
        told = outside(delivery.notice, matter_of([delivery.notice]).get(delivery.notice.path))
        facts = {"told": told, "token": token, "done": done or delivery.acknowledged_at is not None}
        return render(request, "channels/acknowledge.html", facts)


def _saved(request: ActorRequest, form: ChannelForm, row: Channel | None) -> HttpResponseBase | None:
    if request.method != "POST" or not form.is_valid():
        return None
    try:
        saved = services.save_channel(request.actor, form.new(), row)
    except DoudiError as error:
        form.add_error(None, say(error))
        return None
    messages.success(request, _("已保存。请发一条测试消息。"))
    return redirect(saved)


def _form(
    request: ActorRequest,
    form: ChannelForm,
    row: Channel | None,
    *,
    group: GroupWayForm | None = None,
    status: int = 0,
) -> HttpResponse:
    personal = form.kind in PERSONAL
    facts = {
        "form": form,
        "channel": row,
        "kind": Channel.KIND_LABELS[ChannelKind(form.kind)],
        "personal": personal,
        "ways": list(queries.ways_of(row)) if row else [],
        "latest": list(queries.latest_on(row)[:_MOST]) if row else [],
        "failed": queries.failed_on(row).count() if row else 0,
        "group": group or (None if personal else GroupWayForm()),
    }
    return render(request, "channels/channel.html", facts, status=status or (400 if form.is_bound else 200))
