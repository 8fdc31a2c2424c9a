"""Lists, counts, search and exports show exactly what the table says exists for a person, and nothing else."""

from __future__ import annotations

import html
import re
from types import SimpleNamespace

import pytest

from doudi.web.desk.pages.search import MOST
from doudi.web.matters.models import Matter
from tests.matrix.ground import ASKERS, HIDDEN, IN_HAND, NOBODY, TWO_SEATS, Ground, Thing, lay
from tests.matrix.requests import Asker, table

SEATED = tuple(who for who in ASKERS if who != NOBODY)


@pytest.fixture
def ground(town: SimpleNamespace) -> Ground:
    return lay(town, without=HIDDEN)


def seen(address: str, who: str) -> set[str]:
    """The positions at which the table shows this person the page."""
    lines = [line for line in table() if line.route.address == address and line.route.method == "GET"]
    assert lines
    return {line.route.position for line in lines if line.answers[who] == "可"}


def open_to(address: str, who: str) -> bool:
    return bool(seen(address, who))


def things(ground: Ground, address: str, who: str) -> list[Thing]:
    """What exists for the person; what is in somebody else's hands lies beside the area, where whoever has two seats leads."""
    positions = seen(address, who)
    return [
        thing
        for (position, *more), thing in ground.things.items()
        if position in positions and (position != IN_HAND or who in (more[-1], TWO_SEATS))
    ]


def taken(ground: Ground, address: str, who: str) -> list[Thing]:
    """What the person may take away: of two seats only the one in the next area gives that power, also for what lies nowhere."""
    there = things(ground, address, who)
    beside = [thing for (position, *_), thing in ground.things.items() if position in ("相邻", "无处", IN_HAND)]
    return [one for one in there if one in beside] if who == TWO_SEATS else there


def page(asker: Asker, path: str) -> str:
    answer = asker.client.get(path)
    assert answer.status_code == 200, path
    return answer.getvalue().decode() if answer.streaming else answer.content.decode()


def numbers(text: str, kind: str) -> set[str]:
    return set(re.findall(rf"/{kind}/(\d{{14}})\b", text))


def test_lists_show_what_exists_and_nothing_else(ground: Ground) -> None:
    for who in SEATED:
        asker = Asker(ground, who)
        matters = {one.matter.number for one in things(ground, "matters/<str:number>", who)}
        reports = {one.report.number for one in things(ground, "reports/<str:number>", who)}
        assert first(numbers(page(asker, "/search?q=噪声"), "matters"), matters), who
        assert first(numbers(page(asker, "/search?q=噪声"), "reports"), reports), who
        if open_to("desk", who):
            assert numbers(page(asker, "/desk?tab=all"), "matters") == matters, who
        if open_to("reports", who):
            assert numbers(page(asker, "/reports?tab=all"), "reports") == reports, who
        places = {ground.units[position].code for position in seen("units/<str:code>", who)}
        assert {code for code in codes(ground) if code in page(asker, "/search?q=空地")} == places, who
        if open_to("units", who):
            assert {code for code in codes(ground) if code in page(asker, "/units")} == places, who
        mine = {one.matter.number for key, one in ground.things.items() if key[0] == IN_HAND and key[-1] == who}
        assert mine <= numbers(page(asker, "/work"), "matters") <= matters, who


def first(found: set[str], there: set[str]) -> bool:
    """All of it, or as many as a page of search shows."""
    return found == there or (found < there and len(found) == MOST)


def codes(ground: Ground) -> list[str]:
    return [unit.code for unit in ground.units.values()]


def test_counts_count_what_exists(ground: Ground) -> None:
    for who in SEATED:
        if open_to("desk", who):
            answer = Asker(ground, who).client.get("/desk")
            counted = {tab["href"].rpartition("tab=")[2]: tab["count"] for tab in answer.context["tabs"]}
            mine = [one.matter.pk for one in things(ground, "matters/<str:number>", who)]
            assert counted["open"] == Matter.objects.filter(pk__in=mine, status__in=Matter.OPEN).count(), who


def test_what_is_taken_away_is_what_exists(ground: Ground) -> None:
    for who in SEATED:
        asker = Asker(ground, who)
        if open_to("desk/matters.<slug:form>", who):
            found = page(asker, "/desk/matters.csv?tab=all")
            there = taken(ground, "matters/<str:number>", who)
            assert rows(found) == len(there), who
            assert all(one.report.words in found for one in there), who
        if open_to("reports.<slug:form>", who):
            found = page(asker, "/reports.csv?tab=all")
            there = taken(ground, "reports/<str:number>", who)
            assert rows(found) == len(there), who
            assert all(one.report.words in found for one in there), who
        if open_to("units.<slug:form>", who):
            there = seen("units/<str:code>", who) - ({"本区域", "下级", "上级"} if who == TWO_SEATS else set())
            found = page(asker, "/units.csv")
            assert {one for one in ground.units if f"空地{one}" in found} == there, who


def rows(table_: str) -> int:
    return len(table_.strip().splitlines()) - 1


def test_a_photo_is_seen_by_its_own_link_and_by_no_other(ground: Ground) -> None:
    asker = Asker(ground, NOBODY)
    one, other = ground.things["本区域", "新"], ground.things["下级", "新"]
    for size in ("", "/small"):
        assert asker.client.get(f"/r/{one.token}/photo/{one.photo.pk}{size}").status_code == 200
        assert asker.client.get(f"/r/{one.token}/photo/{other.photo.pk}{size}").status_code == 404
    assert asker.client.get(f"/r/{one.token}x").status_code == 404


def test_no_way_and_no_tab_leads_where_nothing_is(ground: Ground) -> None:
    """Each way, tab and menu entry that somebody is shown opens for them; so do those on the pages behind it."""
    for who in SEATED:
        asker = Asker(ground, who)
        ahead, seen = ["/me"], {"/me"}
        while ahead:
            path = ahead.pop()
            answer = asker.client.get(path)
            assert answer.status_code in (200, 302), (who, path)
            for link in offered(answer.content.decode()) - seen:
                seen.add(link)
                ahead.append(link)
        assert len(seen) > 2, who


def offered(text: str) -> set[str]:
    """The addresses in the bar, the menu and the tabs of a page."""
    parts = re.findall(r'<nav[^>]*class="(?:bar-ways|tabs)[^>]*>.*?</nav>|<div class="menu-list">.*?</div>', text, re.S)
    return {
        html.unescape(link).partition("#")[0] for part in parts for link in re.findall(r'<a[^>]* href="([^"]+)"', part)
    }
