"""Who was answered is rung up by somebody apart from the work; who is inclined to be dissatisfied is seen to first."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from doudi.engine.matters.calling_back import CallBackError
from doudi.engine.matters.vocabulary import ContactOutcome
from doudi.web import clock
from doudi.web.edition_cache import forget_all
from doudi.web.fsck.queries import examine
from doudi.web.matters import services as matters
from doudi.web.matters.errors import MatterStepError
from doudi.web.matters.models import Matter
from doudi.web.notices.models import Notice
from doudi.web.people.actor import PARTY
from doudi.web.people.errors import NotAllowedError
from doudi.web.people.models import Appointment
from doudi.web.people.services import appoint
from doudi.web.reports import services as reports
from doudi.web.reports.models import Report, ReportClock, ReportEvent
from doudi.web.reports.services import ReplyError
from doudi.web.rulebook.documents import digest_of
from doudi.web.rulebook.models import Version
from doudi.web.timers.running import run_due
from doudi.web.triage.services import Incoming, receive
from tests.web.desk.conftest import STALL, Visitor, content
from tests.web.town import FOUNDED, NO_PHOTO, TUESDAY, actor

FIGURES = {
    "call_back_by": {"any": {"amount": 3, "unit": "working_day"}},
    "call_back_tries": 2,
    "warning_by": {"amount": 3, "unit": "working_day"},
    "satisfaction": {
        "any": [
            {"ask": "是否解决", "answers": ["已解决", "未解决"]},
            {"ask": "工作态度", "answers": ["满意", "不满意"]},
        ],
        "区热线": [{"ask": "是否满意", "answers": ["满意", "不满意", "认可", "未评价"]}],
    },
    "dissatisfied": ["未解决", "不满意"],
}
GOOD = {"是否解决": "已解决", "工作态度": "满意"}
REACHED, SILENT = ContactOutcome.REACHED, ContactOutcome.NO_ANSWER
CALL_BACK, WARNING = ReportClock.Which.CALL_BACK, ReportClock.Which.WARNING


@pytest.fixture
def town(town: SimpleNamespace) -> SimpleNamespace:
    """The small town, which calls back and warns."""
    figure(**FIGURES)
    return town


def figure(**figures: object) -> None:
    version = Version.objects.get()
    documents = version.documents | {"parameters": version.documents["parameters"] | figures}
    Version.objects.update(documents=documents, digest=digest_of(documents))
    forget_all()


def worked(town: SimpleNamespace, **more: Any) -> Report:
    """Handled by the eastern 城管 with the committee's help, and checked."""
    said: dict[str, Any] = {"unit_code": town.shop.code, "phone": "19900000000", "name": "李先生"} | more
    (received,) = receive([Incoming(said.pop("channel", "scan"), "有人占道摆摊", **said)])
    (matter,) = received.matters
    matters.dispatch(actor(town.people.desk), matter, kind=STALL)
    matters.finish_support(actor(town.people.committee), matter, town.posts["committee.east"], "已到场")
    matters.handle(actor(town.people.east_officer), matter, "摊贩已劝离", lacking=NO_PHOTO)
    matters.verify(actor(town.people.grid_east), matter, True, "现场已清")
    return Report.objects.get(pk=received.report.pk)


def answered(town: SimpleNamespace, **more: Any) -> Report:
    report = worked(town, **more)
    matters.answer_report(actor(town.people.east_officer), report, "摊位已劝离")
    return report


def running(report: Report) -> set[str]:
    return set(ReportClock.objects.filter(report=report, ended_at=None).values_list("which", flat=True))


def faults() -> list[str]:
    return [str(one) for one in examine() if one.code != "rulebook.changed"]


def told() -> set[tuple[str, str]]:
    with clock.at(clock.now() + timedelta(minutes=1)):
        run_due()
    return set(Notice.objects.filter(kind__in=("warned", "call_back_asked")).values_list("kind", "post"))


def test_who_was_answered_waits_for_the_call_and_the_close_waits_with_them(town: SimpleNamespace) -> None:
    report, desk = answered(town), actor(town.people.desk)
    limit = ReportClock.objects.get(report=report, which=CALL_BACK)
    assert (limit.started_at, running(report)) == (TUESDAY, {"call_back"})
    with pytest.raises(ReplyError, match="回访"):
        reports.close(desk, report)
    matters.answer_report(desk, report, "再补一句")
    assert running(report) == {"call_back"}, "a further answer asks for no further call"
    matters.call_back(actor(town.people.shift), report, REACHED, GOOD, "修得快")
    assert ReportEvent.objects.get(kind="called_back").payload["answers"] == [
        ["是否解决", "已解决"],
        ["工作态度", "满意"],
    ]
    reports.close(desk, report)
    assert (running(report), report.status) == (set(), "closed")
    assert faults() == []


