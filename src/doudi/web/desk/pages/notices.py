"""Notices to the posts that somebody holds: the urgent ask each to be acknowledged, the rest comes as one digest a day."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from doudi.web.desk.paging import BY_ID, page_of
from doudi.web.notices.models import Digest, Notice
from doudi.web.notices.queries import digests_of, notices_of, threads_of, unread
from doudi.web.notices.services import acknowledge
from doudi.web.people.guard import ActorRequest

#: as many threads of a digest stand open on the page; the rest is folded
SHOWN = 10


@require_safe
def notices(request: ActorRequest) -> HttpResponseBase:
    actor, tab = request.actor, request.GET.get("tab", "")
    waiting = tab not in ("urgent", "daily")
    urgent, digests = notices_of(actor).filter(urgent=True), digests_of(actor, waiting=waiting)
    # Unread: both; what does not fit is found under its own tab.
    page = page_of(
        digests if tab == "daily" else urgent.filter(read_at=None) if waiting else urgent, BY_ID, request.GET
    )
    single = [] if tab == "daily" else page.rows
    daily = page.rows if tab == "daily" else digests.order_by("-day", "post")[:10] if waiting else []
    count = unread(actor)
    tabs = [
        {"href": reverse("notices"), "label": _("未读"), "here": waiting, "count": count},
        {"href": f"{reverse('notices')}?tab=urgent", "label": _("紧急"), "here": tab == "urgent", "count": None},
        {"href": f"{reverse('notices')}?tab=daily", "label": _("每日汇总"), "here": tab == "daily", "count": None},
    ]
    facts = {
        "page": page,
        "urgent": [(one, _said(one)) for one in single],
        "digests": [_day(one, threads_of(one, waiting=waiting)) for one in daily],
        "tabs": tabs,
        "waiting": count,
    }
    return render(request, "desk/notices.html", facts)


@dataclass(frozen=True, slots=True)
class Thread:
    """What a post was told of one thing on one day; its newest notice speaks for it."""

    newest: Notice
    sentence: dict[str, object]
    earlier: list[tuple[Notice, dict[str, object]]]
    waiting: list[UUID]


@dataclass(frozen=True, slots=True)
class Day:
    digest: Digest
    shown: list[Thread]
    folded: list[Thread]
    notices: int
    waiting: bool


def _day(digest: Digest, threads: Iterable[list[Notice]]) -> Day:
    made = [
        Thread(
            rows[0],
            _said(rows[0]),
            [(one, _said(one)) for one in rows[1:]],
            [one.pk for one in rows if one.read_at is None],
        )
        for rows in threads
    ]
    told = sum(1 + len(one.earlier) for one in made)
    return Day(digest, made[:SHOWN], made[SHOWN:], told, any(one.waiting for one in made))


def _said(notice: Notice) -> dict[str, object]:
    return {"template": notice.template, "facts": notice.facts}


@require_POST
def notices_read(request: ActorRequest) -> HttpResponseBase:
    """Acknowledge the notices named, those of the ``digest`` named, or all. With ``go`` the reader goes on to what it is about."""
    actor = request.actor
    mine = notices_of(actor).filter(read_at=None)
    if request.POST.get("all"):
        chosen = mine.filter(urgent=False)
    elif digest := _ids(request, "digest"):
        chosen = mine.filter(digest__in=digest)
    else:
        chosen = notices_of(actor).filter(pk__in=_ids(request, "notice"))
    rows = list(chosen.values_list("pk", "path"))
    done = acknowledge(actor, [pk for pk, _path in rows])
    if request.POST.get("go") and rows and rows[0][1]:
        return redirect(rows[0][1])
    messages.success(request, _("已确认 {n} 条通知。").format(n=done))
    return redirect("notices")


def _ids(request: ActorRequest, name: str) -> list[UUID]:
    """The ids posted under the name; what is none is passed over."""
    ids = []
    for text in request.POST.getlist(name):
        with suppress(ValueError):
            ids.append(UUID(text))
    return ids
