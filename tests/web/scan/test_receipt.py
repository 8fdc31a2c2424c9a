"""Behind the secret link: how it stands in plain words, the answer, and the reporter's own say. Nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from doudi.web import clock
from doudi.web.files.models import Upload
from doudi.web.idempotency.services import Asked, outcomes
from doudi.web.matters.models import Matter
from doudi.web.matters.services import answer_report, dispatch, handle, take, verify
from doudi.web.reports.models import Report
from doudi.web.reports.queries import by_token
from doudi.web.reports.services import log_contact, reply
from doudi.web.scan import intake, pages
from tests.web.files.hostile import photo
from tests.web.scan.steps import RUBBISH, link_of, mark_on, only_report, send
from tests.web.town import NO_PHOTO, TUESDAY, actor


def _photo() -> SimpleUploadedFile:
    return SimpleUploadedFile("现场.jpg", photo(), content_type="image/jpeg")


@pytest.fixture
def link(town: SimpleNamespace, passer_by: Client) -> str:
    return link_of(
        send(
            passer_by,
            f"/Q/{town.shop.code}",
            kind=RUBBISH,
            words="垃圾堆了三天",
            photos=[_photo()],
            phone="19900001234",
        )
    )


def _matter() -> Matter:
    return Matter.objects.get()


def _work_through(town: SimpleNamespace, *, answered: bool = True) -> None:
    """Desk, officer, another person, answer: the whole way."""
    desk, cleaner = actor(town.people.desk), actor(town.people.cleaner)
    dispatch(desk, _matter(), kind=RUBBISH, holder=town.posts["greening.street"])
    take(cleaner, _matter())
    handle(cleaner, _matter(), "已清运，无法拍照：夜间", lacking=NO_PHOTO)
    if _matter().status == Matter.Status.HANDLED:
        verify(desk, _matter(), True, "看过，干净")
    if answered:
        answer_report(desk, only_report(), "垃圾已清走，今后每天两次保洁。")


def _words(client: Client, link: str) -> str:
    page = client.get(link)
    assert page.status_code == 200
    return page.content.decode()


def test_the_receipt_says_number_link_office_and_until_when(
    town: SimpleNamespace, passer_by: Client, link: str
) -> None:
    words = _words(passer_by, link + "?new=1")
    number = only_report().number
    for seen in (
        f"{number[:6]}-{number[6:9]}-{number[9:13]}-{number[13:]}",
        link,
        "城运中心",
        "最晚答复",
        "已受理",
        "垃圾堆了三天",
    ):
        assert seen in words


def test_the_link_is_kept_from_caches_searchers_and_other_sites(
    town: SimpleNamespace, passer_by: Client, link: str
) -> None:
    page = passer_by.get(link)
    assert (
        page["Cache-Control"] == "no-store"
        and page["Referrer-Policy"] == "no-referrer"
        and "noindex" in page["X-Robots-Tag"]
    )


def test_only_the_hash_of_the_link_is_stored(town: SimpleNamespace, link: str) -> None:
    token = link.removeprefix("/r/")
    assert len(token) >= 33, "130 bits in hexadecimal"
    assert token not in str(Report.objects.values_list().get())


@pytest.mark.parametrize("token", ["0" * 34, "x", "../../etc", "%00"])
def test_a_guessed_link_opens_nothing(town: SimpleNamespace, passer_by: Client, link: str, token: str) -> None:
    assert passer_by.get(f"/r/{token}").status_code == 404
    assert passer_by.post(f"/r/{token}/add", {"words": "x"}).status_code == 404


def test_each_step_is_told_by_its_office_and_never_by_a_person(
    town: SimpleNamespace, passer_by: Client, link: str
) -> None:
    _work_through(town)
    words = _words(passer_by, link)
    for seen in ("派给绿化市容所", "绿化市容所接单", "作出答复", "垃圾已清走，今后每天两次保洁。", "已答复"):
        assert seen in words
    for person in town.people.__dict__.values():
        assert person.name not in words
    assert "已清运，无法拍照" not in words, "what the officer wrote for colleagues stays among them"


def test_state_in_plain_words_at_every_stage(town: SimpleNamespace, passer_by: Client, link: str) -> None:
    desk, cleaner = actor(town.people.desk), actor(town.people.cleaner)
    assert "城运中心正在核实并安排承办" in _words(passer_by, link)
    dispatch(desk, _matter(), kind=RUBBISH, holder=town.posts["greening.street"])
    assert "已派给绿化市容所，等待接单" in _words(passer_by, link)
    take(cleaner, _matter())
    assert "绿化市容所正在处理" in _words(passer_by, link)
    _matter_handled = handle(cleaner, _matter(), "已清运，无法拍照：夜间", lacking=NO_PHOTO)
    assert _matter_handled is None
    assert ("核查" if _matter().status == Matter.Status.HANDLED else "准备给您的答复") in _words(passer_by, link)


def test_interim_words_are_read_and_tries_to_call_are_not(town: SimpleNamespace, passer_by: Client, link: str) -> None:
    desk = actor(town.people.desk)
    log_contact(desk, only_report(), reached=False, text="无人接听")
    reply(desk, only_report(), "已安排明早清运", final=False)
    words = _words(passer_by, link)
    assert "已安排明早清运" in words and "无人接听" not in words


def test_the_reporter_adds_words_and_photos(town: SimpleNamespace, passer_by: Client, link: str) -> None:
    answer = passer_by.post(f"{link}/add", {"words": "今天又多了", "photos": [_photo()]})
    assert answer.status_code == 303
    words = _words(passer_by, link)
    assert "今天又多了" in words and only_report().photos.count() == 2


def _events(kind: str) -> int:
    return only_report().events.filter(kind=kind).count()


def test_a_step_sent_twice_from_one_form_is_taken_once(town: SimpleNamespace, passer_by: Client, link: str) -> None:
    added = {"words": "今天又多了", "mark": mark_on(passer_by.get(link))}
    for content in (photo((640, 480)), photo((640, 480))):
        given = added | {"photos": [SimpleUploadedFile("现场.jpg", content)]}
        assert passer_by.post(f"{link}/add", given).status_code == 303
    assert (_events("added"), only_report().photos.count()) == (1, 2)
    _work_through(town)
    rated = {"satisfaction": "satisfied", "mark": mark_on(passer_by.get(link))}
    asked = {"words": "第二天又堆满了", "mark": mark_on(passer_by.get(link))}
    for _ in range(2):
        assert passer_by.post(f"{link}/rate", rated).status_code == 303
    for _ in range(2):
        assert passer_by.post(f"{link}/reopen", asked).status_code == 303, "the first answer, not: it is open already"
    assert (_events("rated"), _events("reopened")) == (1, 1)


def test_other_content_in_the_same_form_is_another_step(town: SimpleNamespace, passer_by: Client, link: str) -> None:
    mark = mark_on(passer_by.get(link))
    for words in ("今天又多了", "明天还会多"):
        passer_by.post(f"{link}/add", {"words": words, "mark": mark})
    assert _events("added") == 2


def test_a_form_without_our_mark_is_taken_each_time(town: SimpleNamespace, passer_by: Client, link: str) -> None:
    for mark in ("", "made:up"):
        passer_by.post(f"{link}/add", {"words": "今天又多了", "mark": mark})
    assert _events("added") == 2


def test_what_was_refused_may_be_sent_again_from_the_same_form(
    town: SimpleNamespace, passer_by: Client, link: str
) -> None:
    given = {"satisfaction": "satisfied", "mark": mark_on(passer_by.get(link))}
    assert passer_by.post(f"{link}/rate", given).status_code == 409
    _work_through(town)
    assert passer_by.post(f"{link}/rate", given).status_code == 303
    assert only_report().satisfaction == "satisfied"


def test_who_comes_second_in_the_same_instant_is_given_the_first_answer(
    town: SimpleNamespace, passer_by: Client, link: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The twin has not been seen when the second begins: the report moved on, and then the first one's note is found."""
    given = {"words": "今天又多了", "mark": mark_on(passer_by.get(link))}
    before = by_token(link.removeprefix("/r/"))
    assert passer_by.post(f"{link}/add", given).status_code == 303
    looks: list[object] = []

    def blind_at_first(asked: list[Asked]) -> dict[Asked, Mapping[str, str]]:
        looks.append(asked)
        return outcomes(asked) if len(looks) > 1 else {}

    monkeypatch.setattr(intake, "outcomes", blind_at_first)
    monkeypatch.setattr(pages, "by_token", lambda token: before)
    assert passer_by.post(f"{link}/add", given).status_code == 303
    assert (_events("added"), len(looks)) == (1, 2)


