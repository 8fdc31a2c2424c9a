"""An open desk says what has come since: to those who may see it, without what they did themselves, and counts it once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from doudi.web import clock
from doudi.web.desk.queries import live
from doudi.web.journal import queries as journal
from doudi.web.matters import services as matters
from tests.web.desk.conftest import Visitor, dispatched, report
from tests.web.matters.test_two_seats import lying, seated
from tests.web.town import EAST, EAST_GRID, TUESDAY, WEST_GRID, actor

Sit = Callable[[Any], Visitor]


def news(desk: Visitor, since: int, tab: str = "open", more: str = "") -> dict[str, Any]:
    answer = desk.get(f"/desk/live?tab={tab}&since={since}{more}")
    assert answer.status_code in (200, 204)
    return answer.json() if answer.status_code == 200 else {}


def test_a_page_carries_where_the_journal_stood(town: SimpleNamespace, sit: Sit) -> None:
    dispatched(town)
    assert f'data-since="{journal.length()}"' in sit(town.people.desk).read("/desk")
    assert f'data-since="{journal.length()}"' in sit(town.people.east_officer).read("/work")


def test_what_came_is_announced_with_the_counts_of_now(town: SimpleNamespace, sit: Sit) -> None:
    desk, start = sit(town.people.desk), journal.length()
    assert news(desk, start) == {}
    report(town, "有人占道摆摊")
    report(town, "路边有人占道卖菜")
    told = news(desk, start)
    assert (told["waiting"], told["words"], told["danger"]) == (2, "有 2 件新的，点此显示", 0)
    assert told["tabs"]["open"] == "2" and told["upto"] == journal.length()
    assert news(desk, told["upto"]) == {}
    assert news(desk, told["upto"], more="&whole=1")["tabs"]["open"] == "2"


def test_danger_among_the_new_rings(town: SimpleNamespace, sit: Sit) -> None:
    desk, start = sit(town.people.desk), journal.length()
    report(town, "店里煤气泄漏，味道很大，有人晕倒了")
    assert news(desk, start)["danger"] == 1


def test_what_one_did_oneself_is_no_news(town: SimpleNamespace, sit: Sit) -> None:
    desk, shift = sit(town.people.desk), sit(town.people.shift)
    matter = dispatched(town)
    start = journal.length()
    matters.note(actor(town.people.desk), matter, "已电话告知")
    assert news(desk, start)["words"] == ""
    assert news(shift, start)["words"] == "有 1 件有变化，点此显示"


def test_what_does_not_exist_for_the_reader_is_not_announced(town: SimpleNamespace, sit: Sit) -> None:
    here = seated(town, [("dispatcher", (EAST,))])
    start = journal.length()
    lying(WEST_GRID)
    assert news(sit(here), start)["waiting"] == 0
    assert news(sit(town.people.desk), start)["waiting"] == 1
    lying(EAST_GRID)
    told = news(sit(here), start)
    assert (told["waiting"], told["tabs"]["open"]) == (1, "1")


def test_only_the_tab_and_the_filters_are_spoken_of(town: SimpleNamespace, sit: Sit) -> None:
    desk, start = sit(town.people.desk), journal.length()
    report(town, "有人占道摆摊")
    assert news(desk, start, "late")["waiting"] == 0
    assert news(desk, start, "open", "&lane=life")["waiting"] == 0


def test_a_page_that_slept_is_told_so_without_counting(
    town: SimpleNamespace, sit: Sit, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live, "MOST", 0)
    start = journal.length()
    report(town, "有人占道摆摊")
    assert "很多变化" in news(sit(town.people.desk), start)["words"]


@pytest.mark.parametrize("said", ["", "x", "-1", "１", "9" * 30])
def test_what_is_no_place_in_the_journal_gives_counts_alone(town: SimpleNamespace, sit: Sit, said: str) -> None:
    report(town, "有人占道摆摊")
    answer = sit(town.people.desk).get(f"/desk/live?since={said}").json()
    assert (answer["words"], answer["tabs"]["open"]) == ("", "1")


def test_my_work_says_what_came_to_my_posts_alone(town: SimpleNamespace, sit: Sit) -> None:
    at, officer, other = reverse("work_live"), sit(town.people.east_officer), sit(town.people.market)
    start = journal.length()
    dispatched(town)
    assert officer.get(f"{at}?since={start}").json()["waiting"] == 1
    assert other.get(f"{at}?since={start}").json()["waiting"] == 0


def test_a_quiet_town_costs_one_statement_beside_the_login(town: SimpleNamespace, sit: Sit) -> None:
    desk, start = sit(town.people.desk), journal.length()
    news(desk, start)
    with CaptureQueriesContext(connection) as asked:
        news(desk, start)
    assert sum("journal" in one["sql"] for one in asked) == 1
    assert len(asked) <= 5, [one["sql"] for one in asked]


def test_desks_open_on_one_list_share_its_counts_until_something_happens(town: SimpleNamespace, sit: Sit) -> None:
    report(town)
    desk, shift = sit(town.people.desk), sit(town.people.shift)

    def asked(who: Visitor, address: str = "/desk/live?tab=open&since=0") -> tuple[int, str]:
        with CaptureQueriesContext(connection) as said:
            told = who.get(address).json()["tabs"]["open"]
        return sum("AS counted" in one["sql"] for one in said.captured_queries), told

    assert asked(desk) == (1, "1") and asked(desk) == (0, "1")
    # Another post, another filter, another fact, and time: each is counted anew.
    assert asked(shift)[0] == 1 and asked(desk, "/desk/live?tab=open&since=0&lane=life") == (1, "0")
    report(town, "门口有垃圾堆")
    assert asked(desk) == (1, "2") and asked(desk) == (0, "2")
    with clock.at(TUESDAY + timedelta(seconds=15)):
        assert asked(desk) == (1, "2")
