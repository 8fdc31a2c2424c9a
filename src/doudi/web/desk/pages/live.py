"""What an open list asks every fifteen seconds: what is new in it, and its counts as they are now."""

from __future__ import annotations

from collections.abc import Hashable
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpResponse, HttpResponseBase, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from doudi.engine.people.vocabulary import Power
from doudi.web import clock
from doudi.web.areas.queries import AreaDirectory, areas
from doudi.web.desk.forms import FilterForm
from doudi.web.desk.queries import lists
from doudi.web.desk.queries.arranging import MATTERS, arranged
from doudi.web.desk.queries.counting import counted, shown
from doudi.web.desk.queries.live import Arrivals, arrivals
from doudi.web.journal import queries as journal
from doudi.web.matters.handover import to_take_over
from doudi.web.matters.models import Matter
from doudi.web.matters.queries import supported_by
from doudi.web.notices.queries import unread
from doudi.web.people.actor import Actor
from doudi.web.people.guard import ActorRequest, only_for
from doudi.web.rulebook.queries import rulebook_on

#: how often an open page asks
EVERY = timedelta(seconds=15)


def _since(request: ActorRequest) -> int | None:
    """Up to which leaf the page knows; None where it says nothing that can be one."""
    said = request.GET.get("since", "")
    return int(said) if said.isascii() and said.isdecimal() and len(said) < 19 else None


def _announced(found: Arrivals) -> str:
    if found.many:
        return _("这一页停留了很久，清单有很多变化，点此刷新")
    if found.new and found.changed:
        return _("有 {new} 件新的，{changed} 件有变化，点此显示").format(new=found.new, changed=found.changed)
    if found.new:
        return _("有 {new} 件新的，点此显示").format(new=found.new)
    return _("有 {changed} 件有变化，点此显示").format(changed=found.changed) if found.changed else ""


def _answer(request: ActorRequest, found: Arrivals, upto: int, tabs: dict[str, int]) -> HttpResponseBase:
    facts = {
        "upto": upto,
        "words": _announced(found),
        "waiting": found.new + found.changed,
        "danger": found.danger,
        "tabs": {name: str(shown(count)) for name, count in tabs.items()},
        "unread": unread(request.actor),
    }
    answer = JsonResponse(facts, json_dumps_params={"ensure_ascii": False})
    answer["Cache-Control"] = "no-store"
    return answer


@require_safe
@only_for(Power.SEE_DESK)
def desk_live(request: ActorRequest) -> HttpResponseBase:
    """News of one tab under the filters of the address. 204: nothing has happened anywhere since.

    A search is announced by its tab's count alone, since what it finds follows the index.
    """
    since, (upto, last) = _since(request), journal.head()
    if since == upto and "whole" not in request.GET:
        return HttpResponse(status=204)
    actor, places, now = request.actor, areas(), clock.now()
    asked = FilterForm(request.GET, rulebook_on(), places.version).asked
    tab = lists.asked_tab(request.GET.get("tab", ""))
    rows = lists.narrowed(actor, asked, rulebook_on(), places)
    tabs = {} if asked.get("q") else _counts(actor, asked, rows, last, places)
    if since is None or asked.get("q"):
        return _answer(request, Arrivals(), upto, tabs)
    here = rows.filter(lists.tab_of(tab, now))
    return _answer(request, arrivals(here, actor, since, upto), upto, tabs)


#: for whom, under which filters and views -> the journal's last hash and the moment at which they were counted, and the counts
_counted: dict[Hashable, tuple[str, datetime, dict[str, int]]] = {}
_MOST_KEPT = 1000


def _counts(
    actor: Actor, asked: dict[str, Any], rows: QuerySet[Matter], last: str, places: AreaDirectory
) -> dict[str, int]:
    """The counts of tabs and views. Where nothing has happened since, anyone who sits on the same posts and looks through the
    same filters reads them as they were a moment ago: many desks stand open on one list.
    """
    arranging, now = arranged(actor, MATTERS, "", rulebook_on(), places), clock.now()
    views = tuple(one.pk for one in arranging.found.named)
    key = (actor.posts, places.version, clock.day_of(now), tuple(sorted(asked.items())), views)
    then, at, tabs = _counted.get(key, ("", now, {}))
    if tabs and then == last and timedelta() <= now - at < EVERY:
        return tabs
    tabs = {}
    for figures in counted(lists.matter_tabs(rows, now), *arranging.tabs):
        tabs |= figures
    if len(_counted) > _MOST_KEPT:
        _counted.clear()
    _counted[key] = (last, now, tabs)
    return tabs


@require_safe
def work_live(request: ActorRequest) -> HttpResponseBase:
    """News of what lies with the reader's posts: held, to be helped with, or to be taken over."""
    since, upto = _since(request), journal.length()
    if since is None or since == upto:
        return HttpResponse(status=204)
    posts = request.actor.posts
    mine = Matter.objects.filter(
        Q(holder__in=posts) | Q(pk__in=supported_by(posts).values("pk")) | Q(pk__in=to_take_over(posts).values("pk"))
    )
    return _answer(request, arrivals(mine.filter(status__in=Matter.OPEN), request.actor, since, upto), upto, {})