def test_adding_nothing_or_a_hostile_file_alone_is_told_and_changes_nothing(
    town: SimpleNamespace, passer_by: Client, link: str
) -> None:
    empty = passer_by.post(f"{link}/add", {"words": " "})
    hostile = passer_by.post(f"{link}/add", {"photos": [SimpleUploadedFile("a.jpg", b"<svg/>")]})
    assert (empty.status_code, hostile.status_code) == (409, 409)
    assert "请写下要补充的话" in empty.content.decode() and "不是照片" in hostile.content.decode()
    assert only_report().version == 1


def test_rating_comes_after_the_answer_and_may_be_said_anew(
    town: SimpleNamespace, passer_by: Client, link: str
) -> None:
    early = passer_by.post(f"{link}/rate", {"satisfaction": "satisfied"})
    assert early.status_code == 409 and "还没有答复" in early.content.decode()
    _work_through(town)
    for said in ("dissatisfied", "fairly"):
        assert passer_by.post(f"{link}/rate", {"satisfaction": said, "words": "还行"}).status_code == 303
    assert only_report().satisfaction == "fairly"
    assert "您评价：基本满意" in _words(passer_by, link)


def test_a_rating_that_is_none_is_asked_again(town: SimpleNamespace, passer_by: Client, link: str) -> None:
    _work_through(town)
    answer = passer_by.post(f"{link}/rate", {"satisfaction": "delighted"})
    assert answer.status_code == 400 and only_report().satisfaction == ""


