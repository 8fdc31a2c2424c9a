"""The proof of a version: gaps and conflicts as boxes in words, each with a matter inside and its share of the past."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from time import monotonic, perf_counter
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from doudi.engine.errors import DoudiError
from doudi.engine.rules.budget import Budget
from doudi.engine.rules.redundancy import redundant
from doudi.engine.rules.regions import Region
from doudi.engine.rules.space import Space
from doudi.engine.words import Words
from doudi.web import clock
from doudi.web.design.wording import listed, say
from doudi.web.drafting.forms import AcceptForm
from doudi.web.drafting.pages.looking import acting, frame, may_edit, with_version
from doudi.web.drafting.past import history_for
from doudi.web.duties.queries import catchers
from doudi.web.people.models import Post
from doudi.web.rulebook import services
from doudi.web.rulebook.acceptances import named
from doudi.web.rulebook.proving import Admitted, Ground, Standing, ground_of, names_of, standing_of
from doudi.web.rulebook.queries import Rulebook

MOST_SHOWN = 60


@dataclass(frozen=True, slots=True)
class Part:
    """A region as the page shows it. ``key`` names it in a form; ``rules`` are the rivals of a conflict."""

    key: str
    where: Words
    example: str
    volume: str
    share: float | None
    caught_by: tuple[Post, ...]
    rules: tuple[tuple[str, str], ...] = ()
    form: Any = None


@require_safe
@with_version
def proof(request: HttpRequest, book: Rulebook) -> HttpResponseBase:
    """What the version leaves open, by the year from its first day."""
    return _page(request, book)


def _page(request: HttpRequest, book: Rulebook, key: str = "", form: Any = None) -> HttpResponseBase:
    ground, history, standing, took = _proven(book)
    roles, shown = book.role_names, _Shown(book, ground.space, standing)

    def part(one: Region, rules: Iterable[str] = ()) -> Part:
        made = shown.part(one, [(rule, roles.get(holders[rule], holders[rule])) for rule in rules])
        return replace(made, form=form) if made.key == key else made

    holders = {rule.id: rule.holder for rule in book.rules}
    facts: dict[str, Any] = {
        **frame(request, book, "proof"), "standing": standing, "took": took, "history": history.size, "since": standing.since,
        "gaps": [part(one) for one in standing.gaps.regions[:MOST_SHOWN]],
        "gap_share": history.share([one.box for one in standing.gaps.regions]),
        "conflicts": [part(one, conflict.rules) for conflict in standing.conflicts for one in conflict.regions][:MOST_SHOWN],
        "admitted": [_admitted(one, shown) for one in standing.admitted], "accept": AcceptForm(),
        "conflict_parts": sum(len(one.regions) for one in standing.conflicts),
    }  # fmt: skip
    if "redundant" in request.GET:
        with ground.lock:
            facts["redundant"] = redundant(ground.table(book.rules), budget=Budget(6_000_000, 20.0, monotonic))
    return render(request, "drafting/proof.html", facts, status=400 if form is not None else 200)


def _proven(book: Rulebook) -> tuple[Ground, Any, Standing, int]:
    """The proof weighed by the past, and how many milliseconds it took."""
    ground = ground_of(book, max(book.version.valid_from, clock.today()))
    history = history_for(book, ground)
    begun = perf_counter()
    standing = standing_of(book, history=history, ground=ground)
    return ground, history, standing, round((perf_counter() - begun) * 1000)


class _Shown:
    """Regions in the words of one version."""

    def __init__(self, book: Rulebook, space: Space, standing: Standing) -> None:
        self._space, self._standing, self._names = space, standing, names_of(book)
        self._catchers = {one.area: one.row.post for one in catchers() if one.row is not None}

    def part(self, one: Region, rules: list[tuple[str, str]] | None = None) -> Part:
        rules = rules or []
        key = json.dumps([*named(self._space, one.box), [code for code, _ in rules]], ensure_ascii=False, sort_keys=True)
        return Part(
            key, one.say(self._standing.wording), self.example(one), self.volume(one.points), one.share, self.caught_by(one), tuple(rules)
        )

    def example(self, one: Region) -> str:
        """The witness: its kind and place, and of the rest what the region is about."""
        said = []
        for axis, side in zip(self._space.axes, one.box, strict=True):
            value = str(one.witness[axis.name])
            if axis.name in ("kind", "unit_type", "area") or side != axis.proper:
                said.append(self._names.get(f"{axis.name}={value}") or self._names.get(value, value))
        return listed(said)

    def volume(self, points: int) -> str:
        """How large a part of all that can happen."""
        percent = points * 100 / self._standing.proof.points
        return f"{percent:.2f}%" if percent >= 0.01 else _("不足 0.01%")

    def caught_by(self, one: Region) -> tuple[Post, ...]:
        """The backstops of the areas in the region, each once."""
        place = self._space.places["area"]
        axis = self._space.axes[place]
        codes = (axis.value(number) for low, high in one.box[place] for number in range(low, high))
        posts = {self._catchers[str(code)].pk: self._catchers[str(code)] for code in codes if str(code) in self._catchers}
        return tuple(posts.values())


def _admitted(one: Admitted, shown: _Shown) -> dict[str, Any]:
    """An acceptance with who catches there now, while any of it is still open."""
    posts = {post.pk: post for part in one.regions for post in shown.caught_by(part)}
    by = Post.objects.filter(pk=one.acceptance.post).values_list("name", flat=True).first()
    example = shown.example(max(one.regions, key=lambda part: part.share or 0.0)) if one.regions else ""
    return {"one": one, "by": by or "", "caught_by": list(posts.values()), "example": example}


@require_POST
@with_version
def accept(request: HttpRequest, book: Rulebook) -> HttpResponseBase:
    """Accept one of the gaps or conflicts that are shown, by name, to the backstops that catch there."""
    if not may_edit(request, book.version):
        raise Http404
    form = AcceptForm(request.POST)
    key = request.POST.get("key", "")
    if not form.is_valid():
        return _page(request, book, key, form)
    ground, _history, standing, _took = _proven(book)
    shown = _Shown(book, ground.space, standing)
    found = [(one, ()) for one in standing.gaps.regions]
    found += [(one, conflict.rules) for conflict in standing.conflicts for one in conflict.regions]  # type: ignore[misc]
    match = next(((one, rules) for one, rules in found if shown.part(one, [(rule, "") for rule in rules]).key == key), None)
    if match is None:
        messages.error(request, _("这处空白或交叉已经变了，请看最新的证明。"))
        return redirect("drafting_proof", book.version.number)
    region, rules = match
    try:
        posts = shown.caught_by(region)
        accepted = services.accept(acting(request), book.version, region, caught_by=posts, rules=rules, **form.cleaned_data)
    except DoudiError as error:
        form.add_error(None, say(error))
        return _page(request, book, key, form)
    messages.success(request, _("已按名接受 {id}“{name}”，由兜底岗承接。").format(id=accepted.id, name=accepted.name))
    return redirect("drafting_proof", book.version.number)


@require_POST
@with_version
def unaccept(request: HttpRequest, book: Rulebook, code: str) -> HttpResponseBase:
    """What was accepted counts as open again."""
    if not may_edit(request, book.version):
        raise Http404
    services.withdraw_acceptance(acting(request), book.version, code)
    messages.success(request, _("已撤下 {id}，它重新算作没有解决。").format(id=code))
    return redirect("drafting_proof", book.version.number)

