"""Who gets what at every address: each kind of seat, and nobody at all, in the own area, below, beside and above it.

``routes.csv`` is the answer, written for officials: 可 (shown or done), 请登录, 不存在 (also what this person may not do),
不行 (not now, or not by this post).
An address that is not in it fails, and its lines as they are found are printed, to be judged and put there. In every
run all are asked in the own area, and elsewhere a sixth, in turn; ``DOUDI_MATRIX=whole`` asks all everywhere.
"""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Iterator
from types import SimpleNamespace
from zlib import crc32

import pytest

from doudi.engine.journal import ActorKind
from tests.matrix.ground import ACTS_AS, ASKERS, HERE, HIDDEN, NOBODY, NOT_AT_PAGES, THERE, TWO_SEATS, lay
from tests.matrix.requests import (
    ARGUED,
    BY_LINK,
    FOR_EVERYBODY,
    NO_PLACE,
    PLACES,
    TABLE,
    THINGS,
    Asker,
    Line,
    Route,
    addresses,
    positions,
    table,
)

pytestmark = pytest.mark.only(
    "sqlite", "whether an address answers: what lists hold is asked of the store in test_lists"
)

WHOLE = os.environ.get("DOUDI_MATRIX") == "whole"
OWN, SHARE = (NO_PLACE, "本区域"), 6


def asked(lines: list[Line]) -> Iterator[tuple[Line, str]]:
    """The lines with those who ask in this run: each line and everybody at each position is met."""
    for line in lines:
        # By its own words: a line that is added elsewhere in the table moves nobody's turn.
        first = crc32("".join((line.route.address, line.route.method, line.route.position)).encode())
        for turn, who in enumerate(ASKERS):
            if WHOLE or line.route.position in OWN or (first + turn) % SHARE == 0:
                yield line, who


@pytest.fixture
def askers(town: SimpleNamespace) -> dict[str, Asker]:
    ground = lay(town)
    return {who: Asker(ground, who) for who in ASKERS}


@pytest.mark.slow
@pytest.mark.only("sqlite", "thousands of pages; what they ask of the store is asked by the lists on both")
def test_everybody_gets_at_every_address_what_the_table_says(askers: dict[str, Asker]) -> None:
    wrong = [
        f"{line.route.method} {line.route.address} {line.route.position} {who}: {found}, not {line.answers[who]}"
        for line, who in asked(table())
        if (found := askers[who].ask(line.route)) != line.answers[who]
    ]
    assert not wrong, "\n".join(wrong)
    for who, asker in askers.items():
        for address, kinds in asker.acted.items():
            party = {ActorKind.PARTY} if address.startswith(BY_LINK) or address in FOR_EVERYBODY else set()
            # What a step brings with it, as a timer would, is the platform's own.
            own = set() if address.startswith(BY_LINK) else {ACTS_AS[who]}
            assert kinds - {ActorKind.SYSTEM} <= party | own, (who, address)
        # A seat that may almost nothing acts at two addresses in all, which a sixth of the lines may not meet.
        acts = {ActorKind.PARTY, ACTS_AS[who]} if WHOLE else {ActorKind.PARTY}
        assert acts <= set().union(*asker.acted.values()), who
    assert askers["网格员"].acted["report"] == {ActorKind.STAFF}
    assert askers[NOBODY].acted["report"] == {ActorKind.PARTY}
    assert {*ACTS_AS.values(), *NOT_AT_PAGES} == set(ActorKind)


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
        for route in sorted(
            missing, key=lambda one: (one.address, one.method, positions(one.address).index(one.position))
        )
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
    """The table against itself: whoever is not shown a matter, report or photograph reaches none of its addresses."""
    shown = {"matters": "matters/<str:number>", "reports": "reports/<str:number>", "files": "files/<uuid:upload_id>"}
    pages = {(line.route.address, line.route.position): line for line in table() if line.route.method == "GET"}
    for line in table():
        if (page := shown.get(line.route.address.partition("/")[0])) and "/" in line.route.address:
            seen = pages[page, line.route.position]
            for who in ASKERS:
                if seen.answers[who] != "可":
                    assert line.answers[who] == seen.answers[who], (line.route, who)


def test_nobody_reaches_beside_or_above_their_area() -> None:
    for line in table():
        if line.route.position in ("相邻", "上级"):
            # Whoever leads the shift in the next area, too, reaches what lies there.
            asked_here = [who for who in ASKERS if who != TWO_SEATS or line.route.position == "上级"]
            if line.route.address == "orders/<str:number>/sign":
                # Whoever signs for a system signs all of its answers, wherever they lie.
                asked_here.remove("镇领导")
            assert {line.answers[who] for who in asked_here} <= {"不存在", "请登录"}, line.route
        if line.route.address.startswith((*THINGS, *ARGUED, *PLACES)):
            assert line.answers[NOBODY] in ("请登录", "不存在"), line.route


#: what is sent along, or what must have happened before, lies in the own area alone, where the second seat gives nothing
_HERE_ALONE = {
    "carried/letter",
    "matters/<str:number>/merge",
    "roster",
    "roster/<int:shift_id>/off",
    "requests/<uuid:request_id>",
    "requests/<uuid:request_id>/copy",
}


def test_two_seats_lend_each_other_nothing() -> None:
    """In the own area whoever has both gets what the one seat gives, in the next what the other does."""
    lines = {(line.route.address, line.route.method, line.route.position): line.answers for line in table()}
    here, there = str(HERE.label), str(THERE.label)
    for (address, method, position), answers in lines.items():
        if address in _HERE_ALONE:
            continue
        if position in ("本区域", "下级", *HIDDEN):
            assert answers[TWO_SEATS] == answers[here], (address, method, position)
        elif position == "相邻":
            assert answers[TWO_SEATS] == lines[address, method, "本区域"][there], (address, method)
        elif position == NO_PLACE:
            assert (answers[TWO_SEATS] == "可") == ("可" in (answers[here], answers[there])), (address, method)


def test_what_is_restricted_or_secret_is_nobodys_more_than_what_is_not() -> None:
    """The table against itself: hidden, nothing can be done that could not be done before, but for its own steps."""
    own = ("retell", "reveal", "lift", "restrict")
    lines = {(line.route.address, line.route.method, line.route.position): line.answers for line in table()}
    for (address, method, position), answers in lines.items():
        if position in HIDDEN and not address.endswith(own):
            seen = lines[address, method, "本区域"]
            assert all(answers[who] != "可" or seen[who] in ("可", "不行") for who in ASKERS), (
                address,
                method,
                position,
            )
