"""Somebody asks what is kept of them, has it put right or erased: with a day, an answer, and what the answer says done."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.conf import LazySettings
from django.test import Client

from doudi.engine.errors import DoudiError
from doudi.web import clock
from doudi.web.files.queries import file_of
from doudi.web.fsck.queries import examine
from doudi.web.journal import services as journal
from doudi.web.journal.models import Leaf
from doudi.web.matters import services as matters
from doudi.web.notices.models import Notice
from doudi.web.people.actor import PARTY
from doudi.web.people.errors import NotAllowedError
from doudi.web.people.models import Appointment, Post
from doudi.web.people.services import NewPost, add_person, appoint, save_posts
from doudi.web.records.errors import StaleError
from doudi.web.reports.models import Contact, Report
from doudi.web.retention import services as retention
from doudi.web.retention.models import PersonalRequest
from doudi.web.retention.services import register
from doudi.web.rulebook.models import Version
from doudi.web.timers.running import run_due
from tests.web.retention.laying import CANARIES, SAID, WHO, end, fresh, lay, where
from tests.web.scan.steps import send
from tests.web.town import FOUNDED, WEST, actor


@pytest.fixture(autouse=True)
def _folders_of_this_test(settings: LazySettings, tmp_path: object) -> None:
    settings.MEDIA_ROOT, settings.REGISTER_DIR = f"{tmp_path}/files", f"{tmp_path}/register"


def client_of(person: Any) -> Client:
    client = Client()
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    return client


def test_the_reporter_reads_what_is_kept_masked_and_asks(town: SimpleNamespace) -> None:
    laid = lay(town)
    page = Client().get(f"/r/{laid.token}/data").content.decode()
    assert "金毛犬巴顿" in page and "13812" not in page and "138" in page
    assert not any(word in page for word in WHO)
    done = Client().post(f"/r/{laid.token}/data", {"kind": "erase", "words": "不想再留紫竹"})
    assert done.status_code == 302
    asked = PersonalRequest.objects.get()
    # Fifteen working days from a Tuesday; the calendar of the tests knows no holiday before.
    assert asked.due_at > clock.now() + timedelta(days=20)
    assert Leaf.objects.filter(body__contains="personal_request_asked").count() == 1
    assert Notice.objects.filter(kind="personal_request", post="uoc.shift_leader").count() == 1
    again = Client().post(f"/r/{laid.token}/data", {"kind": "erase", "words": "再来"})
    assert again.status_code == 409 and "已经收到" in again.content.decode() and "再来" in again.content.decode()
    assert Client().get("/r/nothing/data").status_code == 404


def test_what_is_not_answered_in_time_is_told(town: SimpleNamespace) -> None:
    laid = lay(town)
    asked = retention.ask(PARTY, laid.report, "see", "")
    with clock.at(asked.due_at + timedelta(minutes=1)):
        run_due()
    assert any("个人信息请求到期" in one.template for one in Notice.objects.filter(post="uoc.shift_leader"))


def test_an_erasure_of_a_file_is_a_block_and_done_with_the_answer(town: SimpleNamespace) -> None:
    version = Version.objects.get()
    parameters = {**version.documents["parameters"], "retention_days": {"case_files": 3650}}
    Version.objects.filter(pk=version.pk).update(
        documents=version.documents | {"parameters": parameters}, digest="of another version"
    )
    laid = lay(town)
    end(laid)
    asked = retention.ask(PARTY, Report.objects.get(), "erase", "请删")
    shift = client_of(town.people.shift)
    assert laid.report.number in shift.get("/requests").content.decode()
    assert client_of(town.people.desk).get(f"/requests/{asked.pk}").status_code == 404
    refused = shift.post(f"/requests/{asked.pk}", {"outcome": "erased", "words": "照删"})
    assert refused.status_code == 409 and "档案规定" in refused.content.decode()
    asked.refresh_from_db()
    assert asked.state == "open" and where(SAID)["风铃草坠落"], "nothing of a refused answer is done"
    done = shift.post(f"/requests/{asked.pk}", {"outcome": "blocked", "words": "档案要保管，已封存"})
    assert done.status_code == 302
    assert Report.objects.get().blocked_at is not None
    assert not any(where(WHO).values())
    with pytest.raises(StaleError):
        retention.answer(actor(town.people.shift), asked, "blocked", "再来一次")
    told = Client().get(f"/r/{laid.token}/data").content.decode()
    assert "档案要保管，已封存" in told and not any(word in told for word in CANARIES)
    page = shift.get(laid.report.get_absolute_url()).content.decode()
    assert "已封存" in page and not any(word in page for word in CANARIES)
    path = f"{laid.report.get_absolute_url()}/blocked"
    assert shift.post(path, {"do": "open", "words": ""}).status_code == 409
    opened = shift.post(path, {"do": "open", "words": "法院调卷"})
    assert "金毛犬巴顿" in opened.content.decode() and "no-store" in opened["Cache-Control"]
    assert client_of(town.people.desk).post(path, {"do": "open", "words": "看看"}).status_code == 404
    assert shift.post(path, {"do": "unblock", "words": "要复查"}).status_code == 302
    assert Report.objects.get().blocked_at is None
    # The figures of this test are not those that were published.
    assert [one.code for one in examine() if one.code != "rulebook.changed"] == []


def test_an_answer_that_does_not_come_to_its_end_leaves_the_photographs(
    town: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Bytes on a disk come back by no rollback: they go once the answer is certain."""
    laid = lay(town)
    end(laid)
    asked, shift = retention.ask(PARTY, Report.objects.get(), "erase", ""), actor(town.people.shift)

    def breaks(_facts: object) -> None:
        raise ConnectionError("the database is gone")

    with monkeypatch.context() as broken:
        broken.setattr(journal, "_chain", breaks)
        with pytest.raises(ConnectionError):
            retention.answer(shift, asked, "erased", "已删除")
    assert file_of(laid.photo).exists() and register.lines() == []
    assert all(where(SAID).values()), "the rows came back"
    retention.answer(shift, asked, "erased", "已删除")
    assert not file_of(laid.photo).exists() and {line.kind for line in register.lines()} == {"erased"}


