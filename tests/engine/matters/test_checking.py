"""Who is named to check: somebody near, of another office, and never the holder."""

from __future__ import annotations

from doudi.engine.matters.checking import Candidate, Seat, named

NEAR = Candidate("grid.1", "grid", Seat.NEAR, 0)
VILLAGE = Candidate("grid.head", "grid", Seat.NEAR, 1)
DESK = Candidate("uoc.duty", "uoc", Seat.DESK, 3)
SHIFT = Candidate("uoc.shift", "uoc", Seat.LEADS_SHIFT, 3)
ALL = [SHIFT, DESK, VILLAGE, NEAR]


def test_the_nearest_comes_first_then_the_desk_then_who_leads_the_shift() -> None:
    assert named(ALL, "chengguan", "chengguan") == "grid.1"
    assert named([SHIFT, DESK, VILLAGE], "chengguan", "chengguan") == "grid.head"
    assert named([SHIFT, DESK], "chengguan", "chengguan") == "uoc.duty"
    assert named([SHIFT], "chengguan", "chengguan") == "uoc.shift"


def test_the_holder_never_and_its_own_office_only_where_nobody_else_can() -> None:
    assert named(ALL, "grid.1", "grid") == "uoc.duty"
    assert named([NEAR, VILLAGE], "grid.1", "grid") == "grid.head"
    assert named([NEAR], "grid.1", "grid") == ""
    assert named([DESK, SHIFT], "uoc.duty", "uoc") == "uoc.shift"
