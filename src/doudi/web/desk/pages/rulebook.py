"""The rulebook in force, read-only: what the town handles, who answers for what, when it works, who catches the rest."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from doudi.web.desk.pages.acting import for_staff, places_of, show
from doudi.web.desk.queries import choices
from doudi.web.desk.queries import rulebook as reading
from doudi.web.desk.wording import LAYERS
from doudi.web.rulebook.queries import rulebook_on

VIEWS: dict[str, str | Promise] = {
    "kinds": _("事项目录"), "rules": _("职责规则"), "backstops": _("兜底岗"), "calendar": _("工作日历"), "figures": _("参数"),
}  # fmt: skip


@require_safe
@for_staff
def rulebook(request: HttpRequest) -> HttpResponseBase:
    book, places = rulebook_on(), places_of(request)
    view = request.GET.get("view", "kinds")
    view = view if view in VIEWS else "kinds"
    asked = {name: request.GET.get(name, "").strip() for name in ("q", "group", "layer", "holder", "kind")}
    roles = sorted({(rule.holder, book.role_names.get(rule.holder, rule.holder)) for rule in book.rules}, key=lambda pair: pair[1])
    tabs = [{"href": f"/rulebook?view={name}", "label": label, "here": name == view, "count": None} for name, label in VIEWS.items()]
    facts: dict[str, Any] = {
        "version": book.version, "view": view, "asked": asked, "groups": choices.group_choices(book), "layers": LAYERS.items(),
        "holders": roles, "tabs": tabs, "count_kinds": len(book.catalogue.leaves()), "count_rules": len(book.rules),
    }  # fmt: skip
    match view:
        case "rules":
            facts["rules"] = reading.rule_rows(book, places, asked)
        case "calendar":
            facts |= {"years": reading.years(book), "duty_hours": book.calendar.duty_hours}
        case "figures":
            facts["figures"] = reading.figures(book)
        case "backstops":
            facts["backstops"] = reading.backstops(places)
        case _:
            facts["kinds"] = reading.kind_rows(book, asked["q"], asked["group"])
    return show(request, "desk/rulebook.html", facts)