def test_while_it_is_worked_on_only_the_contact_goes(town: SimpleNamespace) -> None:
    laid = lay(town)
    asked = retention.ask(PARTY, Report.objects.get(), "erase", "")
    shift = actor(town.people.shift)
    with pytest.raises(DoudiError, match="还没有办结"):
        retention.answer(shift, asked, "blocked", "封存")
    retention.answer(shift, asked, "contact", "称呼和电话已删")
    assert not any(where(WHO).values()) and all(where(SAID).values())
    assert laid.report.number


def test_a_correction_is_committed_to(town: SimpleNamespace) -> None:
    lay(town)
    with pytest.raises(DoudiError, match="写明哪里"):
        retention.ask(PARTY, Report.objects.get(), "correct", " ")
    asked = retention.ask(PARTY, Report.objects.get(), "correct", "电话错了")
    retention.answer(actor(town.people.shift), asked, "corrected", "已改", phone="13900001111")
    assert Contact.objects.get().phone == "13900001111"
    assert "13812345678" not in str(where(("13812345678",))["13812345678"])
    assert [one.code for one in examine()] == []


def test_only_who_has_the_power_writes_one_down(town: SimpleNamespace) -> None:
    laid = lay(town)
    with pytest.raises(NotAllowedError):
        retention.ask(actor(town.people.desk), Report.objects.get(), "see", "")
    shift = client_of(town.people.shift)
    path = f"/requests/new/{laid.report.number}"
    assert shift.get(path).status_code == 200
    assert shift.post(path, {"kind": "see", "words": "来窗口问"}).status_code == 302
    assert PersonalRequest.objects.get().by_person == town.people.shift


def test_the_page_of_a_report_offers_it_only_where_the_power_reaches(town: SimpleNamespace) -> None:
    """Who leads the shift elsewhere and helps here reads the report; what is kept of whoever made it is not theirs."""
    laid = lay(town)
    save_posts(
        [NewPost("west.lead", "uoc", "西片值班长", "west.lead", FOUNDED, "shift_leader", (WEST,), may_hold=True)]
    )
    elsewhere = add_person("west.lead", "西片先生", password="测试镇-门牌-一百二十四")
    appoint([Appointment(person=elsewhere, post_id="west.lead", since=FOUNDED)])
    matters.add_support(actor(town.people.desk), fresh(laid.matter), Post.objects.get(code="west.lead"), "请协助")
    offered = f"/requests/new/{laid.report.number}"
    here = laid.report.get_absolute_url()
    assert offered in client_of(town.people.shift).get(here).content.decode()
    page = client_of(elsewhere).get(here)
    assert page.status_code == 200 and offered not in page.content.decode()
    assert client_of(elsewhere).get(offered).status_code == 404


def test_the_notice_that_was_shown_is_kept_with_the_report(town: SimpleNamespace) -> None:
    send(Client(), f"/Q/{town.manhole.code}", words="井盖响")
    report = Report.objects.get()
    assert report.notice == "1-1"
    assert '"notice":"1-1"' in Leaf.objects.filter(body__contains='"kind":"received"').get().body
    assert Client().get(f"/privacy/{report.notice}").status_code == 200
    assert "个人信息告知" in Client().get("/privacy").content.decode()
    for unknown in ("1-99", "2-1", "x", "1-²"):
        assert Client().get(f"/privacy/{unknown}").status_code == 404


def test_requests_go_with_the_report(town: SimpleNamespace) -> None:
    laid = lay(town)
    end(laid)
    asked = retention.ask(PARTY, Report.objects.get(), "see", "想看看青花瓷")
    retention.answer(actor(town.people.shift), asked, "shown", "都在青花瓷里")
    assert where(("青花瓷",))["青花瓷"]
    retention.erase_report(actor(town.people.shift), Report.objects.get())
    assert not where(("青花瓷",))["青花瓷"]
    assert laid.report.number
