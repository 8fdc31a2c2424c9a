"""For whom the town carried: counted from who held and what was ordered, month by month."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

from doudi.engine.matters.carrying import UNKNOWN, Holding, Ordered, by_body_and_month, carried, on_behalf_of

NOVEMBER = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)
DAY = timedelta(days=1)


def month(moment: datetime) -> str:
    return f"{moment:%Y-%m}"


def caught(since: datetime, until: datetime | None, post: str = "grid.head") -> Holding:
    return Holding(post, "综合网格", since, until, True)


def test_what_a_rule_named_a_holder_for_from_the_start_was_not_carried() -> None:
    held = [Holding("chengguan", "执法队", NOVEMBER, None, False)]
    assert carried("1", "区水务局", held, [Ordered(NOVEMBER, Decimal(80))], NOVEMBER + DAY, month) == []


def test_the_competent_body_comes_before_the_office_it_was_put_to() -> None:
    settled = [caught(NOVEMBER, NOVEMBER + DAY), Holding("water", "水务站", NOVEMBER + DAY, None, False)]
    assert on_behalf_of("区水务局", settled) == "区水务局"
    assert on_behalf_of("", settled) == "水务站"
    assert on_behalf_of("", settled[:1]) == UNKNOWN
    assert on_behalf_of("", [*settled, caught(NOVEMBER + 2 * DAY, None)]) == UNKNOWN


def test_each_month_counts_its_own_orders_and_its_own_holding() -> None:
    held = [caught(NOVEMBER, NOVEMBER + DAY), caught(NOVEMBER + 20 * DAY, None, "uoc.duty")]
    orders = [
        Ordered(NOVEMBER, Decimal("80.50")),
        Ordered(NOVEMBER + 20 * DAY, Decimal(10)),
        Ordered(NOVEMBER, Decimal(20)),
    ]
    found = carried("1", "", held, orders, NOVEMBER + 21 * DAY, month)
    assert [(one.month, one.by, one.orders, one.cost, one.held) for one in found] == [
        ("2026-11", "grid.head", 2, Decimal("100.50"), DAY),
        ("2026-12", "uoc.duty", 1, Decimal(10), DAY),
    ]


def test_a_crew_that_went_after_all_was_settled_still_counts() -> None:
    held = [caught(NOVEMBER, NOVEMBER + DAY), Holding("water", "水务站", NOVEMBER + DAY, None, False)]
    (late,) = carried("1", "", held, [Ordered(NOVEMBER + 2 * DAY, Decimal(5))], NOVEMBER + 3 * DAY, month)
    assert (late.by, late.on_behalf_of, late.cost) == ("grid.head", "水务站", Decimal(5))


def test_the_sums_are_those_of_the_list_behind_them() -> None:
    rows = [
        *carried("1", "区水务局", [caught(NOVEMBER, None)], [Ordered(NOVEMBER, Decimal(5))], NOVEMBER + DAY, month),
        *carried("2", "区水务局", [caught(NOVEMBER, None)], [], NOVEMBER + DAY, month),
        *carried("3", "", [caught(NOVEMBER + 20 * DAY, None)], [], NOVEMBER + 21 * DAY, month),
    ]
    newest, older = by_body_and_month(rows)
    assert (newest.month, newest.on_behalf_of, newest.matters) == ("2026-12", UNKNOWN, 1)
    assert (older.matters, older.orders, older.cost, older.held) == (2, 1, Decimal(5), 2 * DAY)
