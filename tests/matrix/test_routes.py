"""Who gets what at every address: each kind of seat, and nobody at all, in the own area, below, beside and above it.

``routes.csv`` is the answer, written for officials: 可 (shown or done), 请登录, 无权, 不存在, 不行 (not now, or not by this
post). An address that is not in it fails, and its lines as they are found are printed, to be judged and put there.
"""

from __future__ import annotations

import csv
import io
from types import SimpleNamespace

import pytest

from tests.matrix.asking import ARGUED, PLACES, TABLE, THINGS, Asker, Line, Route, addresses, positions, table
from tests.matrix.ground import ASKERS, NOBODY, lay


@pytest.fixture
def askers(town: SimpleNamespace) -> dict[str, Asker]:
    ground = lay(town)
    return {who: Asker(ground, who) for who in ASKERS}


@pytest.mark.slow
@pytest.mark.only("sqlite", "two thousand pages; what they ask of the store is asked by the lists on both")
def test_everybody_gets_at_every_address_what_the_table_says(askers: dict[str, Asker]) -> None:
    wrong = [
        f"{line.route.method} {line.route.address} {line.route.position} {who}: {found}, not {line.answers[who]}"
        for line in table()
        for who, asker in askers.items()
        if (found := asker.ask(line.route)) != line.answers[who]
    ]
    assert not wrong, "\n".join(wrong)


def test_every_address_has_its_lines(askers: dict[str, Asker]) -> None:
    lines = [line.route for line in table()]
    assert len(set(lines)) == len(lines), "two lines say the same"
    there = {(address, method): positions(address) for address in addresses() for method in ("GET", "POST")}
    due = {Route(address, method, position) for (address, method), found in there.items() for position in found}
    assert set(lines) <= due, f"there is no such address any more: {set(lines) - due}"
    judged = {(route.address, route.method) for route in lines}
    missing = due - set(lines)
    # What is not answered in this way at all needs no line; the shift leader, who may most, is asked.
    silent = {
        (address, method)
        for address, method in there.keys() - judged
        if askers["值班长"].ask(Route(address, method, there[address, method][0])) == "没有这种方式"
    }
    found = [
        Line(route, "", {who: asker.ask(route) for who, asker in askers.items()})
        for route in sorted(missing, key=lambda one: (one.address, one.method, positions(one.address).index(one.position)))
        if (route.address, route.method) not in silent
    ]
    assert not found, f"judge these lines and put them into {TABLE.name}:\n{written(found)}"


def written(lines: list[Line]) -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows(
        [line.route.address, line.route.method, line.does, line.route.position, *(line.answers[who] for who in ASKERS)]
        for line in lines
    )
    return out.getvalue()


def test_what_a_person_may_not_see_is_at_none_of_its_addresses() -> None:
    """The table against itself: a matter or report that one address denies is denied by all of its addresses."""
    for kind in THINGS:
        lines = [line for line in table() if line.route.address.startswith(kind)]
        for who in ASKERS:
            for position in {line.route.position for line in lines}:
                here = {line.answers[who] == "不存在" for line in lines if line.route.position == position}
                assert len(here) == 1, (kind, who, position)


def test_nobody_reaches_beside_or_above_their_area() -> None:
    for line in table():
        if line.route.position in ("相邻", "上级"):
            assert {line.answers[who] for who in ASKERS} <= {"不存在", "请登录", "无权"}, line.route
        if line.route.address.startswith((*THINGS, *ARGUED, *PLACES)):
            assert line.answers[NOBODY] in ("请登录", "不存在"), line.route
