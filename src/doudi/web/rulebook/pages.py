"""The rulebook, read-only: what the town handles, who answers for what, how, when it works, and which figures it set."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from doudi.engine.duties.rules import LISTS
from doudi.engine.people.vocabulary import Power
from doudi.web import clock
from doudi.web.areas.queries import areas
from doudi.web.people.guard import ActorRequest
from doudi.web.rulebook import contents
from doudi.web.rulebook.queries import Rulebook, readable_versions, rulebook_of, rulebook_on
from doudi.web.rulebook.wording import LANES, LAYERS

#: each view with its label and the filters that it knows
VIEWS: dict[str, tuple[str | Promise, tuple[str, ...]]] = {
    "kinds": (_("事项目录"), ("q", "group", "lane")),
    "rules": (_("职责规则"), ("q", "layer", "list", "holder", "kind")),
    "modules": (_("任务模块"), ()),
    "roles": (_("岗位角色"), ()),
    "calendar": (_("工作日历"), ()),
    "figures": (_("参数"), ()),
    "versions": (_("版本"), ()),
}


@require_safe
def rulebook(request: ActorRequest) -> HttpResponse:
    """One view of one version: the one in force, or the one that ``version`` names."""
    current = rulebook_on()
    book = _asked_version(request, current)
    view = request.GET.get("view", "")
    view = view if view in VIEWS else "kinds"
    asked = {name: request.GET.get(name, "").strip() for name in VIEWS[view][1]}
    facts: dict[str, Any] = {
        "version": book.version,
        "current": current.version,
        "is_current": book.version.number == current.version.number,
        "view": view,
        "asked": asked,
        "narrowed": any(asked.values()),
        "tabs": _tabs(request, book, current, view),
        "note": book.version.documents["rulebook"].get("note", ""),
        **_view_facts(view, book, current, asked, request.GET.get("page", "")),
    }
    return render(request, "rulebook/rulebook.html", facts)


def _asked_version(request: ActorRequest, current: Rulebook) -> Rulebook:
    number = request.GET.get("version", "")
    if not number:
        return current
    if number not in {str(one.number) for one in readable_versions()}:
        raise Http404
    return rulebook_of(int(number))


def _view_facts(view: str, book: Rulebook, current: Rulebook, asked: dict[str, str], page: str) -> dict[str, Any]:
    match view:
        case "kinds":
            rows = contents.kind_rows(book, asked)
            count = sum(row.kind is not None for row in rows)
            part = contents.page_of_kinds(rows, page)
            groups = contents.group_choices(book)
            return {"rows": part.rows, "page": part, "count": count, "groups": groups, "lanes": LANES.items()}
        case "rules":
            # An old version is read as of its own first day: what held then is not "ended" on its pages.
            day = clock.today() if book is current else book.version.valid_from
            rules = contents.rule_rows(book, areas(), asked, day)
            part = contents.page_of(rules, page, contents.RULES_AT_ONCE)
            return {
                "rows": part.rows,
                "page": part,
                "count": len(rules),
                "groups": contents.group_choices(book),
                "layers": LAYERS.items(),
                "lists": LISTS[1:],
                "holders": sorted(book.role_names.items(), key=lambda pair: pair[1]),
            }
        case "modules":
            return {"rows": contents.module_rows(book)}
        case "roles":
            return {"rows": contents.role_rows(book)}
        case "calendar":
            return {"years": contents.years(book), "duty_hours": book.calendar.duty_hours}
        case "figures":
            return {"rows": contents.figures(book)}
    return {"rows": readable_versions()}


def _tabs(request: ActorRequest, book: Rulebook, current: Rulebook, view: str) -> list[dict[str, Any]]:
    kept = "" if book is current else f"&version={book.version.number}"
    counts = {"kinds": len(book.catalogue.leaves()), "rules": len(book.rules)}
    tabs = [
        {
            "href": f"{reverse('rulebook')}?view={name}{kept}",
            "label": label,
            "here": name == view,
            "count": counts.get(name),
        }
        for name, (label, _filters) in VIEWS.items()
    ]
    tabs.insert(2, {"href": reverse("duties"), "label": _("兜底岗"), "here": False, "count": None})
    if any(
        request.actor.may(power) for power in (Power.MANAGE_RULEBOOK, Power.REVIEW_RULEBOOK, Power.APPROVE_RULEBOOK)
    ):
        tabs.append({"href": reverse("rules_year"), "label": _("规则的一年"), "here": False, "count": None})
        tabs.append({"href": reverse("drafting_versions"), "label": _("修订"), "here": False, "count": None})
    return tabs
