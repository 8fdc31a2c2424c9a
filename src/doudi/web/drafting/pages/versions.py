"""All versions and drafts, and one of them: how it stands, who must approve, what happened to it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from doudi.engine.errors import DoudiError
from doudi.engine.people.vocabulary import Power
from doudi.web import clock
from doudi.web.actions.action import Offer, offers
from doudi.web.areas.queries import areas
from doudi.web.design.wording import say
from doudi.web.disputes.queries import rulings_of_draft
from doudi.web.drafting.actions import ACTIONS, VersionContext
from doudi.web.drafting.forms import BeginForm
from doudi.web.drafting.pages.access import EDITORS, frame, with_version
from doudi.web.people.guard import ActorRequest, only_for
from doudi.web.registry.declared import Events
from doudi.web.registry.gathered import of
from doudi.web.rulebook import contents, services
from doudi.web.rulebook.cells import Cells
from doudi.web.rulebook.comparing import compare
from doudi.web.rulebook.models import Version, VersionEvent
from doudi.web.rulebook.proving import prove
from doudi.web.rulebook.queries import Rulebook, rulebook_of, rulebook_on
from doudi.web.rulebook.reviewing import APPROVALS, Review, review_of


@require_http_methods(["GET", "HEAD", "POST"])
@only_for(*EDITORS)
def versions(request: ActorRequest) -> HttpResponseBase:
    """Drafts at work and all versions; anyone who may begins a draft here."""
    actor = request.actor
    if request.method == "POST":
        actor.require(Power.MANAGE_RULEBOOK)
    form = BeginForm(request.POST or None) if actor.may(Power.MANAGE_RULEBOOK) else None
    if request.method == "POST" and form is not None and form.is_valid():
        try:
            made = services.begin_draft(actor, form.cleaned_data["title"], source=form.cleaned_data["source"])
        except DoudiError as error:
            form.add_error(None, say(error))
        else:
            messages.success(request, _("草案已建好，内容和现行版本一样；从规则表改起。"))
            return redirect("drafting_version", made.number)
    rows = list(Version.objects.defer("documents").order_by("-number"))
    facts = {
        "drafts": [one for one in rows if one.state in Version.OPEN],
        "others": [one for one in rows if one.state not in Version.OPEN],
        "current": rulebook_on().version,
        "form": form,
    }
    return render(request, "drafting/versions.html", facts, status=400 if form is not None and form.errors else 200)


@require_safe
@with_version
def version(request: ActorRequest, book: Rulebook) -> HttpResponseBase:
    """One version: what it changes, what keeps it from being published, and the steps that may be taken now."""
    return render(request, "drafting/version.html", version_facts(request, book))


def version_facts(request: ActorRequest, book: Rulebook, tried: Offer | None = None) -> dict[str, Any]:
    """The facts of the page; ``tried`` came back with what to mend."""
    row, actor = book.version, request.actor
    is_open = row.state in Version.OPEN
    base = rulebook_of(row.base_id) if row.base_id else None
    return {
        **frame(request, book, ""),
        "is_open": is_open,
        "current": rulebook_on().version,
        "proof_report": prove(book, max(row.valid_from, clock.today())) if is_open else None,
        "change": compare(base.rules, book.rules, Cells(book)) if base else None,
        "base": base.version if base else None,
        "approvals": approvals(review_of(row)),
        "asked": [APPROVALS[one].label for one in rulebook_on().approvals if one in APPROVALS],
        "story": _story(row),
        "offers": list(offers(ACTIONS, VersionContext(actor, row), tried).values()),
        "rulings": list(rulings_of_draft(actor, row.number)),
    }


def approvals(review: Review) -> list[dict[str, Any]]:
    return [{"label": APPROVALS[one].label, "given": review.given.get(one)} for one in review.needed]


def _story(row: Version) -> list[dict[str, Any]]:
    """What happened, the newest first."""
    events = VersionEvent.objects.filter(version=row).select_related("post", "person", "words").order_by("-seq")
    kinds = {one.name: one for one in of(Events)[VersionEvent].kinds}
    return [
        {
            "at": one.at,
            "title": _(kinds[one.kind].title) if one.kind in kinds else one.kind,
            "by": one.post.name if one.post else "",
            "icon": kinds[one.kind].icon if one.kind in kinds else "edit",
            "words": "。".join(filter(None, (_detail(one.kind, told), one.words.text if one.words else ""))),
        }
        for one, told in _joined(events)
    ]


_TOUCHED = ("added", "changed", "removed")


def _joined(events: Iterable[VersionEvent]) -> Iterator[tuple[VersionEvent, dict[str, Any]]]:
    """Edits of one person in a row are told as one, with all rules that they touched."""
    for is_edit, group in groupby(
        events, lambda one: (one.person_id if one.kind == "rules_changed" else one.pk, one.kind)
    ):
        same = list(group)
        if is_edit[1] == "rules_changed":
            yield same[0], {part: sorted({code for one in same for code in one.payload[part]}) for part in _TOUCHED}
        else:
            yield same[0], same[0].payload


def _detail(kind: str, told: dict[str, Any]) -> str:
    """What of an event's facts a reader wants to see."""
    match kind:
        case "rules_changed":
            parts = [
                (_("新增 {ids}"), told["added"]),
                (_("修改 {ids}"), told["changed"]),
                (_("删去 {ids}"), told["removed"]),
            ]
            return "；".join(words.format(ids=_some(ids)) for words, ids in parts if ids)
        case "approved" | "refused":
            return str(APPROVALS[told["approval"]].label) if told.get("approval") in APPROVALS else ""
        case "gap_accepted" | "acceptance_withdrawn":
            return f"{told['id']} {told['name']}"
        case "rulebook_published" | "took_effect":
            return _("{day} 起施行").format(day=told["valid_from"])
    return ""


def _some(ids: list[str], most: int = 6) -> str:
    listed = "、".join(ids[:most])
    return listed if len(ids) <= most else _("{listed} 等 {n} 条").format(listed=listed, n=len(ids))


@require_safe
@with_version
def printed(request: ActorRequest, book: Rulebook) -> HttpResponse:
    """The whole version on paper: every rule in a sentence, what is left open, and who approved it."""
    facts = {
        **frame(request, book, ""),
        "rows": contents.rule_rows(book, areas(), {}, book.version.valid_from),
        "approvals": approvals(review_of(book.version)),
        "proof_report": prove(book),
    }
    return render(request, "drafting/print.html", facts)
