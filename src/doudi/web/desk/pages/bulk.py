"""What is done with the ticked rows of the desk's list: the same steps as on a matter's page, each row for itself.

One transaction holds them all (`matters.services.in_turn`); what is refused for one row stops no other and is said with
its reason, and what was done can be taken back where the single step can.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpResponseBase, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from doudi.engine.errors import DoudiError
from doudi.engine.numbers import printed_number
from doudi.engine.people.vocabulary import Power
from doudi.engine.triage.similar import Known, similar
from doudi.web import clock
from doudi.web.actions.taking import own_path
from doudi.web.areas.queries import areas
from doudi.web.design.way_back import bear
from doudi.web.design.wording import listed, say
from doudi.web.desk.queries import choices, lists
from doudi.web.matters import services
from doudi.web.matters.models import Demand, Matter, Urge
from doudi.web.matters.queries import visible
from doudi.web.people.actor import Actor
from doudi.web.people.guard import ActorRequest, only_for
from doudi.web.rulebook.queries import rulebook_on

MOST_AT_ONCE = 50
#: what is done with many, the power it needs, and what is said of those with which it was done
POWERS: Mapping[str, Power] = {
    "confirm": Power.DISPATCH,
    "dispatch": Power.DISPATCH,
    "urge": Power.URGE,
    "order": Power.SUPERVISE,
    "note": Power.NOTE,
    "merge": Power.MERGE,
    "export": Power.EXPORT,
    "print": Power.SEE_DESK,
    "undo": Power.SEE_DESK,
}
_URGES = {"urge": Urge.Kind.REMIND, "order": Urge.Kind.ORDER}
_SAID = {
    "urge": gettext_lazy("已催办 {n} 件，承办岗会收到通知。"),
    "order": gettext_lazy("已督办 {n} 件，承办岗会收到通知。"),
    "note": gettext_lazy("{n} 件写了备注。"),
}


@require_POST
@only_for(Power.SEE_DESK)
def desk_bulk(request: ActorRequest) -> HttpResponseBase:
    """Take one step with all ticked rows, or lead to the page that asks for more."""
    actor, action = request.actor, request.POST.get("action", "")
    power = POWERS.get(action)
    if power is None or not actor.may(power):
        raise Http404
    back = own_path(request, reverse("desk"))
    if action == "undo":
        return _undo(request, back)
    found = _ticked(actor, request.POST)
    if not found:
        messages.warning(request, _("还没有勾选事项：先勾选左边的方框，再按批量操作。"))
    elif action in ("confirm", "dispatch"):
        _dispatch(request, found)
    elif action in ("merge", "export", "print"):
        return redirect(_leads_to(action, found, back))
    else:
        words = request.POST.get("words", "")
        outcomes = services.in_turn(found, lambda one: _said(actor, one, action, words))
        _account(request, outcomes, str(_SAID[action]))
    return redirect(back)


def _said(actor: Actor, matter: Matter, action: str, words: str) -> object:
    if action == "note":
        return services.note(actor, matter, words)
    return services.urge(actor, matter, _URGES[action], words)


def _ticked(actor: Actor, sent: QueryDict) -> list[Matter]:
    """The ticked matters that exist for the reader, each with the version that stood on the page."""
    versions = _versions(sent)
    found = list(lists.with_holder(visible(actor).filter(number__in=versions)).order_by("id"))
    for one in found:
        if versions[one.number].isdecimal():
            one.version = int(versions[one.number])
    return found


def _versions(sent: QueryDict) -> dict[str, str]:
    return {
        number: version[:9]
        for number, _sign, version in (row.partition(":") for row in sent.getlist("row")[:MOST_AT_ONCE])
    }


def _leads_to(action: str, found: Iterable[Matter], back: str) -> str:
    rows: list[tuple[str, str]] = [("row", one.number) for one in found]
    if action == "export":
        return f"{reverse('desk_file', args=['xlsx'])}?{urlencode([('tab', 'all'), *rows])}"
    path = reverse("desk_merge" if action == "merge" else "desk_sheet")
    return f"{path}?{urlencode([*rows, ('next', back)])}"


def _account(request: ActorRequest, outcomes: Mapping[Matter, object], said: str, **told: str) -> None:
    """How many went, with the way back; and of those that did not which, by their reason."""
    refused: dict[str, list[str]] = {}
    for matter, outcome in outcomes.items():
        if isinstance(outcome, DoudiError):
            refused.setdefault(say(outcome), []).append(printed_number(matter.number))
    for why, numbers in refused.items():
        which = _("{n} 件没有办：{numbers}。{why}")
        messages.warning(request, which.format(n=len(numbers), numbers=listed(numbers), why=why))
    done = [one for one, outcome in outcomes.items() if not isinstance(outcome, DoudiError)]
    if done:
        messages.success(request, said.format(n=len(done), **told), _way_back(request.actor, done))


def _dispatch(request: ActorRequest, found: list[Matter]) -> None:
    """Confirm the proposals, or dispatch all as one kind."""
    kind = ""
    if request.POST["action"] == "dispatch":
        book, typed = rulebook_on(), request.POST.get("kind", "").strip()
        kind = choices.kind_labels(book).get(typed, typed)
        if kind not in book.catalogue:
            messages.warning(request, _("事项目录里没有“{typed}”，没有派遣；请从列表里选一个。").format(typed=typed))
            return
    unclear = [one for one in found if not kind and (one.unclear != "confirm" or not one.kind)]
    sent = [(one, kind or one.kind) for one in found if one not in unclear]
    outcomes = services.dispatch_many(request.actor, sent)
    for matter in unclear:
        messages.warning(request, f"{printed_number(matter.number)}：{_('这一件还没有明确的建议，请打开后逐件研判。')}")
    # Those for which the rules name nobody lie with the desk or a backstop, and are shown one by one.
    caught = {one: out for one, out in outcomes.items() if one.unclear and not isinstance(out, DoudiError)}
    for matter, answer in caught.items():
        told = _("没有派出，由{post}兜底：{why}").format(post=matter.holder.name, why=say(answer.reason))
        messages.warning(request, f"{printed_number(matter.number)}：{told}")
    _account(request, {one: out for one, out in outcomes.items() if one not in caught}, _("已派遣 {n} 件。"))


def _way_back(actor: Actor, done: Iterable[Matter]) -> str:
    """The way back from a step that was just taken with many; of those that cannot be taken back nothing is said."""
    until = {one: at for one in done if (at := services.undo_until(actor, one))}
    rows = [("row", f"{one.number}:{one.version}") for one in until]
    return bear(reverse("desk_bulk"), [("action", "undo"), *rows], min(until.values())) if rows else ""


def _undo(request: ActorRequest, back: str) -> HttpResponseBase:
    """Take the step back for each row that still is as it left it."""
    rows = _ticked(request.actor, request.POST)
    _account(request, services.in_turn(rows, lambda one: services.undo(request.actor, one)), _("已撤销 {n} 件。"))
    return redirect(back)


@require_http_methods(["GET", "HEAD", "POST"])
@only_for(Power.MERGE)
def desk_merge(request: ActorRequest) -> HttpResponseBase:
    """Which of the ticked matters goes on, and how like it the others are; then they join it."""
    actor, sent = request.actor, request.POST if request.method == "POST" else request.GET
    back = own_path(request, reverse("desk")) if request.method == "POST" else sent.get("next", "")
    found = [one for one in _ticked(actor, sent) if one.status in Matter.OPEN]
    into = next((one for one in found if one.number == sent.get("into")), None)
    if len(found) < 2:
        messages.warning(request, _("并案要勾选两件以上还没有办结的事项。"))
        return redirect(own_path(request, reverse("desk")))
    if request.method == "POST" and into is not None:
        rows = [one for one in found if one is not into]
        words, covered = request.POST.get("words", ""), "covered" in request.POST
        outcomes = services.in_turn(
            rows, lambda one: services.merge(actor, one, into, words, covered=covered), beside=[into]
        )
        said = _("已有 {n} 件并入 {number}，两边的承办岗和答复的岗位都会收到通知。")
        _account(request, outcomes, said, number=printed_number(into.number))
        return redirect(back)
    # What is at work goes on rather than what is only known or done already, then what came first.
    onward = into or min(found, key=lambda one: (_RANK.get(one.status, 9), one.unclear != "", one.accepted_at, one.pk))
    facts = {
        "rows": _likeness(found, onward),
        "onward": onward,
        "handled": any(one.status == Matter.Status.HANDLED for one in found),
        "next": back,
    }
    return render(request, "desk/merge.html", facts)


_RANK: Mapping[str, int] = {Matter.Status.TAKEN: 0, Matter.Status.ACCEPTED: 1, Matter.Status.HANDLED: 2}


def _likeness(found: list[Matter], onward: Matter) -> list[tuple[lists.Row, str]]:
    """Each matter as in the list, and why it may be the same thing as the one that goes on; empty where nothing says so."""
    days = max(1, max(abs((one.accepted_at - onward.accepted_at).days) for one in found) + 1)
    asks: dict[Any, str] = {}
    for matter, words in Demand.objects.filter(matter__in=found).order_by("pk").values_list("matter_id", "asks"):
        asks.setdefault(matter, words)
    known = [
        Known(str(one.pk), asks.get(one.pk, one.summary), one.unit_id, one.area_id, clock.day_of(one.accepted_at))
        for one in found
        if one is not onward
    ]
    day = max(clock.day_of(one.accepted_at) for one in found)
    alike = similar(asks.get(onward.pk, onward.summary), known, onward.unit_id, onward.area_id, day, days)
    why = {one.key: say(one.why) for one in alike}
    rows = lists.rows_of(found, rulebook_on(), areas())
    return [(row, why.get(str(row.matter.pk), "")) for row in rows]


@require_safe
@only_for(Power.SEE_DESK)
def desk_sheet(request: ActorRequest) -> HttpResponseBase:
    """The ticked matters as a sheet for paper, with room for what is said about each."""
    found = _ticked(request.actor, request.GET)
    facts = {"rows": lists.rows_of(found, rulebook_on(), areas()), "printed_at": clock.now()}
    return render(request, "desk/sheet.html", facts)
