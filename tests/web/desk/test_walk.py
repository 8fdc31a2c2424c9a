"""From a list one walks through its matters: forth and back, and on after each that is done; outside of it nothing changes."""

from __future__ import annotations

import re
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any
from urllib.parse import quote

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from doudi.web.desk.queries.walk import walk
from doudi.web.matters import services as matters
from doudi.web.matters.models import Matter
from tests.web.desk.conftest import STALL, Visitor, dispatched, report
from tests.web.town import actor

Sit = Callable[[Any], Visitor]
LISTED = "tab=open"


@pytest.fixture
def three(town: SimpleNamespace) -> list[Matter]:
    for name in ("东门", "南门", "西门"):
        report(town, f"{name}有人占道摆摊")
    return list(Matter.objects.all())


def order(desk: Visitor, address: str = "/desk") -> list[str]:
    """The numbers as the list shows them."""
    return re.findall(r'class="row-link" href="/matters/(\d+)', desk.read(address))


def test_the_rows_lead_into_the_walk(three: list[Matter], town: SimpleNamespace, sit: Sit) -> None:
    desk = sit(town.people.desk)
    first, second, third = order(desk)
    assert f'href="/matters/{first}?in={quote(LISTED, safe="")}"' in desk.read("/desk")
    page = desk.read(f"/matters/{second}?in={quote(LISTED)}")
    assert f'rel="prev" href="/matters/{first}?in=' in page and f'rel="next" href="/matters/{third}?in=' in page
    assert 'rel="prev"' not in desk.read(f"/matters/{first}?in={quote(LISTED)}")
    assert 'rel="next"' not in desk.read(f"/matters/{third}?in={quote(LISTED)}")
    assert 'rel="next"' not in desk.read(f"/matters/{second}")


def test_the_walk_of_all_is_walked_newest_first(three: list[Matter], town: SimpleNamespace, sit: Sit) -> None:
    desk = sit(town.people.desk)
    numbers = order(desk, "/desk?tab=all")
    middle = Matter.objects.get(number=numbers[1])
    found = walk(actor(town.people.desk), middle, "tab=all")
    assert found is not None and (found.before, found.after) == (numbers[0], numbers[2])


def test_whoever_dispatched_one_stands_before_the_next(three: list[Matter], town: SimpleNamespace, sit: Sit) -> None:
    desk, listed = sit(town.people.desk), "tab=to_dispatch"
    numbers = order(desk, f"/desk?{listed}")
    assert len(numbers) == 3
    here = f"/matters/{numbers[0]}?in={quote(listed, safe='')}"
    page = desk.read(here)
    # One press on a likely kind leads on, too.
    likely = page[page.index('<ol class="choices">') : page.index("</ol>")]
    assert f'name="next" value="{here}"' in likely
    answer = desk.press(f"/matters/{numbers[0]}/dispatch", kind=STALL, next=here)
    assert answer["Location"] == f"/matters/{numbers[1]}?in={quote(listed, safe='')}"
    page = desk.read(answer["Location"])
    assert numbers[0][:8] in page and "这是清单里的下一件" in page and 'rel="prev"' not in page


def test_after_the_last_the_list_opens(three: list[Matter], town: SimpleNamespace, sit: Sit) -> None:
    desk, listed = sit(town.people.desk), "tab=to_dispatch"
    last = order(desk, f"/desk?{listed}")[-1]
    answer = desk.press(f"/matters/{last}/dispatch", kind=STALL, next=f"/matters/{last}?in={quote(listed)}")
    assert answer["Location"] == f"/desk?{listed}"


def test_what_does_not_finish_one_stays_with_it(three: list[Matter], town: SimpleNamespace, sit: Sit) -> None:
    desk = sit(town.people.desk)
    first = order(desk)[0]
    here = f"/matters/{first}?in={quote(LISTED, safe='')}"
    assert desk.press(f"/matters/{first}/note", words="已电话告知", next=here)["Location"] == here
    refused = desk.press(f"/matters/{first}/dispatch", kind="", next=here)
    assert refused.status_code == 400 and 'rel="next"' in refused.content.decode()


def test_a_matter_that_left_the_list_still_has_its_place_in_it(three: list[Matter], town: SimpleNamespace) -> None:
    gone = dispatched(town)
    found = walk(actor(town.people.desk), gone, "tab=to_dispatch")
    assert found is not None and (found.before or found.after)


@pytest.mark.parametrize("listed", ["", "q=摆摊", "tab=none&area=nowhere", "&&&=%%%", "x" * 5000])
def test_a_strange_list_breaks_no_page(three: list[Matter], town: SimpleNamespace, sit: Sit, listed: str) -> None:
    sit(town.people.desk).read(f"/matters/{three[0].number}?in={quote(listed)}")


def test_who_has_no_desk_walks_through_none(town: SimpleNamespace, sit: Sit) -> None:
    matter = dispatched(town)
    page = sit(town.people.east_officer).read(f"/matters/{matter.number}?in={quote(LISTED)}")
    assert "/desk?" not in page and 'name="next"' not in page


def test_the_list_stands_beside_the_matter_from_a_few_before_it_on(town: SimpleNamespace, sit: Sit) -> None:
    rows = [report(town, f"第{n}个占道摆摊") for n in range(8)]
    desk, listed = sit(town.people.desk), "tab=to_dispatch&sort=since"
    here = f"/matters/{rows[5].number}"
    page = desk.read(f"{here}?in={quote(listed, safe='')}")
    assert f'hx-get="{here}/beside?in=tab%3Dto_dispatch%26sort%3Dsince"' in page
    assert "beside?" not in desk.read(here)
    with CaptureQueriesContext(connection) as asked:
        answer = desk.get(f"{here}/beside?in={quote(listed, safe='')}")
    assert [one.matter.number for one in answer.context["rows"]] == [one.number for one in rows[1:]]
    assert len(asked) <= 11, [one["sql"][:80] for one in asked]
    words = answer.content.decode()
    assert words.count('aria-current="page"') == 1 and "<main" not in words
    matters.void(actor(town.people.desk), Matter.objects.get(pk=rows[5].pk), "重复录入")
    gone = desk.get(f"{here}/beside?in={quote(listed, safe='')}")
    assert [one.matter.number for one in gone.context["rows"]] == [one.number for one in (*rows[1:5], *rows[6:])]
    empty = desk.read(f"{here}/beside?in={quote('tab=late', safe='')}")
    assert "清单里没有别的了" in empty


def test_the_list_beside_shows_nobody_more_than_the_list(town: SimpleNamespace, sit: Sit) -> None:
    shown, hidden = report(town), report(town, "实名举报店主行贿，有人占道摆摊")
    matters.dispatch(actor(town.people.shift), hidden, kind=STALL)
    desk = sit(town.people.desk)
    assert hidden.number not in desk.read(f"/matters/{shown.number}/beside?in=tab%3Dopen")
    desk.read(f"/matters/{hidden.number}/beside?in=tab%3Dopen", 404)
    desk.read(f"/matters/{shown.number}/beside", 404)
    sit(town.people.east_officer).read(f"/matters/{shown.number}/beside?in=tab%3Dopen", 404)
