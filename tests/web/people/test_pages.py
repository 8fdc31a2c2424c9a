"""Signing in and out, one's own account, and how one likes to read."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from django.test import Client

from doudi.web.people.models import Person
from tests.web.town import PASSWORD


def _sign_in(browser: Client, username: str = "desk", password: str = PASSWORD, **more: str) -> object:
    return browser.post("/login", {"username": username, "password": password, **more})


def test_the_right_password_opens_the_desk(town: SimpleNamespace) -> None:
    browser = Client()
    assert _sign_in(browser)["Location"] == "/"  # type: ignore[index]
    assert browser.get("/")["Location"] == "/desk"


@pytest.mark.parametrize(
    ("username", "password"), [("desk", "wrong"), ("nobody", PASSWORD), ("", ""), ("desk\x00", "wrong")]
)
def test_a_wrong_name_and_a_wrong_password_are_told_in_the_same_words(
    town: SimpleNamespace, username: str, password: str
) -> None:
    page = _sign_in(Client(), username, password)
    assert page.status_code == 400 and PASSWORD not in page.content.decode()  # type: ignore[attr-defined]
    if username and "\x00" not in username:
        assert "账号或密码不对" in page.content.decode()  # type: ignore[attr-defined]


def test_an_account_that_was_closed_opens_nothing_and_looks_like_a_wrong_password(town: SimpleNamespace) -> None:
    Person.objects.filter(username="desk").update(is_active=False)
    page = _sign_in(Client())
    assert page.status_code == 400 and "账号或密码不对" in page.content.decode()  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    "target",
    [
        "https://evil.example/",
        "//evil.example",
        "/\\evil.example",
        "/\t/evil.example",
        "javascript:alert(1)",
        "///evil",
        "/login",
    ],
)
def test_nobody_is_sent_elsewhere_after_signing_in(town: SimpleNamespace, target: str) -> None:
    assert _sign_in(Client(), next=target)["Location"] == "/"  # type: ignore[index]


def test_a_page_of_ours_is_gone_back_to(town: SimpleNamespace) -> None:
    assert _sign_in(Client(), next="/matters/261124?x=1")["Location"] == "/matters/261124?x=1"  # type: ignore[index]


def test_signing_in_needs_the_forms_own_mark(town: SimpleNamespace) -> None:
    page = _sign_in(Client(enforce_csrf_checks=True))
    assert page.status_code == 403 and PASSWORD not in page.content.decode()  # type: ignore[attr-defined]


def test_a_new_session_begins_with_signing_in_and_ends_with_signing_out(town: SimpleNamespace) -> None:
    browser = Client()
    _sign_in(browser)
    first = browser.cookies["sessionid"].value
    assert browser.get("/logout").status_code == 405, "looking at an address signs nobody out"
    browser.post("/logout")
    assert browser.get("/me").status_code == 302
    _sign_in(browser)
    assert browser.cookies["sessionid"].value != first


def test_signing_in_brings_ones_own_way_of_reading(town: SimpleNamespace) -> None:
    Person.objects.filter(username="desk").update(language="en", large_text=True)
    browser = Client()
    _sign_in(browser)
    words = browser.get("/me").content.decode()
    assert '<html lang="en" data-text="large">' in words


def test_large_text_is_there_for_everybody_without_an_account(town: SimpleNamespace) -> None:
    browser = Client()
    assert (
        browser.post("/reading", {"language": "zh-hans", "text": "large", "next": "/report"})["Location"] == "/report"
    )
    assert 'data-text="large"' in browser.get("/report").content.decode()
    assert browser.post("/reading", {"language": "xx", "text": "huge"}).status_code == 400


def test_a_colleagues_way_of_reading_is_remembered_with_the_account(town: SimpleNamespace) -> None:
    browser = Client()
    browser.force_login(town.people.desk)
    browser.post("/reading", {"language": "en", "text": "large"})
    desk = Person.objects.get(username="desk")
    assert (desk.language, desk.large_text) == ("en", True)


def test_the_account_shows_posts_and_their_areas(town: SimpleNamespace) -> None:
    browser = Client()
    browser.force_login(town.people.grid_east)
    words = browser.get("/me").content.decode()
    assert "东片网格长" in words and "东苑居民区" in words and "码牌" not in words


def test_whoever_holds_no_post_is_told_what_to_do(town: SimpleNamespace) -> None:
    browser = Client()
    browser.force_login(Person.objects.create_user("new", PASSWORD, name="新来的"))
    assert "没有岗位就看不到任何事项" in browser.get("/me").content.decode()


def test_a_password_is_changed_with_the_old_one_and_other_sessions_end(town: SimpleNamespace) -> None:
    browser, elsewhere = Client(), Client()
    browser.force_login(town.people.desk)
    elsewhere.force_login(town.people.desk)
    new = "新密码-栖禾-第二十五号"
    assert browser.post("/me", {"old": "wrong", "new": new, "again": new}).status_code == 400
    assert browser.post("/me", {"old": PASSWORD, "new": new, "again": new + "x"}).status_code == 400
    weak = browser.post("/me", {"old": PASSWORD, "new": "123", "again": "123"})
    assert weak.status_code == 400 and "密码不够安全" in weak.content.decode()
    assert browser.post("/me", {"old": PASSWORD, "new": new, "again": new}).status_code == 302
    assert browser.get("/me").status_code == 200
    assert elsewhere.get("/me").status_code == 302
    assert _sign_in(Client(), password=new).status_code == 302  # type: ignore[attr-defined]


def test_keys_that_act_alone_are_switched_off_for_the_person_and_the_page_of_keys_says_so(
    town: SimpleNamespace,
) -> None:
    browser = Client()
    browser.force_login(town.people.desk)
    assert 'data-keys="off"' not in browser.get("/desk").content.decode()
    page = browser.get("/keys").content.decode()
    assert "勾选这一行" in page and "改判危险" in page
    browser.post("/keys", {"single": "off"})
    assert 'data-keys="off"' in browser.get("/desk").content.decode()
    assert not Person.objects.get(username="desk").single_keys
    other = Client()
    other.force_login(town.people.shift)
    assert 'data-keys="off"' not in other.get("/desk").content.decode()
    browser.post("/keys", {"single": "on"})
    assert Person.objects.get(username="desk").single_keys
