"""Every place has who catches, and only a post that may hold does."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace

import pytest

from doudi.engine.duties.book import Question
from doudi.web import clock
from doudi.web.duties.models import Backstop
from doudi.web.duties.queries import book, duty_desk
from doudi.web.duties.services import BackstopError, NewBackstop, set_backstops
from doudi.web.people.models import Post
from tests.web.town import EAST, EAST_GRID, FOUNDED, TOWN, TUESDAY, WEST_GRID


def caught(area: str) -> str:
    return (
        book()
        .answer(Question("event.street.manhole", "manhole", area, "work", {"owner": "unknown"}, TUESDAY.date()))
        .post
    )


def test_the_nearest_backstop_catches_and_the_duty_desk_where_none_is_nearer(town: SimpleNamespace) -> None:
    assert (caught(EAST_GRID), caught(WEST_GRID), duty_desk()) == ("grid.east", "uoc.duty", "uoc.duty")


def test_a_new_backstop_ends_the_one_before_on_its_first_day(town: SimpleNamespace) -> None:
    set_backstops([NewBackstop(EAST, "chengguan.east", TUESDAY.date())])
    assert list(Backstop.objects.filter(area=EAST).values_list("post", "since", "until")) == [
        ("grid.east", FOUNDED, TUESDAY.date()),
        ("chengguan.east", TUESDAY.date(), None),
    ]
    assert caught(EAST_GRID) == "chengguan.east"


@pytest.mark.parametrize("post", ["committee.east", "grid.west", "nobody"])
def test_a_post_that_may_not_hold_catches_nothing(town: SimpleNamespace, post: str) -> None:
    with pytest.raises(BackstopError):
        set_backstops([NewBackstop(EAST, post, TUESDAY.date())])
    assert caught(EAST_GRID) == "grid.east"


def test_a_post_that_ended_catches_nothing(town: SimpleNamespace) -> None:
    Post.objects.filter(code="market.food").update(until=TUESDAY.date())
    with pytest.raises(BackstopError):
        set_backstops([NewBackstop(EAST, "market.food", TUESDAY.date())])


def test_one_area_is_named_once(town: SimpleNamespace) -> None:
    twice = [NewBackstop(EAST, "grid.east", TUESDAY.date()), NewBackstop(EAST, "chengguan.east", TUESDAY.date())]
    with pytest.raises(BackstopError, match="310199101001"):
        set_backstops(twice)


def test_the_duty_desk_of_tomorrow_is_not_that_of_today(town: SimpleNamespace) -> None:
    set_backstops([NewBackstop(TOWN, "uoc.shift_leader", (TUESDAY + timedelta(days=1)).date())])
    assert (duty_desk(), book().duty_desk, caught(WEST_GRID)) == ("uoc.duty", "uoc.duty", "uoc.duty")
    with clock.at(TUESDAY + timedelta(days=1)):
        assert (duty_desk(), book().duty_desk) == ("uoc.shift_leader", "uoc.shift_leader")


def test_a_town_without_a_duty_desk_says_what_to_do(db: None) -> None:
    with pytest.raises(BackstopError, match="doudi init"):
        duty_desk()
