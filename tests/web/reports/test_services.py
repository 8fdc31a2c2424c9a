"""A report keeps its own contact, its reply, its rating; only whoever owes the answer, or the desk of the place, gives it."""

from __future__ import annotations

import json
from datetime import timedelta
from types import SimpleNamespace

import pytest

from doudi.engine.matters.life import StepError
from doudi.engine.numbers import number
from doudi.web import clock
from doudi.web.journal.models import FreeText, Leaf
from doudi.web.looks.services import PurposeError
from doudi.web.matters import services as matters
from doudi.web.matters.models import Matter
from doudi.web.people.actor import SYSTEM
from doudi.web.people.errors import NotAllowedError
from doudi.web.people.services import NewPost, save_posts
from doudi.web.records.errors import StaleError
from doudi.web.reports import services as reports
from doudi.web.reports.models import Contact, Report, ReportClock, ReportEvent
from doudi.web.reports.queries import by_token
from doudi.web.reports.services import ReplyError
from doudi.web.scan.queries import public_timeline
from doudi.web.triage.services import Incoming, receive
from tests.web.town import FOUNDED, TUESDAY, WEST, actor

RESTRICTED = "实名举报有人吃拿卡要，放任占道摆摊"


def asked(town: SimpleNamespace, words: str = "有人占道摆摊", **more: object) -> Report:
    incoming = Incoming("scan", words, unit_code=town.shop.code, name="李先生", phone="19900000000", **more)  # type: ignore[arg-type]
    return receive([incoming], auto_dispatch=True)[0].report


def ended(town: SimpleNamespace, report: Report) -> None:
    """The work is struck, so that the report may be answered."""
    for matter in Matter.objects.filter(demands__report=report):
        matters.void(SYSTEM, matter, "误报")


def running(report: Report) -> set[str]:
    return set(ReportClock.objects.filter(report=report, ended_at__isnull=True).values_list("which", flat=True))


def test_each_try_to_reach_the_reporter_is_kept_and_only_the_first_success_stops_the_clock(
    town: SimpleNamespace,
) -> None:
    report, officer = asked(town), actor(town.people.east_officer)
    with pytest.raises(ReplyError, match="没有联系上"):
        reports.log_contact(officer, report, reached=False)
    reports.log_contact(officer, report, reached=False, text="无人接听")
    assert running(report) == {"contact", "reply"}
    for minutes in (5, 9):
        with clock.at(TUESDAY + timedelta(minutes=minutes)):
            reports.log_contact(officer, report, reached=True)
    assert (running(report), report.contacted_at) == ({"reply"}, TUESDAY + timedelta(minutes=5))
    assert list(ReportEvent.objects.order_by("seq").values_list("kind", flat=True)) == [
        "received",
        "contact_tried",
        "contacted",
        "contacted",
    ]


def test_the_final_reply_meets_every_clock_and_then_it_may_be_closed(town: SimpleNamespace) -> None:
    report, officer = (
        asked(town, upstream_due="明天", upstream_due_at=TUESDAY + timedelta(days=1)),
        actor(town.people.east_officer),
    )
    with pytest.raises(StepError, match="办结"):
        reports.close(officer, report)
    ended(town, report)
    matters.answer_report(officer, report, "现场没有摊位")
    assert (report.status, running(report)) == ("replied", set())
    reports.close(officer, report)
    assert (report.status, report.closed_at) == ("closed", TUESDAY)


def test_an_empty_reply_is_none(town: SimpleNamespace) -> None:
    report, officer = asked(town), actor(town.people.east_officer)
    for final in (True, False):
        ended(town, report) if final else None
        with pytest.raises((StepError, ReplyError), match="请写"):
            matters.answer_report(officer, report, " \n", final=final)


