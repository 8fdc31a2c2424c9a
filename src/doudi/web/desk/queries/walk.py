"""From one matter to the next of the list it was opened from, without going back to the list.

The list stands in the address as its own query (``in``), so that a bookmark, a second window and the back button keep
their place. Where the matter stands is read from what orders the list, so that it has a place there also after it left.
"""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote, urlsplit

from django.db.models import Q, QuerySet
from django.http import QueryDict
from django.urls import reverse

from doudi.engine.people.vocabulary import Power
from doudi.web import clock
from doudi.web.areas.queries import areas
from doudi.web.desk.forms import FilterForm
from doudi.web.desk.paging import Order
from doudi.web.desk.queries import lists
from doudi.web.desk.queries.sorting import asked_sort, order_of, sortable
from doudi.web.matters.models import Matter
from doudi.web.people.actor import Actor
from doudi.web.rulebook.queries import rulebook_on

_LONGEST = 1000
#: how many stand beside a matter before it, and from it on
_BEFORE, _ONWARD = 4, 36


@dataclass(frozen=True, slots=True)
class Walk:
    """``before`` and ``after``: the numbers of the neighbours, empty at the ends. ``listed``: the list's query."""

    listed: str
    before: str = ""
    after: str = ""

    @property
    def list_path(self) -> str:
        return f"{reverse('desk')}?{self.listed}"

    @property
    def before_path(self) -> str:
        return matter_path(self.before, self.listed) if self.before else ""

    @property
    def after_path(self) -> str:
        return matter_path(self.after, self.listed) if self.after else ""


def matter_path(number: str, listed: str) -> str:
    """The page of a matter as a step of a walk through the list."""
    return f"{reverse('matter', args=[number])}?in={quote(listed, safe='')}"


def listed_in(path: str) -> str:
    """The list that a walking page's address names; empty: none."""
    return QueryDict(urlsplit(path).query).get("in", "")


def walk(actor: Actor, matter: Matter, listed: str) -> Walk | None:
    """Where the matter stands in the list of this query, for those who have a desk. Three statements.

    A list of what a search finds has no order to walk in: None.
    """
    stands = _stands(actor, matter, listed)
    if stands is None:
        return None
    rows, order, place = stands
    return Walk(listed, _neighbour(rows, order, place, turned=True), _neighbour(rows, order, place))


def around(actor: Actor, matter: Matter, listed: str) -> list[Matter] | None:
    """The matters of the list from a few before this one on, to be shown beside its page. Three statements.

    None where nobody walks, as in ``walk``.
    """
    stands = _stands(actor, matter, listed)
    if stands is None:
        return None
    rows, order, place = stands
    rows = lists.with_holder(rows)
    before = order.sorted(rows.filter(order.beyond(place, turned=True)), turned=True)[:_BEFORE]
    onward = order.sorted(rows.filter(Q(pk=matter.pk) | order.beyond(place)))[:_ONWARD]
    return [*list(before)[::-1], *onward]


def _stands(actor: Actor, matter: Matter, listed: str) -> tuple[QuerySet[Matter], Order, tuple[object, ...]] | None:
    """The rows of the list, their order, and where the matter stands in it; one statement."""
    if not listed or len(listed) > _LONGEST or not actor.may(Power.SEE_DESK):
        return None
    asked = QueryDict(listed)
    book, places = rulebook_on(), areas()
    filters = FilterForm(asked, book, places.version).asked
    if filters.get("q"):
        return None
    tab = lists.asked_tab(asked.get("tab", ""))
    order = order_of(tab, asked_sort(tab, asked.get("sort", "")))
    here = sortable(Matter.objects.filter(pk=matter.pk)).get()
    place = order.read(order.cursor(here))
    assert place is not None
    rows = sortable(lists.narrowed(actor, filters, book, places).filter(lists.tab_of(tab, clock.now())))
    return rows, order, place


def _neighbour(rows: QuerySet[Matter], order: Order, place: tuple[object, ...], *, turned: bool = False) -> str:
    beyond = order.sorted(rows.filter(order.beyond(place, turned=turned)), turned=turned)
    return beyond.values_list("number", flat=True).first() or ""
