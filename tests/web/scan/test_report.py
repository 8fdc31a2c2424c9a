"""A well-formed report is never refused, never lost and never taken twice."""

from __future__ import annotations

import errno
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from doudi.web.files import storage
from doudi.web.files.models import Upload
from doudi.web.matters.models import Matter
from doudi.web.reports.models import Contact, Report, ReportEvent
from doudi.web.scan import intake
from tests.web.files.hostile import not_photos, photo
from tests.web.scan.steps import GAS, RUBBISH, link_of, mark_on, only_report, send


def _photo(content: bytes = b"", name: str = "现场.jpg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content or photo(), content_type="image/jpeg")


def test_three_taps_are_enough(town: SimpleNamespace, passer_by: Client) -> None:
    answer = send(passer_by, f"/Q/{town.shop.code}", kind=RUBBISH, photos=[_photo()])
    report = only_report()
    assert (report.unit_id, report.picked_kind, report.channel, report.photos.count()) == (
        town.shop.code,
        RUBBISH,
        "scan",
        1,
    )
    assert Matter.objects.get().demands.get().report == report
    assert link_of(answer).startswith("/r/")


@pytest.mark.parametrize("fields", [{"kind": RUBBISH}, {"words": "井盖碎了"}, {"photos": "a photo"}])
def test_any_one_of_kind_words_and_photo_will_do(
    town: SimpleNamespace, passer_by: Client, fields: dict[str, object]
) -> None:
    if "photos" in fields:
        fields = {"photos": [_photo()]}
    link_of(send(passer_by, f"/Q/{town.shop.code}", **fields))
    assert Report.objects.count() == Matter.objects.count() == 1


def test_an_empty_form_is_asked_once_more_in_a_friendly_way(town: SimpleNamespace, passer_by: Client) -> None:
    answer = send(passer_by, f"/Q/{town.shop.code}", phone="19900000000")
    assert answer.status_code == 200 and not Report.objects.exists()
    words = answer.content.decode()
    assert "请点选一类，或写一句话，或拍一张照片" in words and "19900000000" in words


@pytest.mark.parametrize(
    "what", ["a drawing with a script", "an animation", "half a photograph", "a PNG that claims a lake of pixels"]
)
def test_a_hostile_photo_costs_neither_the_words_nor_the_good_photo(
    town: SimpleNamespace, passer_by: Client, what: str
) -> None:
    answer = send(passer_by, f"/Q/{town.shop.code}", words="有人倒垃圾", photos=[_photo(not_photos()[what]), _photo()])
    report = only_report()
    assert report.words == "有人倒垃圾" and report.photos.count() == Upload.objects.count() == 1
    told = passer_by.get(answer["Location"]).content.decode()
    assert "文字已收到" in told


def test_a_hostile_photo_alone_says_why_and_keeps_the_form(town: SimpleNamespace, passer_by: Client) -> None:
    answer = send(passer_by, f"/Q/{town.shop.code}", phone="19900000000", photos=[_photo(b"<svg/>")])
    words = answer.content.decode()
    assert "不是照片" in words and "19900000000" in words and not Report.objects.exists()


def test_a_full_disk_costs_the_photo_and_not_the_words(
    town: SimpleNamespace, passer_by: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(storage.os, "fsync", full)
    answer = send(passer_by, f"/Q/{town.shop.code}", words="有人倒垃圾", photos=[_photo()])
    assert "照片暂时存不下" in passer_by.get(answer["Location"]).content.decode()
    assert (only_report().words, Upload.objects.count()) == ("有人倒垃圾", 0)


def test_the_seventh_photo_is_left_out_with_a_word(town: SimpleNamespace, passer_by: Client) -> None:
    answer = send(passer_by, f"/Q/{town.shop.code}", kind=RUBBISH, photos=[_photo() for _ in range(7)])
    assert only_report().photos.count() == 6
    assert "超过 6 张" in passer_by.get(answer["Location"]).content.decode()


def test_four_thousand_signs_are_kept_whole(town: SimpleNamespace, passer_by: Client) -> None:
    words = "路" * 3998 + "\r\n灯"
    link_of(send(passer_by, f"/Q/{town.shop.code}", words=words))
    assert only_report().words == "路" * 3998 + "\n灯"


def test_what_is_longer_is_shown_again_whole_with_the_count(town: SimpleNamespace, passer_by: Client) -> None:
    answer = send(passer_by, f"/Q/{town.shop.code}", words="路" * 4001 + "尾")
    words = answer.content.decode()
    assert "一共 4002 字" in words and "路" * 4001 + "尾" in words and not Report.objects.exists()


@pytest.mark.parametrize(
    "words",
    [
        "<script>alert(1)</script>",
        "'; DROP TABLE x;--",
        "\x00井盖\x00坏了",
        "🕳️🚧",
        "=HYPERLINK(1)",
        "﷽" * 50,
        "{{ 7*7 }}{% now %}",
    ],
)
def test_strange_words_are_received_and_shown_as_words(town: SimpleNamespace, passer_by: Client, words: str) -> None:
    link = link_of(send(passer_by, f"/Q/{town.shop.code}", words=words))
    assert only_report().words == words.replace("\x00", "")
    page = passer_by.get(link).content.decode()
    assert "<script>alert" not in page


@pytest.mark.parametrize(
    "fields", [{"kind": "event.none"}, {"area": "999"}, {"phone": "九" * 80}, {"name": "长" * 200}, {"secret": "maybe"}]
)
def test_odd_side_fields_are_no_reason_to_refuse(
    town: SimpleNamespace, passer_by: Client, fields: dict[str, str]
) -> None:
    link_of(send(passer_by, "/report", words="路灯不亮", address="东苑路口", **fields))
    assert Report.objects.count() == 1


def test_pressing_twice_makes_one_report_and_the_same_receipt(town: SimpleNamespace, passer_by: Client) -> None:
    path = f"/Q/{town.shop.code}"
    fields = {"words": "井盖坏了", "mark": mark_on(passer_by.get(path))}
    first, second = passer_by.post(path, fields), passer_by.post(path, fields)
    assert link_of(first) == link_of(second)
    assert Report.objects.count() == Matter.objects.count() == 1


def test_a_form_sent_again_gives_the_same_link(town: SimpleNamespace, passer_by: Client) -> None:
    path = f"/Q/{town.shop.code}"
    fields = {"words": "井盖坏了", "mark": mark_on(passer_by.get(path))}
    first, again = (link_of(passer_by.post(path, fields)) for _ in range(2))
    assert first == again and Report.objects.count() == 1


def test_another_report_on_a_form_from_the_browsers_memory_is_another_report(
    town: SimpleNamespace, passer_by: Client
) -> None:
    """The page comes back with the mark of before: what is written in it now is not answered with the first receipt."""
    path = f"/Q/{town.shop.code}"
    mark = mark_on(passer_by.get(path))
    first = link_of(passer_by.post(path, {"words": "井盖坏了", "mark": mark}))
    other = link_of(passer_by.post(path, {"words": "路灯不亮", "mark": mark}))
    assert first != other and Report.objects.count() == Matter.objects.count() == 2
    assert link_of(passer_by.post(path, {"words": "路灯不亮", "mark": mark})) == other
    assert Report.objects.count() == 2


@pytest.mark.parametrize("more", ["phone", "photo"])
def test_what_is_added_before_a_form_is_sent_again_is_not_lost(
    town: SimpleNamespace, passer_by: Client, more: str
) -> None:
    path = f"/Q/{town.shop.code}"
    mark = mark_on(passer_by.get(path))
    link_of(passer_by.post(path, {"words": "井盖坏了", "mark": mark}))
    added: dict[str, Any] = {"phone": "19900001234"} if more == "phone" else {"photos": [_photo()]}
    link_of(passer_by.post(path, {"words": "井盖坏了", "mark": mark, **added}))
    last = Report.objects.order_by("-pk")[0]
    assert Contact.objects.filter(report=last).exists() if more == "phone" else last.photos.count() == 1


@pytest.mark.parametrize("mark", ["", "broken", "a" * 32 + ":wrong"])
def test_a_form_without_a_good_mark_is_received_once_all_the_same(
    town: SimpleNamespace, passer_by: Client, mark: str
) -> None:
    path = f"/Q/{town.shop.code}"
    link_of(passer_by.post(path, {"words": "井盖坏了", "mark": mark}))
    again = passer_by.post(path, {"words": "井盖坏了", "mark": mark})
    assert again.status_code == 200 and "刚才已经收到" in again.content.decode(), (
        "perhaps a neighbour: no link is shown"
    )
    link_of(passer_by.post(path, {"words": "路灯不亮", "mark": mark}))
    assert Report.objects.count() == 2


def test_two_people_who_say_the_same_are_two_reports(town: SimpleNamespace) -> None:
    for _ in range(2):
        send(Client(), f"/Q/{town.shop.code}", words="井盖坏了")
    assert Report.objects.count() == 2


def test_a_fault_on_our_side_keeps_the_words_before_the_reporters_eyes(
    town: SimpleNamespace, passer_by: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("disk full")

    monkeypatch.setattr(intake, "receive", broken)
    answer = send(passer_by, f"/Q/{town.shop.code}", words="井盖坏了一角")
    words = answer.content.decode()
    assert "还没有收到" in words and "井盖坏了一角" in words


def test_a_report_without_a_plaque_names_its_place_in_words(town: SimpleNamespace, passer_by: Client) -> None:
    link_of(send(passer_by, "/report", words="路灯不亮", address="东苑路口第三根灯杆", area="310199101001"))
    report = only_report()
    assert (report.channel, report.address, report.area_id) == ("web", "东苑路口第三根灯杆", "310199101001")


def test_the_form_on_the_page_of_unknown_codes_works_too(town: SimpleNamespace, passer_by: Client) -> None:
    assert mark_on(passer_by.get("/Q/none")) == ""
    link_of(passer_by.post("/report", {"words": "码牌破了", "address": "东苑路 3 号", "mark": ""}))


def test_name_and_phone_lie_sealed_and_a_secret_wish_is_kept(town: SimpleNamespace, passer_by: Client) -> None:
    link_of(send(passer_by, f"/Q/{town.shop.code}", words="占道", name="陈女士", phone="19900001234", secret="on"))
    report = only_report()
    contact = Contact.objects.get(report=report)
    assert (contact.name, contact.phone, report.secrecy) == ("陈女士", "19900001234", "secret")


@pytest.mark.parametrize("fields", [{"kind": GAS}, {"words": "楼道里有很浓的燃气味"}])
def test_danger_to_life_shows_the_call_first_and_logs_it(
    town: SimpleNamespace, passer_by: Client, fields: dict[str, str]
) -> None:
    answer = send(passer_by, f"/Q/{town.shop.code}", **fields)
    page = passer_by.get(answer["Location"]).content.decode()
    call = page.index('class="call ')
    assert 'href="tel:' in page[call : call + 900] and call < page.index("诉求编号")
    event = ReportEvent.objects.get(kind="received")
    assert event.payload["emergency_shown"]
    assert Matter.objects.get().lane == "life"


def test_a_harmless_matter_shows_no_call(town: SimpleNamespace, passer_by: Client) -> None:
    answer = send(passer_by, f"/Q/{town.shop.code}", kind=RUBBISH)
    assert 'class="call ' not in passer_by.get(answer["Location"]).content.decode()
