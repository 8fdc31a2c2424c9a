"""Who is on is entered, shown and called off; and for every area the pages say who catches and who answers there now."""

from __future__ import annotations

import re
from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from doudi.web import clock
from doudi.web.duties.models import Backstop
from doudi.web.people.access import Access
from doudi.web.people.models import Appointment, Person
from doudi.web.people.services import NewPost, add_person, appoint, save_posts
from doudi.web.resources.models import Roster
from doudi.web.resources.queries import who_answers, who_answers_each
from tests.web.town import EAST, FOUNDED, TUESDAY, WEST

TODAY = date(2026, 11, 24)


def at_work(person: Person) -> Client:
    browser = Client()
    browser.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    return browser


@pytest.fixture
def desk(town: SimpleNamespace) -> Client:
    return at_work(town.people.desk)


def words(browser: Client, path: str) -> str:
    answer = browser.get(path)
    assert answer.status_code == 200, path
    return answer.content.decode()


def shift(**more: Any) -> dict[str, Any]:
    said = {
        "post": "uoc.duty",
        "name": "夜班小李",
        "phone": "021-55500009",
        "on": TODAY.isoformat(),
        "starts": "09:00",
        "ends": "17:00",
        "days": "1",
    }
    return said | more


# -- the roster


def test_a_shift_before_eight_stands_on_its_own_day_also_on_a_phone(town: SimpleNamespace, desk: Client) -> None:
    """The day of a moment is the town's: at half past seven it is still yesterday in UTC."""
    desk.post("/roster", shift(on="2026-11-26", starts="07:30", ends="11:00"))
    on = re.findall(r'class="week-day">\S+ <time datetime="([^"]+)"', words(desk, "/roster?week=2026-11-26"))
    assert on == ["2026-11-26"]


def test_a_shift_is_entered_and_answers_at_once(town: SimpleNamespace, desk: Client) -> None:
    answer = desk.post("/roster", shift(), follow=True)
    assert "已排夜班小李在城运值班岗值班，共 1 班" in answer.content.decode()
    assert who_answers(town.posts["uoc.duty"]).name == "夜班小李"
    assert "tel:021-55500009" in words(at_work(town.people.leader), "/roster")


def test_a_night_shift_ends_on_the_next_day_and_several_days_are_one_entry(town: SimpleNamespace, desk: Client) -> None:
    desk.post("/roster", shift(starts="21:00", ends="08:00", days="3"))
    rows = list(Roster.objects.order_by("starts_at"))
    assert [clock.day_of(row.starts_at) for row in rows] == [TODAY + timedelta(days=n) for n in range(3)]
    assert {row.ends_at - row.starts_at for row in rows} == {timedelta(hours=11)}


def test_somebody_with_an_account_needs_no_name_and_no_phone_but_a_phone_there_must_be(
    town: SimpleNamespace, desk: Client
) -> None:
    refused = desk.post("/roster", shift(name="", phone="", person=town.people.shift.pk))
    assert refused.status_code == 400 and "这个人的账号里没有电话" in refused.content.decode()
    Person.objects.filter(pk=town.people.shift.pk).update(phone="021-55500010")
    assert desk.post("/roster", shift(name="", phone="", person=town.people.shift.pk)).status_code == 302
    assert (Roster.objects.get().name, Roster.objects.get().phone) == ("shift先生", "021-55500010")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"name": ""}, "请选一个值班人，或写上姓名"),
        ({"on": "2026-11-23"}, "这一班已经过去"),
        ({"days": "32"}, "31"),
        ({"post": "nothing"}, "errors"),
        ({"starts": "25:00"}, "errors"),
    ],
)
def test_a_shift_that_cannot_be_is_refused_and_what_was_typed_stays(
    town: SimpleNamespace, desk: Client, change: dict[str, str], said: str
) -> None:
    refused = desk.post("/roster", shift(note="顶班的", **change))
    page = refused.content.decode()
    assert refused.status_code == 400 and "顶班的" in page and (said in page or said == "errors")
    assert not Roster.objects.exists()


def test_a_coming_shift_is_called_off_and_a_running_one_ends_now(town: SimpleNamespace, desk: Client) -> None:
    desk.post("/roster", shift(days="2"))
    running, coming = Roster.objects.order_by("starts_at")
    assert "现在下班" in words(desk, f"/roster/{running.pk}") and "取消这一班" in words(desk, f"/roster/{coming.pk}")
    desk.post(f"/roster/{coming.pk}/off")
    desk.post(f"/roster/{running.pk}/off")
    assert Roster.objects.get().ends_at == TUESDAY
    assert desk.post(f"/roster/{running.pk}/off").status_code == 409
    assert "已值完" in words(desk, f"/roster/{running.pk}") and "现在下班" not in words(desk, f"/roster/{running.pk}")


def test_a_week_is_shown_post_by_post_and_one_can_turn_the_pages(town: SimpleNamespace, desk: Client) -> None:
    desk.post("/roster", shift())
    assert "09:00–17:00" in words(desk, "/roster") and "09:00–17:00" in words(desk, "/roster?week=2026-11-29")
    assert "这一周还没有排班" in words(desk, "/roster?week=2026-12-01")
    assert "夜班小李" not in words(desk, "/roster?post=market.food") and "夜班小李" in words(
        desk, "/roster?post=uoc.duty"
    )
    for nonsense in ("?week=yesterday", "?week=0001-01-01", "?post=nothing"):
        assert "夜班小李" in words(desk, f"/roster{nonsense}")


