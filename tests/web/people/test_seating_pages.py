"""Offices, posts and who sits where: only for whoever manages people, and each step through its form."""

from __future__ import annotations

import re
from datetime import date, timedelta
from types import SimpleNamespace

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from doudi.web import clock
from doudi.web.journal.models import Leaf
from doudi.web.people.models import Appointment, Person
from doudi.web.people.services import add_person, appoint, end_appointment
from tests.web.town import FOUNDED, SEATED, actor

TODAY = date(2026, 11, 24)
SEAT = {"since": TODAY.isoformat(), "until": ""}


def at_work(person: Person) -> Client:
    browser = Client()
    browser.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    return browser


@pytest.fixture
def admin(town: SimpleNamespace) -> Client:
    return at_work(town.people.admin)


def words(browser: Client, path: str) -> str:
    answer = browser.get(path)
    assert answer.status_code == 200, path
    return answer.content.decode()


def facts(kind: str) -> int:
    return Leaf.objects.filter(body__contains=f'"kind":"{kind}"').count()


def test_each_post_says_who_sits_there_and_an_empty_one_says_so(town: SimpleNamespace, admin: Client) -> None:
    end_appointment(actor(town.people.shift), Appointment.objects.get(post="chengguan.west"))
    page = words(admin, "/people")
    assert "城管东片岗" in page and "east_officer先生" in page and page.count(">空岗</span>") == 1
    empty = words(admin, "/people?tab=empty")
    assert "城管西片岗" in empty and "城管东片岗" not in empty


@pytest.mark.parametrize(
    ("asked", "found", "not_found"),
    [
        ("东苑", "城管东片岗", "城管西片岗"),
        ("执法 西", "城管西片岗", "城管东片岗"),
        ("grid_west", "西片网格员", "东片网格长"),
        ("GRID.EAST", "东片网格长", "西片网格员"),
    ],
)
def test_posts_are_found_by_office_area_person_and_code(
    town: SimpleNamespace, admin: Client, asked: str, found: str, not_found: str
) -> None:
    page = admin.get("/people", {"q": asked}).content.decode().split("</form>")[-1]
    assert found in page and not_found not in page


def test_a_search_that_finds_nothing_says_what_to_do(town: SimpleNamespace, admin: Client) -> None:
    assert "没有符合的岗位" in words(admin, "/people?q=没有")
    assert "没有这样的账号" in words(admin, "/people?tab=accounts&q=没有")
    assert "没有空着的岗位" in words(admin, "/people?tab=empty")


def test_an_account_without_a_post_is_marked(town: SimpleNamespace, admin: Client) -> None:
    add_person("xiaowang", "小王")
    page = words(admin, "/people?tab=accounts&q=小王")
    assert "没有岗位" in page and "desk先生" not in page


def test_a_long_list_of_accounts_says_what_it_leaves_out(town: SimpleNamespace, admin: Client) -> None:
    Person.objects.bulk_create(Person(username=f"p{n:02d}", name=f"同事{n:02d}") for n in range(60))
    page, whole = words(admin, "/people?tab=accounts"), Person.objects.count()
    assert f"还有 {whole - 60} 个账号没有列出" in page and page.count('"><b>') == 60
    assert words(admin, "/people?tab=accounts&all=1").count('"><b>') == whole


def test_somebody_new_gets_an_account_a_post_and_a_password_shown_once(town: SimpleNamespace, admin: Client) -> None:
    answer = admin.post("/people/new", {"username": "xiaowang", "name": "小王", "phone": "", "post": "market.food"})
    found = re.search(r"[2-9a-z]{4}(-[2-9a-z]{4}){3}", answer.content.decode())
    assert answer.status_code == 200 and found and "no-store" in answer["Cache-Control"]
    person = Person.objects.get(username="xiaowang")
    assert person.check_password(found[0]) and actor(person).may("verify")
    assert found[0] not in words(admin, f"/people/accounts/{person.pk}")
    assert found[0] not in "".join(Leaf.objects.values_list("body", flat=True))


@pytest.mark.parametrize(("username", "status"), [("", 400), ("X", 400), ("小王", 400), ("desk", 409)])
def test_a_poor_or_taken_name_is_refused_and_what_was_typed_stays(
    town: SimpleNamespace, admin: Client, username: str, status: int
) -> None:
    refused = admin.post("/people/new", {"username": username, "name": "小王同志"})
    assert refused.status_code == status and "小王同志" in refused.content.decode()
    assert not Person.objects.filter(name="小王同志").exists()


def test_a_person_is_seated_from_their_page_and_a_post_from_its_page(town: SimpleNamespace, admin: Client) -> None:
    west = town.people.west_officer
    assert admin.post(f"/people/accounts/{west.pk}", {"post": "market.food", "acting": "on", **SEAT}).status_code == 302
    assert admin.post("/people/posts/greening.street", {"person": west.pk, **SEAT}).status_code == 302
    assert actor(west).posts == {"chengguan.west", "market.food", "greening.street"}
    page = words(admin, f"/people/accounts/{west.pk}")
    assert "市监食品岗" in page and "代理" in page
    assert facts("appointed") == len(SEATED) + 2


