"""Who is really there: on duty now and in a week, and, for every area, who catches and answers at this moment."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from doudi.engine.people.vocabulary import Power
from doudi.web import clock
from doudi.web.actions.action import Offer, offers
from doudi.web.actions.taking import take_action
from doudi.web.areas.models import Area
from doudi.web.areas.queries import AreaDirectory, areas
from doudi.web.design.wording import day_words
from doudi.web.duties.queries import Catcher, book_faults, catchers
from doudi.web.people.guard import ActorRequest, only_for
from doudi.web.people.models import Post
from doudi.web.resources.actions import SHIFT, RosterContext
from doudi.web.resources.models import Roster
from doudi.web.resources.queries import Answering, on_now, week_of, who_answers_each
from doudi.web.resources.services import may_roster, remove_roster
from doudi.web.resources.wording import ANSWERS_AS

#: the powers that show who is on
LOOKERS = (Power.SEE_DESK, Power.MANAGE_PEOPLE)


@require_http_methods(["GET", "HEAD", "POST"])
@only_for(*LOOKERS)
def roster(request: ActorRequest) -> HttpResponse:
    """Who is on now with phones, and one week; anyone who may puts shifts on it."""
    post = Post.objects.filter(pk=request.GET.get("post", "")).first()
    context = RosterContext(request.actor, post)
    if request.method != "POST":
        return _roster(request, post, offers((SHIFT,), context).get("shift"))
    if not SHIFT.may(context):
        raise Http404
    outcome = take_action(request, SHIFT, context)
    if outcome.offer is not None:
        return _roster(request, post, outcome.offer, outcome.status)
    made = outcome.made
    told = _("已排{name}在{post}值班，共 {n} 班，{day}起。")
    first = made[0]
    messages.success(
        request,
        told.format(name=first.name, post=first.post.name, n=len(made), day=day_words(clock.day_of(first.starts_at))),
    )
    return redirect(f"{reverse('roster')}?week={clock.day_of(first.starts_at).isoformat()}")


def _roster(request: ActorRequest, post: Post | None, offer: Offer | None, status: int = 200) -> HttpResponse:
    monday = _monday(request.GET.get("week", ""))
    facts = {
        "now": [row for row in on_now() if post is None or row.post_id == post.pk],
        "week": week_of(monday, post.pk if post else ""),
        "days": [monday + timedelta(days=n) for n in range(7)],
        "today": clock.today(),
        "post": post,
        "offer": offer,
        "before": monday - timedelta(days=7),
        "after": monday + timedelta(days=7),
        "sunday": monday + timedelta(days=6),
    }
    return render(request, "resources/roster.html", facts, status=status)


def _monday(asked: str) -> date:
    """The Monday of the week that holds the day asked for, else of this week."""
    try:
        day = date.fromisoformat(asked)
        return day - timedelta(days=day.weekday()) if 2000 < day.year < 2200 else _monday("")
    except ValueError:
        return clock.today() - timedelta(days=clock.today().weekday())


@require_safe
@only_for(*LOOKERS)
def shift(request: ActorRequest, shift_id: int) -> HttpResponse:
    """One shift: who, when, how to reach them, and the way to call it off."""
    actor = request.actor
    row = get_object_or_404(Roster.objects.select_related("post__office", "person"), pk=shift_id)
    now = clock.now()
    facts = {
        "row": row,
        "is_over": row.ends_at <= now,
        "has_begun": row.starts_at < now,
        "may_change": may_roster(actor, row.post),
    }
    return render(request, "resources/shift.html", facts)


@require_POST
@only_for(*LOOKERS)
def shift_off(request: ActorRequest, shift_id: int) -> HttpResponse:
    """Call a shift off, or end the one that runs."""
    actor = request.actor
    row = get_object_or_404(Roster.objects.select_related("post"), pk=shift_id)
    remove_roster(actor, row)
    told = _("{name}在{post}的这一班已经停下；之后由任岗的人接听。")
    messages.success(request, told.format(name=row.name, post=row.post.name))
    return redirect(f"{reverse('roster')}?week={clock.day_of(row.starts_at).isoformat()}")


@dataclass(frozen=True, slots=True)
class CatchRow:
    """An area with its backstop and who answers there now. ``heir_of``: whose row it inherits; ``below``: how many grids lie in it."""

    area: Area
    depth: int
    catcher: Catcher
    heir_of: Area | None
    answering: Answering | None
    how: object
    below: int


@require_safe
def duties(request: ActorRequest) -> HttpResponse:
    """Who catches what no rule names, area by area; grids that only inherit are shown below the one that is opened."""
    places, found = areas(), catchers()
    asked, opened = request.GET.get("q", "").strip(), request.GET.get("area", "")
    shown = [one for one in found if _is_shown(one, places, asked, opened)]
    posts = {one.row.post_id: one.row.post for one in shown if one.row}
    answers = who_answers_each(posts.values())
    rows = [_catch_row(one, places, answers) for one in shown]
    may_look = any(request.actor.may(power) for power in LOOKERS)
    facts: dict[str, object] = {
        "rows": rows,
        "asked": asked,
        "opened": opened,
        "count": len(found),
        "own": sum(not one.inherited for one in found),
        "uncaught": sum(one.row is None for one in found),
        "faults": book_faults(),
        "may_call": request.actor.may(Power.NOTE) or may_look,
        "may_rost": may_look,
    }
    return render(request, "resources/duties.html", facts)


def _is_shown(one: Catcher, places: AreaDirectory, asked: str, opened: str) -> bool:
    area = places.areas[one.area]
    if asked:
        post = f"{one.row.post.name} {one.row.post.office.name}" if one.row else ""
        return all(
            word in f"{places.path(one.area)} {one.area} {'' if one.inherited else post}" for word in asked.split()
        )
    return not one.inherited or one.row is None or area.kind != Area.Kind.GRID or area.parent_id == opened


def _catch_row(one: Catcher, places: AreaDirectory, answers: dict[str, Answering]) -> CatchRow:
    area = places.areas[one.area]
    answering = answers.get(one.row.post_id) if one.row else None
    return CatchRow(
        area,
        places.tree.depth(one.area),
        one,
        places.areas.get(one.row.area_id) if one.row and one.inherited else None,
        answering,
        ANSWERS_AS[answering.how] if answering else "",
        len(places.tree.children(one.area)) if area.kind != Area.Kind.TOWN else 0,
    )
