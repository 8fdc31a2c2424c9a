from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pytest

from doudi.web.demo.names import chance_for
from doudi.web.demo.roster import Shift, draw_roster
from tests.web.demo.small_town import staffing

FIRST, LAST = date(2026, 11, 1), date(2026, 11, 10)


def shifts_of(post: str) -> list[Shift]:
    drawn = draw_roster(staffing().members, FIRST, LAST, chance_for("roster"))
    return sorted((shift for shift in drawn if shift.post == post), key=lambda shift: shift.starts_at)


@pytest.mark.parametrize(("post", "a_day"), [("uoc.duty", 3), ("uoc.shift_leader", 2), ("torch_team.lead", 2)])
def test_somebody_of_the_post_is_on_at_every_moment_and_nobody_twice_running(post: str, a_day: int) -> None:
    shifts = shifts_of(post)
    assert len(shifts) == 10 * a_day
    for shift, following in pairwise(shifts):
        assert shift.ends_at == following.starts_at
        assert shift.member != following.member
    assert {shift.member.post for shift in shifts} == {post}


def test_the_night_shift_of_the_torch_team_ends_next_morning() -> None:
    night = next(shift for shift in shifts_of("torch_team.lead") if shift.note == "夜间值守")
    assert night.starts_at.hour == 20
    assert night.ends_at - night.starts_at == timedelta(hours=12)