def test_whoever_only_looks_changes_nothing(town: SimpleNamespace, desk: Client) -> None:
    desk.post("/roster", shift())
    row, browser = Roster.objects.get(), at_work(town.people.leader)
    assert "排一班" not in words(browser, "/roster") and "取消这一班" not in words(browser, f"/roster/{row.pk}")
    assert browser.post("/roster", shift(name="某人")).status_code == 404
    assert browser.post(f"/roster/{row.pk}/off").status_code == 404
    assert Roster.objects.get() == row


def test_for_all_others_the_roster_does_not_exist(town: SimpleNamespace, desk: Client) -> None:
    desk.post("/roster", shift())
    row = Roster.objects.get()
    for name in ("east_officer", "grid_east", "committee", "auditor"):
        browser = at_work(getattr(town.people, name))
        assert browser.get("/roster").status_code == browser.get(f"/roster/{row.pk}").status_code == 404
        assert browser.post("/roster", shift()).status_code == browser.post(f"/roster/{row.pk}/off").status_code == 404
    assert Client().get("/roster")["Location"].startswith("/login")


# -- who catches where


def test_each_area_says_who_catches_and_whose_it_inherits(town: SimpleNamespace, desk: Client) -> None:
    page = words(desk, "/duties")
    assert "5 个区域都有兜底岗，其中 2 个单独指定" in page
    assert "东片网格长" in page and "沿用测试镇" in page
    assert "东苑第一网格" not in page and "东苑第一网格" in words(desk, f"/duties?area={EAST}")


@pytest.mark.parametrize(
    ("asked", "found", "not_found"),
    [("西浜", "西浜村", "东苑居民区"), ("网格长", "东苑居民区", "西浜村"), ("没有", "没有这样的区域", "东苑居民区")],
)
def test_an_area_is_found_by_its_name_or_its_backstop(
    town: SimpleNamespace, desk: Client, asked: str, found: str, not_found: str
) -> None:
    page = words(desk, f"/duties?q={asked}").split("</form>")[-1]
    assert found in page and not_found not in page


def test_an_area_that_nobody_catches_is_an_alarm(town: SimpleNamespace, desk: Client) -> None:
    Backstop.objects.filter(area__parent=None).delete()
    page = words(desk, "/duties")
    assert "有 3 个区域没有兜底岗" in page and "全镇还没有兜底岗" in page


def test_phones_are_for_those_who_may_call(town: SimpleNamespace) -> None:
    Person.objects.filter(pk=town.people.grid_east.pk).update(phone="021-55500033")
    for name, shown in (("grid_west", True), ("desk", True), ("auditor", False)):
        assert ("021-55500033" in words(at_work(getattr(town.people, name)), "/duties")) is shown, name


def test_asking_for_all_at_once_gives_what_asking_one_by_one_gives(town: SimpleNamespace, desk: Client) -> None:
    desk.post("/roster", shift())
    Appointment.objects.filter(post__in=["chengguan.east", "greening.street", "grid.west"]).delete()
    Person.objects.filter(pk=town.people.market.pk).update(is_active=False)
    posts = town.posts.values()
    assert who_answers_each(posts) == {post.code: who_answers(post) for post in posts}


@pytest.mark.parametrize("path", ["/roster", "/duties", f"/duties?area={EAST}"])
def test_the_pages_ask_the_database_little_and_open_in_english(town: SimpleNamespace, desk: Client, path: str) -> None:
    desk.post("/roster", shift(days="20"))
    words(desk, path)
    with CaptureQueriesContext(connection) as asked:
        words(desk, path)
    assert len(asked) <= 16, [one["sql"] for one in asked]
    desk.cookies["django_language"] = "en"
    assert '<html lang="en"' in words(desk, path)


def test_a_seat_rosters_in_its_own_areas_alone(town: SimpleNamespace) -> None:
    """Whoever dispatches in one village and only works in the next says who stands where in the first alone."""
    person = add_person("two", "两岗先生", password="一二三四五六七八九十一二")
    save_posts(
        [
            NewPost("desk.west", "uoc", "西片值班岗", "desk.west", FOUNDED, Access.DISPATCHER, (WEST,)),
            NewPost("officer.east", "uoc", "东片承办岗", "officer.east", FOUNDED, Access.OFFICER, (EAST,)),
        ]
    )
    appoint([Appointment(person=person, post_id=one, since=FOUNDED) for one in ("desk.west", "officer.east")])
    two = at_work(person)
    assert two.post("/roster", shift(post="grid.west")).status_code == 302
    for post in ("grid.east", "uoc.duty"):
        refused = two.post("/roster", shift(post=post))
        assert refused.status_code != 302 and "不只在您岗位的区域内" in refused.content.decode(), post
    assert list(Roster.objects.values_list("post_id", flat=True)) == ["grid.west"]
    at_work(town.people.desk).post("/roster", shift(post="grid.east"))
    other = Roster.objects.get(post="grid.east")
    assert (
        "取消这一班" not in words(two, f"/roster/{other.pk}") and two.post(f"/roster/{other.pk}/off").status_code == 404
    )
    assert Roster.objects.filter(pk=other.pk).exists()
