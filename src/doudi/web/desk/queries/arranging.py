"""How a list of the desk is arranged: its saved views with their counts, and the columns that are shown.

A view is counted as a tab is, and all of them with the tabs in one statement. What shows closed matters, too, is not
counted: a town has a million of them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import QueryDict
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from doudi.engine.people.vocabulary import Power
from doudi.web import clock
from doudi.web.areas.queries import AreaDirectory
from doudi.web.desk.forms import FilterForm
from doudi.web.desk.queries import choices, lists
from doudi.web.desk.queries.counting import Tabs, shown
from doudi.web.desk.queries.sorting import asked_sort
from doudi.web.matters.queries import visible_reports
from doudi.web.people.access import POWERS
from doudi.web.people.actor import Actor
from doudi.web.rulebook.queries import Rulebook
from doudi.web.views.models import View
from doudi.web.views.queries import Views, may_end, may_share, views

MATTERS, REPORTS = View.List.MATTERS.value, View.List.REPORTS.value


@dataclass(frozen=True, slots=True)
class Listed:
    """A list of the desk: the name of its address, who reads it, its columns; those that nobody chose are shown by ``default``."""

    page: str
    power: Power
    columns: Mapping[str, Promise]
    default: frozenset[str]


LISTS: Mapping[str, Listed] = {
    MATTERS: Listed(
        "desk",
        Power.SEE_DESK,
        {
            "place": _("地点"),
            "state": _("状态"),
            "holder": _("谁承办，为什么"),
            "office": _("承办单位"),
            "channel": _("来源"),
            "body": _("法定责任主体"),
            "until": _("到什么时候"),
        },
        frozenset({"place", "state", "holder", "until"}),
    ),
    REPORTS: Listed(
        "reports",
        Power.REPLY,
        {
            "place": _("地点"),
            "channel": _("来源"),
            "order": _("上级编号"),
            "state": _("状态"),
            "answerer": _("谁答复"),
            "contact": _("联系"),
            "until": _("最晚答复"),
        },
        frozenset({"place", "channel", "state", "answerer", "contact", "until"}),
    ),
}


def kept_query(which: str, path: QueryDict, book: Rulebook, places: AreaDirectory) -> str:
    """What a view keeps of a list's address: its filters, tab and sort; never the words of a search, which may name people."""
    asked = dict(FilterForm(path, book, places.version).asked)
    asked.pop("q", None)
    if which == MATTERS:
        tab = lists.asked_tab(path.get("tab", ""))
        asked |= {"tab": tab, "sort": asked_sort(tab, path.get("sort", ""))}
    else:
        asked["tab"] = path.get("tab", "") if path.get("tab", "") in lists.REPORT_TABS else "to_answer"
    return urlencode({name: str(value) for name, value in asked.items() if value})


def view_path(view: View) -> str:
    return f"{reverse(LISTS[view.which].page)}?{view.asked}&view={view.pk}"


@dataclass(frozen=True)
class Arranged:
    """A list as this reader has arranged it. ``tabs`` are to be counted with those of the list, in the same order as they come back."""

    which: str
    actor: Actor
    found: Views
    open: View | None
    tabs: Sequence[Tabs]

    @property
    def columns(self) -> frozenset[str]:
        known = LISTS[self.which]
        chosen = frozenset(self.open.columns if self.open else self.found.columns) & frozenset(known.columns)
        return chosen or known.default

    def facts(self, figures: Sequence[Mapping[str, int]], version: int, kept: str) -> dict[str, Any]:
        """What the page shows: the views with their ``figures``, the columns, to whom a view may be given."""
        counts = {name: count for one in figures for name, count in one.items()}
        listed, columns = LISTS[self.which], self.columns
        entries = [
            {
                "view": one,
                "href": view_path(one),
                "key": key_of(one),
                "here": one is self.open,
                "count": shown(counts.get(key_of(one))),
                "may_end": may_end(self.actor, one),
            }
            for one in self.found.named
        ]
        return {
            "views": entries,
            "view": self.open,
            "listed": self.which,
            "columns": [(name, label, name in columns) for name, label in listed.columns.items()],
            "show": dict.fromkeys(columns - listed.default, True),
            "hide": dict.fromkeys(listed.default - columns, True),
            "share_with": self._share_with(version),
            "view_changed": self.open is not None and self.open.asked != kept,
        }

    def _share_with(self, version: int) -> Sequence[tuple[str, str]]:
        """The posts that read this list, for whoever may share."""
        if not may_share(self.actor):
            return ()
        power = LISTS[self.which].power
        able = (post for post in choices.posts(version, holding=False) if power in POWERS.get(post.access, ()))
        return [(post.code, f"{post.office.name} · {post.name}") for post in able]


def key_of(view: View) -> str:
    return f"view-{view.pk}"


def arranged(actor: Actor, which: str, opened: str, book: Rulebook, places: AreaDirectory) -> Arranged:
    """The views of this reader, with what counts them. One statement."""
    found = views(actor, which)
    count = _matters if which == MATTERS else _reports
    tabs = [made for one in found.named if (made := count(actor, one, book, places)) is not None]
    return Arranged(which, actor, found, found.open(opened), tabs)


def _matters(actor: Actor, view: View, book: Rulebook, places: AreaDirectory) -> Tabs | None:
    path = QueryDict(view.asked)
    tab = lists.asked_tab(path.get("tab", ""))
    if tab == "all":
        return None
    rows = lists.narrowed(actor, FilterForm(path, book, places.version).asked, book, places)
    return lists.matter_tabs(rows, clock.now(), {key_of(view): tab})


def _reports(actor: Actor, view: View, book: Rulebook, places: AreaDirectory) -> Tabs | None:
    path = QueryDict(view.asked)
    tab = path.get("tab", "")
    if tab == "all" or tab not in lists.REPORT_TABS:
        return None
    rows = lists.narrowed_reports(visible_reports(actor), FilterForm(path, book, places.version).asked, places)
    return lists.report_tabs(rows, {key_of(view): tab})
