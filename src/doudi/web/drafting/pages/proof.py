"""The proof of a version: gaps and conflicts as boxes in words, each with a matter inside and its share of the past."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import replace
from hashlib import sha256
from time import monotonic, perf_counter
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from doudi.engine.rules.budget import Budget
from doudi.engine.rules.redundancy import redundant
from doudi.engine.rules.regions import Region
from doudi.engine.rules.space import Space
from doudi.web import clock
from doudi.web.actions.action import Offer, row_offers
from doudi.web.actions.taking import take_action
from doudi.web.design.wording import listed
from doudi.web.drafting.accepting import ACCEPT, Part, PartContext
from doudi.web.drafting.pages.access import frame, may_edit, with_version
from doudi.web.drafting.past import history_for
from doudi.web.duties.queries import catchers
from doudi.web.people.guard import ActorRequest
from doudi.web.people.models import Post
from doudi.web.rulebook import services
from doudi.web.rulebook.acceptances import named
from doudi.web.rulebook.proving import Admitted, Ground, ProofReport, ground_of, names_of, prove
from doudi.web.rulebook.queries import Rulebook

MOST_SHOWN = 60


@require_safe
@with_version
def proof(request: ActorRequest, book: Rulebook) -> HttpResponseBase:
    """What the version leaves open, by the year from its first day."""
    return _page(request, book)


def _page(request: ActorRequest, book: Rulebook, tried: Offer | None = None, status: int = 200) -> HttpResponseBase:
    ground, history, proof_report, took = _proven(book)
    roles, shown = book.role_names, _Shown(book, ground.space, proof_report)
    context = PartContext(request.actor, book.version)

    def part(one: Region, rules: Iterable[str] = ()) -> Part:
        made = shown.part(one, [(rule, roles.get(holders[rule], holders[rule])) for rule in rules])
        return replace(made, offers=row_offers((ACCEPT,), replace(context, row=made), tried))

    holders = {rule.id: rule.holder for rule in book.rules}
    facts: dict[str, object] = {
        **frame(request, book, "proof"),
        "proof_report": proof_report,
        "took": took,
        "history": history.size,
        "since": proof_report.since,
        "gaps": [part(one) for one in proof_report.gaps.regions[:MOST_SHOWN]],
        "gap_share": history.share([one.box for one in proof_report.gaps.regions]),
        "conflicts": [part(one, conflict.rules) for conflict in proof_report.conflicts for one in conflict.regions][
            :MOST_SHOWN
        ],
        "admitted": [_admitted(one, shown) for one in proof_report.admitted],
        "conflict_parts": sum(len(one.regions) for one in proof_report.conflicts),
    }
    if "redundant" in request.GET:
        with ground.lock:
            facts["redundant"] = redundant(ground.table(book.rules), budget=Budget(6_000_000, 20.0, monotonic))
    return render(request, "drafting/proof.html", facts, status=status)


def _proven(book: Rulebook) -> tuple[Ground, Any, ProofReport, int]:
    """The proof weighed by the past, and how many milliseconds it took."""
    ground = ground_of(book, max(book.version.valid_from, clock.today()))
    history = history_for(book, ground)
    begun = perf_counter()
    proof_report = prove(book, history=history, ground=ground)
    return ground, history, proof_report, round((perf_counter() - begun) * 1000)


class _Shown:
    """Regions in the words of one version."""

    def __init__(self, book: Rulebook, space: Space, proof_report: ProofReport) -> None:
        self._space, self._proof_report, self._names = space, proof_report, names_of(book)
        self._catchers = {one.area: one.row.post for one in catchers() if one.row is not None}

    def part(self, one: Region, rules: list[tuple[str, str]] | None = None) -> Part:
        rules = rules or []
        mark = json.dumps([*named(self._space, one.box), [code for code, _ in rules]], sort_keys=True)
        said, in_full = (
            one.say(wording) for wording in (self._proof_report.wording, self._proof_report.wording.in_full())
        )
        return Part(
            sha256(mark.encode()).hexdigest()[:32],
            one,
            said,
            self.example(one),
            self.volume(one.points),
            self.caught_by(one),
            tuple(rules),
            in_full=in_full if in_full != said else None,
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
        percent = points * 100 / self._proof_report.proof.points
        return f"{percent:.2f}%" if percent >= 0.01 else _("不足 0.01%")

    def caught_by(self, one: Region) -> tuple[Post, ...]:
        """The backstops of the areas in the region, each once."""
        place = self._space.places["area"]
        axis = self._space.axes[place]
        codes = (axis.value(number) for low, high in one.box[place] for number in range(low, high))
        posts = {
            self._catchers[str(code)].pk: self._catchers[str(code)] for code in codes if str(code) in self._catchers
        }
        return tuple(posts.values())


def _admitted(one: Admitted, shown: _Shown) -> dict[str, object]:
    """An acceptance with who catches there now, while any of it is still open."""
    posts = {post.pk: post for part in one.regions for post in shown.caught_by(part)}
    by = Post.objects.filter(pk=one.acceptance.post).values_list("name", flat=True).first()
    example = shown.example(max(one.regions, key=lambda part: part.share or 0.0)) if one.regions else ""
    in_full = one.in_full if one.in_full != one.where else None
    return {"one": one, "by": by or "", "caught_by": list(posts.values()), "example": example, "in_full": in_full}


@require_POST
@with_version
def accept(request: ActorRequest, book: Rulebook) -> HttpResponseBase:
    """Accept one of the gaps or conflicts that are shown, by name, to the backstops that catch there."""
    if not may_edit(request, book.version):
        raise Http404
    ground, _history, proof_report, _took = _proven(book)
    shown, key = _Shown(book, ground.space, proof_report), request.POST.get("row", "")
    found: list[tuple[Region, tuple[str, ...]]] = [(one, ()) for one in proof_report.gaps.regions]
    found += [(one, conflict.rules) for conflict in proof_report.conflicts for one in conflict.regions]
    parts = (shown.part(one, [(rule, "") for rule in rules]) for one, rules in found)
    row = next((one for one in parts if one.key == key), None)
    if row is None:
        messages.error(request, _("这处空白或交叉已经变了，请看最新的证明。"))
        return redirect("drafting_proof", book.version.number)
    outcome = take_action(request, ACCEPT, PartContext(request.actor, book.version, row))
    if outcome.offer is not None:
        return _page(request, book, outcome.offer, outcome.status)
    accepted = outcome.made
    messages.success(request, _("已按名接受 {id}“{name}”，由兜底岗承接。").format(id=accepted.id, name=accepted.name))
    return redirect("drafting_proof", book.version.number)


@require_POST
@with_version
def unaccept(request: ActorRequest, book: Rulebook, code: str) -> HttpResponseBase:
    """What was accepted counts as open again."""
    if not may_edit(request, book.version):
        raise Http404
    services.withdraw_acceptance(request.actor, book.version, code)
    messages.success(request, _("已撤下 {id}，它重新算作没有解决。").format(id=code))
    return redirect("drafting_proof", book.version.number)