def test_what_is_not_solved_is_taken_up_again_by_whoever_held_it(
    town: SimpleNamespace, passer_by: Client, link: str
) -> None:
    _work_through(town)
    assert passer_by.post(f"{link}/reopen", {"words": ""}).status_code == 400
    assert passer_by.post(f"{link}/reopen", {"words": "第二天又堆满了"}).status_code == 303
    matter = _matter()
    assert (matter.status, matter.holder_id) == (Matter.Status.TAKEN, "greening.street")
    assert "重新办理" in _words(passer_by, link)


def test_after_fifteen_days_a_new_report_is_asked_for(town: SimpleNamespace, passer_by: Client, link: str) -> None:
    _work_through(town)
    with clock.at(TUESDAY + timedelta(days=16)):
        answer = passer_by.post(f"{link}/reopen", {"words": "又堆满了"})
        assert answer.status_code == 409 and "超过15天" in answer.content.decode()
        assert "要求重新办理" not in _words(passer_by, link)


def test_ones_own_photo_is_seen_by_the_link_and_by_no_other(
    town: SimpleNamespace, passer_by: Client, link: str
) -> None:
    upload = Upload.objects.get()
    page = passer_by.get(f"{link}/photo/{upload.pk}/small")
    assert page["Content-Type"] == "image/jpeg" and page["Cache-Control"] == "no-store"
    other = link_of(send(Client(), f"/Q/{town.shop.code}", words="另一件"))
    for path in (f"{other}/photo/{upload.pk}", f"/r/{'0' * 34}/photo/{upload.pk}", f"/files/{upload.pk}"):
        assert passer_by.get(path).status_code == 404


def test_colleagues_see_a_photo_as_far_as_their_seat_reaches(town: SimpleNamespace, link: str) -> None:
    upload = Upload.objects.get()
    for who, status in (("desk", 200), ("grid_east", 200), ("grid_west", 404), ("auditor", 404)):
        browser = Client()
        browser.force_login(getattr(town.people, who))
        assert browser.get(f"/files/{upload.pk}/small").status_code == status, who
