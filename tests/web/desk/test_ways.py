"""Every seat opens its own page first, and no way that a page shows it leads to what it may not open."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlsplit

import pytest

from doudi.web.disputes import services as disputes
from doudi.web.matters import services as matters
from doudi.web.people.access import FIRST_PAGES, Access
from doudi.web.rulebook.services import begin_draft
from tests.web.desk.conftest import STALL, Visitor, report
from tests.web.disputes.arguing import manhole, opened, ruling, to_town
from tests.web.town import SEATED, TUESDAY, actor

Sit = Callable[[Any], Visitor]

FIRST = {
    "desk": "/desk",
    "shift": "/desk",
    "east_officer": "/work",
    "grid_east": "/grid",
    "committee": "/grid",
    "leader": "/decide",
    "reviewer": "/decide",
    "auditor": "/looks",
    "admin": "/setup",
}
#: one of each kind of seat, and the rest of the town's people are of the same kinds
SEATS = tuple(FIRST)
#: what is a table or a picture and no page, or ends the visit
_NO_PAGE = re.compile(r"\.(xlsx|csv|json|pdf)$|^/(static|files|logout)|/print$")


def ways(page: str) -> set[str]:
    """The own addresses that a page links to; what is sent by a form is judged by the matrix of routes."""
    found = {unescape(one) for one in re.findall(r'<a [^>]*?href="(/[^"#]*)', page)}
    return {one for one in found if not _NO_PAGE.search(urlsplit(one).path)}


@pytest.fixture
def lived_in(town: SimpleNamespace) -> SimpleNamespace:
    """A town in which something stands on every list."""
    desk = actor(town.people.desk)
    matters.dispatch(desk, report(town), kind=STALL)
    report(town, "说不清的一件事")
    town.matter = manhole(town)
    dispute = opened(town, "greening.street", "market.food")
    told = ruling(town, "greening.street", scope="spot", valid_since=TUESDAY.date())
    disputes.rule(actor(town.people.leader), to_town(town, dispute), told)
    begin_draft(actor(town.people.shift), "试改")
    return town


def test_each_kind_of_seat_has_a_first_page() -> None:
    assert set(FIRST_PAGES) == set(Access) - {Access.NONE}
    assert set(SEATS) <= set(SEATED)


@pytest.mark.parametrize("who", SEATS)
def test_a_seat_opens_the_page_that_fits_it(lived_in: SimpleNamespace, sit: Sit, who: str) -> None:
    person = sit(getattr(lived_in.people, who))
    assert person.get("/")["Location"] == FIRST[who]
    person.read(FIRST[who])


@pytest.mark.parametrize("who", SEATS)
def test_no_way_of_a_seat_leads_to_nothing(lived_in: SimpleNamespace, sit: Sit, who: str) -> None:
    """From the first page along the bar, the menu and the tabs, and then one step further along every link of these."""
    person = sit(getattr(lived_in.people, who))
    known: dict[str, int] = {}

    def follow(path: str) -> str:
        answer = person.client.get(path, follow=True)
        known[path] = answer.status_code
        return answer.content.decode() if answer.status_code == 200 and not answer.streaming else ""

    first = ways(follow(FIRST[who]))
    for path in sorted(first):
        for further in sorted(ways(follow(path)) - known.keys()):
            follow(further)
    assert len(known) > 3
    assert {path: status for path, status in known.items() if status != 200} == {}
