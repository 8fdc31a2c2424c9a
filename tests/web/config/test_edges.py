"""What stands around every page: careful headers, clear refusals, nothing lost."""

from __future__ import annotations

from collections.abc import Iterator
from types import SimpleNamespace

import pytest
from django.core.exceptions import RequestDataTooBig
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.urls import path
from django.utils import translation

from doudi.engine.errors import DoudiError
from doudi.web.config import errors
from doudi.web.config import urls as real_urls
from doudi.web.config.middleware import MOST_BYTES
from doudi.web.files.errors import FileRefusedError
from doudi.web.people.errors import NotAllowedError
from doudi.web.people.guard import public
from doudi.web.records.errors import StaleError

RAISED: dict[str, Exception] = {
    "refused": DoudiError("不能这样办：{why}。请先补照片。", why="<b>缺照片</b>"),
    "faster": StaleError("事项 {number} 刚刚被别人更新过，请刷新后再试；您写的内容还在。", number="1"),
    "forbidden": NotAllowedError("没有权限（{power}）", power="void"),
    "file": FileRefusedError("文件没有保存"),
    "broken": RuntimeError("boom"),
    "away": OperationalError("database is locked"),
    "too_big": RequestDataTooBig("x"),
}


@public
def _raise(request: HttpRequest, what: str) -> HttpResponse:
    raise RAISED[what]


@public
def _keep(request: HttpRequest) -> HttpResponse:
    return HttpResponse("kept")


urlpatterns = [*real_urls.urlpatterns, path("raise/<str:what>", _raise), path("keep", _keep)]
handler400, handler404, handler500 = (
    real_urls.handler400,
    real_urls.handler404,
    real_urls.handler500,
)

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.urls(__name__),
    pytest.mark.only("sqlite", "headers and errors of pages"),
]


@pytest.fixture
def browser() -> Iterator[Client]:
    with translation.override("zh-hans"):
        yield Client(raise_request_exception=False)


@pytest.mark.parametrize(
    ("what", "status", "words"),
    [
        ("refused", 409, "请先补照片"),
        ("faster", 409, "刚刚被别人更新过"),
        ("forbidden", 404, "没有权限"),
        ("file", 400, "文件没有保存"),
        ("broken", 500, "系统出错了"),
        ("too_big", 413, "内容太大"),
    ],
)
def test_a_refusal_becomes_a_page_that_says_what_to_do(browser: Client, what: str, status: int, words: str) -> None:
    page = browser.get(f"/raise/{what}")
    assert page.status_code == status and words in page.content.decode()
    assert "<b>缺照片</b>" not in page.content.decode() and "boom" not in page.content.decode()


@pytest.mark.parametrize(("what", "status"), [("refused", 409), ("forbidden", 404), ("broken", 500)])
def test_a_fragment_gets_its_refusal_where_refusals_are_said(browser: Client, what: str, status: int) -> None:
    answer = browser.get(f"/raise/{what}", headers={"HX-Request": "true"})
    assert answer.status_code == status and answer["HX-Retarget"] == "#messages"
    assert "<html" not in answer.content.decode() and 'role="alert"' in answer.content.decode()


def test_signs_that_no_database_keeps_are_dropped_before_anybody_reads_them(
    town: SimpleNamespace, browser: Client
) -> None:
    """On PostgreSQL such a sign in a question breaks the statement, whoever forgot to look."""
    browser.force_login(town.people.shift)
    for address in ("/units?area=%00", "/roster?post=a%00b&week=%00", "/search?q=%00", "/desk?q=a%00"):
        assert browser.get(address).status_code == 200, address
    assert browser.post("/desk/bulk", {"row": "a\x00b", "action": "confirm"}).status_code == 302
    assert browser.get("/people/posts/%00").status_code == 404


def test_a_database_that_is_away_is_worth_another_try(browser: Client) -> None:
    for headers in ({}, {"HX-Request": "true"}):
        answer = browser.get("/raise/away", headers=headers)
        assert (answer.status_code, answer.headers["Retry-After"]) == (503, "30")
        assert "没有保存" in answer.content.decode()


def test_a_page_that_is_not_there_leads_on(browser: Client) -> None:
    page = browser.get("/nowhere")
    assert page.status_code == 404 and 'href="/report"' in page.content.decode()


def test_whoever_signed_in_keeps_their_frame_on_a_page_that_is_not_there(
    town: SimpleNamespace, browser: Client
) -> None:
    browser.force_login(town.people.east_officer)
    for address in ("/nowhere", "/desk", "/matters/20990101000015", "/raise/forbidden"):
        page = browser.get(address)
        words = page.content.decode()
        assert page.status_code == 404 and "bar-ways" in words and 'href="/work"' in words, address
        assert "see_desk" not in words and 'href="/report"' not in words, address


@pytest.mark.parametrize("address", ["/desk", "/reports", "/reports?tab=all", "/work", "/people", "/rulebook"])
def test_forms_behind_the_login_are_sent_with_their_origin(
    town: SimpleNamespace, browser: Client, address: str
) -> None:
    """Without one browsers say "null", and the form's safety mark counts for nothing."""
    browser.force_login(town.people.shift)
    assert browser.get(address)["Referrer-Policy"] == "same-origin"
    assert browser.get("/report")["Referrer-Policy"] == "no-referrer"


def test_the_page_for_our_own_faults_needs_neither_database_nor_session(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("no database")

    monkeypatch.setattr("doudi.web.people.context.town_settings", broken)
    page = errors.server_error(RequestFactory().get("/"))
    assert page.status_code == 500 and "之前保存过的都在" in page.content.decode()


def test_a_form_that_grew_stale_gives_back_what_was_typed(town: SimpleNamespace) -> None:
    browser = Client(enforce_csrf_checks=True)
    page = browser.post("/keep", {"words": "写了很久的处置说明\n第二行", "password": "secret-one", "version": "12"})
    words = page.content.decode()
    assert page.status_code == 403 and "写了很久的处置说明" in words and "尚未保存" in words
    assert "secret-one" not in words


@pytest.mark.parametrize("address", ["/", "/report", "/login", "/nowhere", "/raise/refused", "/raise/broken", "/keep"])
def test_every_answer_keeps_browsers_careful(browser: Client, address: str) -> None:
    headers = browser.get(address).headers
    policy = headers["Content-Security-Policy"]
    for rule in (
        "default-src 'self'",
        "object-src 'none'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
        "form-action 'self'",
    ):
        assert rule in policy
    assert "unsafe" not in policy
    assert headers["X-Content-Type-Options"] == "nosniff" and headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert headers["X-Frame-Options"] == "DENY" and "camera=()" in headers["Permissions-Policy"]
    assert "charset=utf-8" in headers["Content-Type"]


def test_a_body_beyond_all_measure_is_refused_before_it_is_read(browser: Client) -> None:
    answer = browser.post(
        "/report", data=b"", content_type="multipart/form-data; boundary=x", CONTENT_LENGTH=str(MOST_BYTES + 1)
    )
    assert answer.status_code == 413 and "10 MB" in answer.content.decode()
