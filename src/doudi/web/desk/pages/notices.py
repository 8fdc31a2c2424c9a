"""Notices to the posts that somebody holds, and the acknowledgement that urgent ones ask for."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from doudi.web.desk.pages.acting import acting, for_staff, show
from doudi.web.desk.paging import BY_ID, page_of
from doudi.web.notices.queries import notices_of, unread
from doudi.web.notices.services import acknowledge


@require_safe
@for_staff
def notices(request: HttpRequest) -> HttpResponseBase:
    actor = acting(request)
    rows = notices_of(actor)
    everything = request.GET.get("tab") == "all"
    waiting = unread(actor)
    page = page_of(rows if everything else rows.filter(read_at__isnull=True), BY_ID, request.GET)
    tabs = [
        {"href": "/notices", "label": _("未读"), "here": not everything, "count": waiting},
        {"href": "/notices?tab=all", "label": _("全部"), "here": everything, "count": None},
    ]
    said = [(one, {"template": one.template, "facts": one.facts}) for one in page.rows]
    return show(request, "desk/notices.html", {"page": page, "notices": said, "tabs": tabs, "waiting": waiting})


@require_POST
@for_staff
def notices_read(request: HttpRequest) -> HttpResponseBase:
    """Acknowledge the notices named, or all. With ``go`` the reader goes on to what the notice is about."""
    actor = acting(request)
    ids = request.POST.getlist("notice")
    if request.POST.get("all"):
        ids = [str(one) for one in notices_of(actor).filter(read_at__isnull=True, urgent=False).values_list("pk", flat=True)]
    chosen = notices_of(actor).filter(pk__in=[one for one in ids if _is_id(one)])
    path = chosen.values_list("path", flat=True).first() if request.POST.get("go") else None
    done = acknowledge(actor, [one.pk for one in chosen])
    if path:
        return redirect(path)
    messages.success(request, _("已确认 {n} 条通知。").format(n=done))
    return redirect("/notices")


def _is_id(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True
