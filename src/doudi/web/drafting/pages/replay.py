"""The draft over all matters of the past: begun, watched, stopped; its figures, and the list behind each of them."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from doudi.engine.errors import DoudiError
from doudi.engine.people.vocabulary import Power
from doudi.web.areas.queries import areas
from doudi.web.design.wording import say
from doudi.web.drafting import services
from doudi.web.drafting.models import Replay, ReplayChange
from doudi.web.drafting.pages.access import frame, with_version
from doudi.web.drafting.queries import changes_seen, last_replay, summary
from doudi.web.drafting.wording import FIGURES, REASONS
from doudi.web.people.guard import ActorRequest
from doudi.web.people.models import Post
from doudi.web.rulebook.models import Version
from doudi.web.rulebook.queries import Rulebook
from doudi.web.tables.response import table_response
from doudi.web.tables.writing import Column

FILTERS = ("figure", "kind", "area", "from", "to")
PER_PAGE = 50


@require_safe
@with_version
def replay(request: ActorRequest, book: Rulebook) -> HttpResponseBase:
    """How far the replay is, and what it found."""
    last = last_replay(book.version)
    facts = {
        **frame(request, book, "replay"),
        "replay": last,
        "stale": last is not None and last.digest != book.version.digest,
        "may_begin": book.version.state in (*Version.OPEN, Version.State.PUBLISHED),
    }
    if last is not None and last.state == Replay.State.DONE:
        found = summary(request.actor, last)
        facts |= {"found": found, "figures": [(name, *FIGURES[name], count) for name, count in found.figures.items()]}
    return render(request, "drafting/replay.html", facts)


@require_safe
@with_version
def progress(request: ActorRequest, book: Rulebook) -> HttpResponseBase:
    """How far it is, as a fragment that asks again; the whole page once it is done."""
    last = last_replay(book.version)
    if last is None:
        raise Http404
    response = render(request, "drafting/_progress.html", {"replay": last, "version": book.version})
    if last.state != Replay.State.RUNNING:
        response["HX-Refresh"] = "true"
    return response


@require_POST
@with_version
def begin(request: ActorRequest, book: Rulebook) -> HttpResponseBase:
    try:
        services.begin_replay(request.actor, book.version)
    except DoudiError as error:
        messages.error(request, say(error))
    return redirect("drafting_replay", book.version.number)


@require_POST
@with_version
def cancel(request: ActorRequest, book: Rulebook) -> HttpResponseBase:
    last = last_replay(book.version)
    if last is None:
        raise Http404
    services.cancel_replay(request.actor, last)
    messages.success(request, _("重演已停下；随时可以重新开始。"))
    return redirect("drafting_replay", book.version.number)


@require_safe
@with_version
def changes(request: ActorRequest, book: Rulebook) -> HttpResponseBase:
    """The matters behind a figure; as a file with ``form``."""
    last = last_replay(book.version)
    if last is None:
        raise Http404
    asked = {name: request.GET.get(name, "") for name in FILTERS}
    rows = changes_seen(request.actor, last, asked)
    names = book.catalogue.names()
    if (form := request.GET.get("form", "")) in ("csv", "xlsx"):
        request.actor.require(Power.EXPORT)
        rows = changes_seen(request.actor.only(Power.EXPORT), last, asked)
        return table_response(form, _("重演变化"), _columns(names), rows.iterator(chunk_size=500))
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    facts = {
        **frame(request, book, "replay"),
        "replay": last,
        "page": page,
        "asked": asked,
        "about": _about(asked, names),
        "rows": [
            {
                "one": one,
                "kind": names.get(one.matter.kind, one.matter.kind),
                "was": REASONS[one.was],
                "becomes": REASONS[one.becomes],
            }
            for one in page
        ],
    }
    return render(request, "drafting/changes.html", facts)


def _about(asked: dict[str, str], names: dict[str, str]) -> list[str]:
    """What the list was narrowed to, in words."""
    posts = dict(Post.objects.filter(pk__in=[asked["from"], asked["to"]]).values_list("pk", "name"))
    said = []
    if asked["figure"] in FIGURES:
        said.append(str(FIGURES[asked["figure"]][0]))
    if asked["kind"]:
        said.append(names.get(asked["kind"], asked["kind"]))
    if asked["area"]:
        said.append(areas().name(asked["area"]))
    if asked["from"]:
        said.append(_("原来由{post}").format(post=posts.get(asked["from"], asked["from"])))
    if asked["to"]:
        said.append(_("改由{post}").format(post=posts.get(asked["to"], asked["to"])))
    return said


def _columns(names: dict[str, str]) -> list[Column[ReplayChange]]:
    return [
        Column(_("编号"), lambda one: one.matter.number, 14),
        Column(_("受理时间"), lambda one: one.matter.accepted_at, 20),
        Column(_("事项"), lambda one: names.get(one.matter.kind, one.matter.kind), 24),
        Column(_("区域"), lambda one: areas().path(one.matter.area_id), 24),
        Column(_("原来由"), lambda one: one.before.name, 24),
        Column(_("原因"), lambda one: str(REASONS[one.was]), 12),
        Column(_("改由"), lambda one: one.after.name, 24),
        Column(_("改后原因"), lambda one: str(REASONS[one.becomes]), 12),
        Column(_("依据规则"), lambda one: "、".join(one.rules), 16),
    ]