@pytest.mark.parametrize("since", [TODAY, TODAY + timedelta(days=7)])
def test_nobody_is_seated_twice_at_one_post(town: SimpleNamespace, admin: Client, since: date) -> None:
    refused = admin.post(
        "/people/posts/chengguan.east", {"person": town.people.east_officer.pk, "since": since.isoformat()}
    )
    assert refused.status_code == 409 and "已经在城管东片岗任岗" in refused.content.decode()


def test_who_sat_where_in_days_gone_is_not_written_anew(town: SimpleNamespace, admin: Client) -> None:
    yesterday = TODAY - timedelta(days=1)
    refused = admin.post(
        "/people/posts/chengguan.east", {"person": town.people.desk.pk, "since": yesterday.isoformat()}
    )
    assert refused.status_code == 400 and "到任日期不能早于今天" in refused.content.decode()


def test_somebody_leaves_and_the_page_says_that_matters_stay(town: SimpleNamespace, admin: Client) -> None:
    seat = Appointment.objects.get(post="chengguan.east")
    answer = admin.post(f"/people/seats/{seat.pk}/end", {"from": "post"}, follow=True)
    assert "这个岗位的事项仍在岗位上" in answer.content.decode() and not actor(town.people.east_officer).seats
    again = admin.post(f"/people/seats/{seat.pk}/end")
    assert again.status_code == 409 and facts("appointment_ended") == 1


def test_an_appointment_made_by_mistake_is_taken_back_the_same_day_and_stays_on_record(
    town: SimpleNamespace, admin: Client
) -> None:
    admin.post("/people/posts/uoc.duty", {"person": town.people.grid_west.pk, **SEAT})
    assert actor(town.people.grid_west).may("dispatch")
    seat = Appointment.objects.get(post="uoc.duty", person=town.people.grid_west)
    admin.post(f"/people/seats/{seat.pk}/end", {"from": "account"})
    assert not actor(town.people.grid_west).may("dispatch")
    assert "已撤回" in words(admin, f"/people/accounts/{town.people.grid_west.pk}")
    assert admin.post(f"/people/seats/{seat.pk}/end").status_code == 409


def test_a_planned_end_can_be_moved_forward(town: SimpleNamespace, admin: Client) -> None:
    later = TODAY + timedelta(days=30)
    (seat,) = appoint([Appointment(person=town.people.desk, post=town.posts["leader"], since=FOUNDED, until=later)])
    admin.post(f"/people/seats/{seat.pk}/end")
    seat.refresh_from_db()
    assert seat.until == TODAY


def test_a_forgotten_password_is_replaced_and_old_sessions_end(town: SimpleNamespace, admin: Client) -> None:
    officer = at_work(town.people.east_officer)
    answer = admin.post(f"/people/accounts/{town.people.east_officer.pk}/password")
    found = re.search(r"[2-9a-z]{4}(-[2-9a-z]{4}){3}", answer.content.decode())
    town.people.east_officer.refresh_from_db()
    assert found and town.people.east_officer.check_password(found[0])
    assert officer.get("/work").status_code == 302 and "no-store" in answer["Cache-Control"]


def test_a_closed_account_is_signed_out_and_can_be_opened_again(town: SimpleNamespace, admin: Client) -> None:
    officer, address = at_work(town.people.east_officer), f"/people/accounts/{town.people.east_officer.pk}"
    admin.post(f"{address}/switch")
    assert officer.get("/work").status_code == 302 and "已停用" in words(admin, address)
    admin.post(f"{address}/switch", {"open": "1"})
    assert at_work(Person.objects.get(username="east_officer")).get("/work").status_code == 200
    assert (facts("account_closed"), facts("account_opened")) == (1, 1)


def test_nobody_closes_their_own_account(town: SimpleNamespace, admin: Client) -> None:
    assert admin.post(f"/people/accounts/{town.people.admin.pk}/switch").status_code == 409
    assert "停用账号" not in words(admin, f"/people/accounts/{town.people.admin.pk}")


@pytest.mark.parametrize("name", ["desk", "east_officer", "leader", "auditor"])
def test_for_all_others_these_pages_do_not_exist(town: SimpleNamespace, name: str) -> None:
    browser = at_work(getattr(town.people, name))
    seat, person = Appointment.objects.get(post="chengguan.east"), town.people.east_officer
    for path in ("/people", "/people/new", f"/people/accounts/{person.pk}", "/people/posts/uoc.duty"):
        assert browser.get(path).status_code == 404, path
    for path, said in (
        ("/people/new", {"username": "xiaowang", "name": "小王"}),
        (f"/people/accounts/{person.pk}", {"post": "uoc.duty", **SEAT}),
        ("/people/posts/uoc.duty", {"person": person.pk, **SEAT}),
        (f"/people/seats/{seat.pk}/end", {}),
        (f"/people/accounts/{person.pk}/password", {}),
        (f"/people/accounts/{person.pk}/switch", {}),
    ):
        assert browser.post(path, said).status_code == 404, path
    seat.refresh_from_db()
    assert seat.until is None and Person.objects.count() == len(SEATED) and Appointment.objects.count() == len(SEATED)


