"""The auditor reads who looked at what is secret, and takes the list away."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from types import SimpleNamespace
from urllib.parse import urlencode
from uuid import UUID

from django.http import Http404, HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from doudi.engine.people.vocabulary import Power
from doudi.engine.secrecy.masking import masked
from doudi.web.exports.kinds import PORTION, ExportKind, Portion, Sheet
from doudi.web.exports.pages import give
from doudi.web.exports.services import FORMS
from doudi.web.looks.forms import LookFilterForm
from doudi.web.looks.models import Look
from doudi.web.looks.queries import looks
from doudi.web.people.actor import Actor
from doudi.web.people.guard import ActorRequest, only_for
from doudi.web.tables.writing import Column

SIZE = 50
#: what people call the pages from which something was looked at
PAGES = {
    "matter": gettext_lazy("事项页"),
    "matter_step": gettext_lazy("事项页"),
    "matter_reveal": gettext_lazy("事项页"),
    "matter_receipt": gettext_lazy("事项回单"),
    "report": gettext_lazy("诉求单页"),
    "report_step": gettext_lazy("诉求单页"),
    "report_reveal": gettext_lazy("诉求单页"),
    "dispute": gettext_lazy("争议页"),
    "dispute_minutes": gettext_lazy("会商纪要"),
    "statement": gettext_lazy("陈述页"),
    "personal_request_copy": gettext_lazy("个人信息请求页"),
}
SORTS = {"matter": gettext_lazy("事项"), "report": gettext_lazy("诉求单")}


@dataclass(frozen=True, slots=True)
class Line:
    """A look in words. The auditor opens none of the records, so nothing leads there."""

    look: Look
    sort: str
    number: str
    page: str
    purpose: str


@require_safe
@only_for(Power.AUDIT)
def looks_page(request: ActorRequest) -> HttpResponse:
    form = LookFilterForm(request.GET)
    asked = form.asked
    rows = looks(asked)
    if (after := _cursor(request.GET.get("after", ""))) is not None:
        rows = rows.filter(pk__lt=after)
    found = list(rows[: SIZE + 1])
    page = SimpleNamespace(older=str(found[SIZE - 1].pk) if len(found) > SIZE else "", newer="", words="")
    kept = urlencode({name: str(value) for name, value in asked.items()})
    facts = {"form": form, "asked": asked, "page": page, "rows": [_line(one) for one in found[:SIZE]], "kept": kept}
    return render(request, "looks/looks.html", facts)


@require_safe
@only_for(Power.AUDIT)
def looks_file(request: ActorRequest, form: str) -> HttpResponseBase:
    """The same list as a file; taking it away is journalled."""
    if form not in FORMS:
        raise Http404
    return give(request, "looks", form)


def _sheet(actor: Actor, fields: QueryDict) -> Sheet:
    """What passes the filters, as a table."""
    rows = looks(LookFilterForm(fields).asked)
    columns: list[Column[Line]] = [
        Column(_("时间"), lambda one: one.look.at, 18),
        Column(_("人"), lambda one: one.look.person.name, 12),
        Column(_("岗位"), lambda one: one.look.post.name if one.look.post else "", 20),
        Column(_("编号"), lambda one: one.number, 18),
        Column(_("看了什么"), lambda one: str(one.look.get_what_display()), 24),
        Column(_("从哪一页"), lambda one: one.page, 12),
        Column(_("用途"), lambda one: one.purpose, 40),
    ]

    def portions(cursor: str) -> Iterator[Portion]:
        while True:
            beyond = _cursor(cursor)
            found = list((rows.filter(pk__lt=beyond) if beyond else rows)[: PORTION + 1])
            cursor = str(found[PORTION - 1].pk) if len(found) > PORTION else ""
            if found:
                yield [_line(one) for one in found[:PORTION]], cursor
            if not cursor:
                return

    return Sheet(_("查看记录"), columns, portions, lambda most: rows.order_by()[: most + 1].count(), rows.count)


EXPORT = ExportKind("looks", "查看记录", _sheet, Power.AUDIT, typed=frozenset({"who"}))


def _cursor(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _line(look: Look) -> Line:
    sort, _slash, number = look.about.partition("/")
    return Line(
        look,
        str(SORTS.get(sort, sort)),
        number,
        str(PAGES.get(look.page, look.page)),
        masked(look.purpose.text) if look.purpose else "",
    )