@pytest.mark.parametrize("stranger", ["west_officer", "grid_west", "committee", "market", "leader", "auditor", "admin"])
def test_others_than_the_answerer_and_the_desk_neither_answer_nor_set_apart(
    town: SimpleNamespace, stranger: str
) -> None:
    report, who = asked(town), actor(getattr(town.people, stranger))
    for refused in (
        lambda: reports.reply(who, report, "好了", final=False),
        lambda: reports.close(who, report),
        lambda: reports.quarantine(who, report, "骚扰"),
        lambda: reports.release(who, report),
        lambda: reports.dismiss(who, report, "骚扰"),
        lambda: reports.reveal_reporter(who, report, "看看"),
        lambda: matters.reopen_report(who, report, "又来"),
    ):
        with pytest.raises(NotAllowedError):
            refused()
    assert ReportEvent.objects.count() == 1


def test_a_worker_of_another_place_does_not_call_the_reporter(town: SimpleNamespace) -> None:
    with pytest.raises(NotAllowedError):
        reports.log_contact(actor(town.people.grid_west), asked(town), reached=True)


def test_a_desk_for_one_side_of_the_town_leaves_the_other_alone(town: SimpleNamespace) -> None:
    save_posts([NewPost("uoc.duty", "uoc", "西片值班岗", "uoc.duty", FOUNDED, "dispatcher", (WEST,), may_hold=True)])
    with pytest.raises(NotAllowedError):
        reports.quarantine(actor(town.people.desk), asked(town), "骚扰")


def test_a_restricted_report_is_for_its_circle_alone(town: SimpleNamespace) -> None:
    report = asked(town, RESTRICTED)
    for refused in (reports.reveal_reporter, reports.quarantine):
        with pytest.raises(NotAllowedError):
            refused(actor(town.people.desk), report, "看看")
    assert reports.reveal_reporter(actor(town.people.shift), report, "核实情况") is not None


def test_a_look_at_a_secret_reporter_needs_a_purpose_and_leaves_a_trace_without_words(town: SimpleNamespace) -> None:
    report, shift = asked(town, secret=True), actor(town.people.shift)
    with pytest.raises(NotAllowedError):
        reports.reveal_reporter(actor(town.people.desk), report, "回访")
    with pytest.raises(PurposeError, match="用途"):
        reports.reveal_reporter(shift, report, " ")
    found = reports.reveal_reporter(shift, report, "回访李先生，电话19900000000")
    assert found is not None and found.phone == "19900000000"
    leaf = json.loads(Leaf.objects.order_by("seq").last().body)  # type: ignore[union-attr]
    assert (leaf["kind"], leaf["about"], leaf["person"]) == (
        "looked",
        f"report/{report.number}",
        str(town.people.shift.pk),
    )
    assert "李先生" not in leaf["payload"] and "李先生" not in json.dumps(leaf, ensure_ascii=False)
    assert FreeText.objects.get(pk=leaf["payload"]["words"]["id"]).text.startswith("回访李先生")


def test_nothing_that_a_person_wrote_stands_in_the_journal(town: SimpleNamespace) -> None:
    report, officer, desk = (
        asked(town, "有人占道摆摊，找王阿姨"),
        actor(town.people.east_officer),
        actor(town.people.desk),
    )
    said = ["王阿姨说别打了", "王阿姨在忙", "王阿姨又补充", "王阿姨的摊"]
    reports.log_contact(officer, report, reached=False, text=said[0])
    reports.reply(officer, report, said[1], final=False)
    reports.add_by_reporter(report, said[2])
    matters.note(desk, Matter.objects.get(), said[3])
    bodies = "".join(Leaf.objects.values_list("body", flat=True))
    assert not any(word in bodies for word in ("王阿姨", "李先生", "19900000000", "占道"))


def test_what_is_set_apart_waits_and_comes_back_with_its_clocks(town: SimpleNamespace) -> None:
    report, desk = asked(town), actor(town.people.desk)
    due = set(ReportClock.objects.values_list("which", "due_at"))
    reports.quarantine(desk, report, "疑似骚扰")
    for refused in (
        lambda: reports.reply(desk, report, "好", final=False),
        lambda: reports.quarantine(desk, report, "再"),
    ):
        with pytest.raises((ReplyError, StepError)):
            refused()
    with clock.at(TUESDAY + timedelta(days=1)):
        reports.release(desk, report)
    assert (report.status, report.quarantine_reason) == ("received", "")
    assert set(ReportClock.objects.filter(ended_at__isnull=True).values_list("which", "due_at")) == due