def test_unknown_people_and_posts_are_not_there(town: SimpleNamespace, admin: Client) -> None:
    for path in (f"/people/accounts/{clock.new_id()}", "/people/posts/nothing"):
        assert admin.get(path).status_code == 404
    assert Client().get("/people")["Location"].startswith("/login")


@pytest.mark.parametrize("path", ["/people", "/people?tab=accounts", "/people/posts/uoc.duty", "/people/new"])
def test_a_page_asks_the_database_little_however_many_work_here(
    town: SimpleNamespace, admin: Client, path: str
) -> None:
    words(admin, path)
    with CaptureQueriesContext(connection) as few:
        words(admin, path)
    appoint(
        Appointment(person=add_person(f"p{n}", f"同事{n}"), post=post, since=FOUNDED)
        for n, post in enumerate(town.posts.values())
    )
    words(admin, path)
    with CaptureQueriesContext(connection) as many:
        words(admin, path)
    assert len(many) == len(few) <= 12, [one["sql"] for one in many]


def test_the_pages_open_in_english_too(town: SimpleNamespace, admin: Client) -> None:
    admin.cookies["django_language"] = "en"
    for path in (
        "/people",
        "/people?tab=accounts",
        "/people/new",
        f"/people/accounts/{town.people.desk.pk}",
        "/people/posts/uoc.duty",
    ):
        assert '<html lang="en"' in words(admin, path), path


VITAL_SEATS = [("desk", "uoc.duty"), ("shift", "uoc.shift_leader"), ("admin", "admin")]


@pytest.mark.parametrize(("name", "post"), VITAL_SEATS)
def test_the_last_one_of_a_vital_seat_leaves_only_when_somebody_takes_over(
    town: SimpleNamespace, name: str, post: str
) -> None:
    """The page says what would stand still, asks who takes over, and seats that person in the same step."""
    by = town.people.shift if name != "shift" else town.people.admin
    browser = Client()
    browser.force_login(by, backend="django.contrib.auth.backends.ModelBackend")
    seat = Appointment.objects.get(post=post)
    page = words(browser, f"/people/posts/{post}")
    assert "只剩这一位" in page and 'name="successor"' in page
    refused = browser.post(f"/people/seats/{seat.pk}/end", {"from": "post"})
    assert refused.status_code == 409 and "请选由谁接任" in refused.content.decode()
    assert Appointment.objects.get(pk=seat.pk).until is None
    heir = town.people.market
    answer = browser.post(f"/people/seats/{seat.pk}/end", {"from": "post", "successor": heir.pk})
    assert answer.status_code == 302
    assert post in actor(heir).posts and post not in actor(seat.person).posts


def test_the_account_of_the_last_administrator_closes_only_when_somebody_takes_over(town: SimpleNamespace) -> None:
    browser = Client()
    browser.force_login(town.people.shift, backend="django.contrib.auth.backends.ModelBackend")
    last, heir = town.people.admin, town.people.market
    assert "只剩这一位" in words(browser, f"/people/accounts/{last.pk}")
    assert browser.post(f"/people/accounts/{last.pk}/switch", {"open": "0"}).status_code == 409
    assert Person.objects.get(pk=last.pk).is_active
    assert browser.post(f"/people/accounts/{last.pk}/switch", {"open": "0", "successor": heir.pk}).status_code == 302
    assert not Person.objects.get(pk=last.pk).is_active and "admin" in actor(heir).posts


def test_one_of_two_leaves_without_a_word(town: SimpleNamespace, admin: Client) -> None:
    appoint([Appointment(person=town.people.market, post=town.posts["uoc.duty"], since=TODAY - timedelta(days=9))])
    assert "只剩这一位" not in words(admin, "/people/posts/uoc.duty")
    seat = Appointment.objects.get(post="uoc.duty", person=town.people.desk)
    assert admin.post(f"/people/seats/{seat.pk}/end", {"from": "post"}).status_code == 302


@pytest.mark.parametrize(
    ("password", "until"),
    [("ein langes wort 17", TODAY + timedelta(days=1)), (None, None)],
    ids=["goes soon", "no login"],
)
def test_who_goes_soon_or_cannot_sign_in_does_not_stay_for_the_last(
    town: SimpleNamespace, admin: Client, password: str | None, until: date | None
) -> None:
    other = add_person("other", "另一位", password=password)
    appoint([Appointment(person=other, post=town.posts["uoc.duty"], since=FOUNDED, until=until)])
    seat = Appointment.objects.get(post="uoc.duty", person=town.people.desk)
    assert "只剩这一位" in words(admin, "/people/posts/uoc.duty")
    assert admin.post(f"/people/seats/{seat.pk}/end", {"from": "post"}).status_code == 409
    assert Appointment.objects.get(pk=seat.pk).until is None