def test_nobody_calls_who_worked_on_it_or_sits_in_an_office_that_did(town: SimpleNamespace) -> None:
    report = answered(town)
    for name in ("east_officer", "grid_east", "committee", "market"):
        with pytest.raises(NotAllowedError):
            matters.call_back(actor(getattr(town.people, name)), report, REACHED, GOOD)
    seat(town, "desk", "chengguan.west")
    with pytest.raises(CallBackError, match="综合行政执法队"):
        matters.call_back(actor(town.people.desk), report, REACHED, GOOD)
    assert running(report) == {"call_back"}


def seat(town: SimpleNamespace, who: str, post: str) -> None:
    appoint([Appointment(person=getattr(town.people, who), post=town.posts[post], since=FOUNDED)])
    forget_all()


def test_who_answered_it_themselves_does_not_ask_whether_it_was_right(town: SimpleNamespace) -> None:
    report = worked(town)
    matters.answer_report(actor(town.people.desk), report, "摊位已劝离")
    with pytest.raises(CallBackError, match="经手"):
        matters.call_back(actor(town.people.desk), report, REACHED, GOOD)
    matters.call_back(actor(town.people.shift), report, REACHED, GOOD)


def test_where_the_desks_own_office_did_the_work_a_leader_is_asked(town: SimpleNamespace) -> None:
    (received,) = receive([Incoming("scan", "有人占道摆摊", unit_code=town.shop.code, phone="19900000000")])
    (matter,) = received.matters
    desk = actor(town.people.desk)
    matters.dispatch(desk, matter, kind=STALL, holder=town.posts["uoc.duty"], text="值班岗先办")
    for post in matter.assignments.filter(role="support", until=None).values_list("post", flat=True):
        matters.finish_support(desk, matter, town.posts[post], "不需要", excused=True)
    matters.handle(desk, matter, "已劝离", lacking=NO_PHOTO)
    matters.verify(actor(town.people.grid_east), matter, True, "已清")
    report = Report.objects.get()
    matters.answer_report(desk, report, "摊位已劝离")
    assert told() == {("call_back_asked", "leader")}
    for name in ("desk", "shift"):
        with pytest.raises(CallBackError):
            matters.call_back(actor(getattr(town.people, name)), report, REACHED, GOOD)
    leader = actor(town.people.leader)
    contact = reports.reveal_reporter(leader, report, "回访")
    assert contact is not None and contact.phone == "19900000000"
    matters.call_back(leader, report, REACHED, GOOD)
    with pytest.raises(NotAllowedError):
        reports.reveal_reporter(leader, report, "再看看")


def test_so_many_tries_and_the_call_is_done_each_is_kept(town: SimpleNamespace) -> None:
    report, caller = answered(town), actor(town.people.shift)
    matters.call_back(caller, report, SILENT)
    assert running(report) == {"call_back"} and reports.tried(report) == 1
    matters.call_back(caller, report, ContactOutcome.SWITCHED_OFF)
    assert running(report) == set()
    with pytest.raises(ReplyError, match="不用回访"):
        matters.call_back(caller, report, SILENT)
    kinds = list(ReportEvent.objects.filter(report=report).order_by("seq").values_list("kind", flat=True))
    assert kinds[-2:] == ["call_back_tried", "call_back_tried"]


@pytest.mark.parametrize("more", [{"phone": "", "name": ""}, {"channel": "hotline", "system": "区热线"}])
def test_nobody_is_called_who_left_no_number_or_whom_those_above_call(
    town: SimpleNamespace, more: dict[str, Any]
) -> None:
    if "system" in more:
        more = more | {"external_id": "R-1"}
    assert running(answered(town, **more)) == set()


def test_an_order_whose_channel_the_town_names_is_asked_about_in_the_words_of_its_system(town: SimpleNamespace) -> None:
    figure(call_back_by={"hotline": {"amount": 1, "unit": "working_day"}})
    report = answered(town, channel="hotline", system="区热线", external_id="R-1")
    with pytest.raises(CallBackError, match="是否满意"):
        matters.call_back(actor(town.people.shift), report, REACHED, GOOD)
    matters.call_back(actor(town.people.shift), report, REACHED, {"是否满意": "认可"})
    assert running(report) == set()


def test_a_low_answer_warns_holder_and_desk_until_a_word_closes_it(town: SimpleNamespace) -> None:
    report, officer = answered(town), actor(town.people.east_officer)
    matters.call_back(actor(town.people.shift), report, REACHED, GOOD | {"是否解决": "未解决"}, "又摆出来了")
    assert running(report) == {"warning"}
    assert told() == {("warned", "chengguan.east"), ("warned", "uoc.duty")}
    with pytest.raises(ReplyError, match="预警"):
        reports.close(officer, report)
    with pytest.raises(ReplyError, match="写明"):
        matters.settle_warning(officer, report, " ")
    with pytest.raises(NotAllowedError):
        matters.settle_warning(actor(town.people.market), report, "看过了")
    matters.settle_warning(officer, report, "又去了两次，诉求人认可")
    reports.close(officer, report)
    assert faults() == []