def test_what_is_laid_aside_as_abuse_ends_our_clocks_and_the_desk_may_take_it_back(town: SimpleNamespace) -> None:
    report, shift = asked(town), actor(town.people.shift)
    reports.quarantine(shift, report, "骚扰")
    reports.dismiss(shift, report, "确属骚扰")
    assert (report.status, running(report)) == ("closed", set())
    with pytest.raises(ReplyError):
        matters.reopen_report(SYSTEM, report, "不是骚扰", by_reporter=True)
    matters.reopen_report(shift, report, "弄错了")
    assert (report.status, running(report)) == ("received", {"reply"})


def test_the_reporter_may_ask_again_until_the_fifteenth_day(town: SimpleNamespace) -> None:
    report, officer = asked(town), actor(town.people.east_officer)
    ended(town, report)
    matters.answer_report(officer, report, "没有摊位")
    with clock.at(TUESDAY + timedelta(days=15, seconds=1)), pytest.raises(ReplyError, match="15天"):
        matters.reopen_report(SYSTEM, report, "又来了", by_reporter=True)
    with clock.at(TUESDAY + timedelta(days=15)):
        matters.reopen_report(SYSTEM, report, "又来了", by_reporter=True)
    assert (report.status, report.replied_at, running(report)) == ("received", None, {"reply"})


def test_a_reply_can_be_rated_and_nothing_else(town: SimpleNamespace) -> None:
    report = asked(town)
    with pytest.raises(ReplyError, match="还没有答复"):
        reports.rate(report, "satisfied")
    ended(town, report)
    matters.answer_report(actor(town.people.east_officer), report, "没有摊位")
    with pytest.raises(ReplyError, match="满意"):
        reports.rate(report, "splendid")
    reports.rate(report, "dissatisfied", "没有解决")
    reports.rate(report, "satisfied")
    assert report.satisfaction == "satisfied"


def test_a_report_that_moved_on_is_not_written_over(town: SimpleNamespace) -> None:
    report = asked(town)
    old = Report.objects.get()
    reports.log_contact(actor(town.people.east_officer), report, reached=True)
    with pytest.raises(StaleError):
        reports.quarantine(actor(town.people.desk), old, "骚扰")
    assert Report.objects.get().status == "received"
    assert ReportEvent.objects.count() == 2


def test_only_the_right_token_opens_a_report_and_no_inner_step_is_public(town: SimpleNamespace) -> None:
    (received,) = receive([Incoming("scan", "有人占道摆摊", unit_code=town.shop.code)], auto_dispatch=True)
    assert by_token(received.token) == received.report
    assert by_token(received.token[:-1]) is None
    assert by_token("") is None
    reports.quarantine(actor(town.people.desk), received.report, "疑似骚扰")
    reports.release(actor(town.people.desk), received.report)
    assert [event.kind for event in public_timeline(received.report)] == ["received"]


def test_nobody_who_gave_neither_name_nor_number_has_a_row(town: SimpleNamespace) -> None:
    receive([Incoming("scan", "垃圾")])
    assert not Contact.objects.exists()


def test_a_number_that_is_taken_is_drawn_again(town: SimpleNamespace, monkeypatch: pytest.MonkeyPatch) -> None:
    report = asked(town)
    draws = iter([1, 1, 1, 2, 2, 3])
    monkeypatch.setattr(reports.reporting.secrets, "randbelow", lambda _most: next(draws))
    Report.objects.filter(pk=report.pk).update(number=number(TUESDAY.date(), 1))
    assert reports.draw_numbers(Report, 2) == [number(TUESDAY.date(), 2), number(TUESDAY.date(), 3)]