def test_a_low_rating_warns_and_asks_for_no_call_any_more(town: SimpleNamespace) -> None:
    report = answered(town)
    matters.rate_report(report, "dissatisfied", "只来看了一下")
    assert running(report) == {"warning"}
    matters.rate_report(report, "dissatisfied", "还是那样")
    assert ReportEvent.objects.filter(kind="warned").count() == 1, "one warning at a time"
    matters.settle_warning(actor(town.people.desk), report, "已再次上门")
    matters.rate_report(report, "satisfied")
    assert running(report) == set()


def test_whoever_works_with_the_reporter_warns_before_the_answer(town: SimpleNamespace) -> None:
    report, officer = worked(town), actor(town.people.east_officer)
    with pytest.raises(MatterStepError, match="写明"):
        matters.warn(officer, report, "")
    with pytest.raises(NotAllowedError):
        matters.warn(actor(town.people.committee), report, "说不认可")
    matters.warn(officer, report, "电话里说只想要赔偿")
    assert "warning" in running(report)
    with pytest.raises(MatterStepError, match="已经有预警"):
        matters.warn(officer, report, "再说一次")
    matters.answer_report(officer, report, "摊位已劝离")
    assert running(report) == {"call_back", "warning"}


def test_danger_in_what_is_said_on_the_telephone_is_heard_and_the_work_begins_again(town: SimpleNamespace) -> None:
    report = answered(town)
    words = "电线掉在摊位上冒火花，有人触电了"
    matters.call_back(actor(town.people.shift), report, REACHED, GOOD | {"是否解决": "未解决"}, words)
    matter = Matter.objects.get()
    assert (matter.lane, matter.status) == ("life", "taken")
    assert "warning" not in running(report) and "call_back" not in running(report)


def test_opened_again_the_call_is_taken_back_and_asked_anew_after_the_next_answer(town: SimpleNamespace) -> None:
    report = answered(town)
    matters.reopen_report(PARTY, report, "又摆出来了", by_reporter=True)
    assert ReportClock.objects.get(report=report, which=CALL_BACK).cancelled
    assert faults() == []


def test_a_town_that_does_not_call_closes_as_before(town: SimpleNamespace) -> None:
    figure(call_back_by={}, warning_by=None)
    report = answered(town)
    matters.rate_report(report, "dissatisfied", "不认可")
    reports.close(actor(town.people.east_officer), report)


def test_late_calls_are_the_desks_and_late_warnings_the_holders(town: SimpleNamespace) -> None:
    report = answered(town)
    with clock.at(TUESDAY + timedelta(days=8)):
        run_due()
        assert set(Notice.objects.filter(kind="overdue").values_list("post", flat=True)) == {"uoc.duty"}
        matters.call_back(actor(town.people.shift), report, REACHED, GOOD | {"是否解决": "未解决"})
    with clock.at(TUESDAY + timedelta(days=20)):
        run_due()
        assert set(Notice.objects.filter(kind="overdue").values_list("post", flat=True)) == {
            "uoc.duty",
            "chengguan.east",
        }


def test_the_page_offers_it_to_those_apart_and_tells_the_others_why_not(
    town: SimpleNamespace,
) -> None:
    report, sit = answered(town), Visitor
    base = f"/reports/{report.number}"
    shift, officer = sit(town.people.shift), sit(town.people.east_officer)
    assert 'action="' + base + '/call-back"' in shift.read(base)
    assert "call-back" not in officer.read(base) and "回访" in officer.read(base)
    assert officer.press(f"{base}/call-back", outcome="no_answer").status_code == 404
    half = shift.press(f"{base}/call-back", outcome="reached", **{"asked-0": "已解决"}, words="好")
    assert half.status_code == 400 and "接通了的要问到" in content(half)
    shift.press(f"{base}/call-back", outcome="no_answer")
    assert "回访已试 1 次" in shift.read(base)
    fields = {"asked-0": "未解决", "asked-1": "满意"}
    assert shift.press(f"{base}/call-back", outcome="reached", words="又来了", **fields).status_code == 302
    page = officer.read(base)
    assert "是否解决 未解决；工作态度 满意" in page and "预警：诉求人可能不满意" in page
    assert report.number in sit(town.people.desk).read("/reports?tab=warned")
    officer.press(f"{base}/settle-warning", words="已再去")
    assert report.number not in sit(town.people.desk).read("/reports?tab=warned")


def test_the_desk_that_is_too_near_is_told_so(town: SimpleNamespace) -> None:
    report, sit = worked(town), Visitor
    matters.answer_report(actor(town.people.desk), report, "摊位已劝离")
    desk = sit(town.people.desk)
    page = desk.read(f"/reports/{report.number}")
    assert "您办过或答复过这件事" in page and "/call-back" not in page
    assert report.number in desk.read("/reports?tab=to_call_back")


def test_a_call_that_runs_for_nobody_who_was_answered_is_found(town: SimpleNamespace) -> None:
    report = answered(town)
    Report.objects.filter(pk=report.pk).update(status="closed")
    assert "report.call_back_astray" in [one.code for one in examine()]
