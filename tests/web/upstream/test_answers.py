"""What was answered leaves for the system above: noted with the answer itself, taken along by a person, done when they say so."""

from __future__ import annotations

import csv
import io
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.db import transaction
from django.test import Client

from doudi.web import clock
from doudi.web.journal.models import Leaf
from doudi.web.matters import services as matters
from doudi.web.matters.models import Matter
from doudi.web.notices.models import Notice
from doudi.web.outbox.models import Outgoing
from doudi.web.reports import services as reports
from doudi.web.reports.models import Report, ReportClock
from doudi.web.timers.unsent import unsent_answers
from doudi.web.triage.services import Incoming, receive
from doudi.web.upstream import services
from doudi.web.upstream.services.answering import WritebackError
from tests.web.town import TUESDAY, actor


@pytest.fixture
def answered(town: SimpleNamespace) -> Report:
    receive(
        [Incoming("hotline", "路边有垃圾", unit_code=town.shop.code, system="区12345", external_id="=D-1", key="k")]
    )
    report = Report.objects.get()
    reports.reply(actor(town.people.shift), report, "=已清运")
    return report


def states() -> list[str]:
    return list(Outgoing.objects.order_by("made_at", "seq").values_list("state", flat=True))


def test_an_answer_and_its_leaving_are_one_fact(town: SimpleNamespace, answered: Report) -> None:
    with transaction.atomic():
        reports.close(actor(town.people.shift), answered)
        assert states() == ["waiting", "waiting"]
        transaction.set_rollback(True)
    assert states() == ["waiting"]
    assert Outgoing.objects.get().key == f"{answered.pk}:{Report.objects.get().version}"


def test_only_what_came_from_above_goes_back_there(town: SimpleNamespace) -> None:
    receive([Incoming("scan", "路边有垃圾", unit_code=town.shop.code)])
    reports.reply(actor(town.people.shift), Report.objects.get(), "已清运")
    assert states() == []


def test_it_is_taken_along_confirmed_and_never_offered_again(
    town: SimpleNamespace, answered: Report, client: Client
) -> None:
    client.force_login(town.people.desk)
    assert "区12345" in client.get("/import/answers").content.decode()
    file = client.post("/import/answers/take", {"system": "区12345", "form": "csv"})
    (row,) = csv.DictReader(io.StringIO(b"".join(file.streaming_content).decode("utf-8-sig")))  # type: ignore[attr-defined]
    assert (row["工单编号"], row["动作"], row["答复内容"]) == ("'=D-1", "答复", "'=已清运")
    assert states() == ["handed"]
    batch = Outgoing.objects.get().batch
    client.post(f"/import/answers/{batch}/confirm")
    client.post(f"/import/answers/{batch}/confirm")
    assert states() == ["confirmed"]
    assert Leaf.objects.filter(body__contains='"kind":"answers_confirmed"').count() == 1
    with pytest.raises(WritebackError):
        services.take_along(actor(town.people.desk), "区12345")


def test_what_did_not_arrive_waits_again_with_the_reason(town: SimpleNamespace, answered: Report) -> None:
    desk = actor(town.people.desk)
    services.take_along(desk, "区12345")
    batch = Outgoing.objects.get().batch
    assert batch is not None
    with pytest.raises(WritebackError):
        services.take_file_back(desk, batch, " ")
    services.take_file_back(desk, batch, "区平台今天停机")
    assert states() == ["waiting"]
    assert [one.row.external_id for one in services.take_along(desk, "区12345")] == ["=D-1"]


def test_a_file_is_put_back_on_the_page_with_the_reason_and_a_refusal_keeps_what_was_typed(
    town: SimpleNamespace, answered: Report, client: Client
) -> None:
    client.force_login(town.people.desk)
    services.take_along(actor(town.people.desk), "区12345")
    address = f"/import/answers/{Outgoing.objects.get().batch}/back"
    empty = client.post(address, {"words": " "})
    assert empty.status_code == 400 and "请写明为什么没有回填成功" in empty.content.decode()
    long = client.post(address, {"words": "停机" * 2001})
    assert long.status_code == 400 and "停机" * 2001 in long.content.decode() and states() == ["handed"]
    told = client.post(address, {"words": "区平台今天停机"}, follow=True).content.decode()
    assert "1 条答复退回待回填" in told and states() == ["waiting"]
    assert "已经处理过了" in client.post(address, {"words": "再退一次"}, follow=True).content.decode()


def test_the_same_file_can_be_taken_once_more_until_it_is_confirmed(town: SimpleNamespace, answered: Report) -> None:
    desk = actor(town.people.desk)
    services.take_along(desk, "区12345")
    first = Outgoing.objects.get().batch
    assert len(services.take_along(desk, "区12345", again=first)) == 1
    assert Outgoing.objects.get().batch != first


def test_a_restricted_answer_is_taken_along_by_the_restricted_circle_alone(
    town: SimpleNamespace, answered: Report
) -> None:
    Report.objects.update(secrecy="restricted", answerer="market.food")
    with pytest.raises(WritebackError):
        services.take_along(actor(town.people.desk), "区12345")
    assert len(services.take_along(actor(town.people.shift), "区12345")) == 1


@pytest.mark.parametrize(("who", "status"), [("desk", 200), ("east_officer", 404), ("leader", 404)])
def test_the_page_is_for_whoever_imports(
    town: SimpleNamespace, answered: Report, client: Client, who: str, status: int
) -> None:
    client.force_login(getattr(town.people, who))
    assert client.get("/import/answers").status_code == status
    assert client.post("/import/answers/take", {"system": "区12345", "form": "csv"}).status_code == status


def test_the_desk_is_told_once_a_day_of_what_waits(town: SimpleNamespace, answered: Report) -> None:
    assert unsent_answers() == 0
    for hours, told in ((24, 1), (30, 0), (48, 1)):
        with clock.at(TUESDAY + hours * (TUESDAY - TUESDAY.replace(hour=1))):
            assert unsent_answers() == told
    assert set(Notice.objects.filter(kind="standing").values_list("post_id", flat=True)) == {"uoc.duty"}


DUE = TUESDAY + timedelta(days=2)


@pytest.fixture
def order(town: SimpleNamespace) -> Report:
    """An order of the district that was worked on and answered, in time."""
    receive(
        [
            Incoming(
                "hotline",
                "路边有垃圾",
                unit_code=town.shop.code,
                system="区12345",
                external_id="D-2",
                phone="19900000000",
                upstream_due="后天",
                upstream_due_at=DUE,
            )
        ],
        auto_dispatch=True,
    )
    report = Report.objects.get()
    matter = Matter.objects.get()
    matters.void(actor(town.people.shift), matter, "已经有人清了")
    matters.answer_report(actor(town.people.shift), report, "已清运")
    return report


def upstream_clock(report: Report) -> tuple[object, ...]:
    one = ReportClock.objects.get(report=report, which="upstream", cancelled=False)
    return one.due_at, one.ended_at


def test_a_reply_is_no_first_contact_and_the_file_says_so(town: SimpleNamespace, order: Report, client: Client) -> None:
    assert order.contacted_at is None
    contact = ReportClock.objects.get(report=order, which="contact")
    assert (contact.cancelled, contact.met) == (True, None), "it was answered before the time to call had passed"
    client.force_login(town.people.shift)
    file = client.post("/import/answers/take", {"system": "区12345", "form": "csv"})
    (row,) = csv.DictReader(io.StringIO(b"".join(file.streaming_content).decode("utf-8-sig")))  # type: ignore[attr-defined]
    assert row["联系时间"] == ""


def test_whoever_was_answered_after_the_time_to_call_was_called_late(town: SimpleNamespace) -> None:
    receive([Incoming("scan", "路边有垃圾", unit_code=town.shop.code, phone="19900000000")], auto_dispatch=True)
    report = Report.objects.get()
    with clock.at(TUESDAY + timedelta(days=9)):
        matters.void(actor(town.people.shift), Matter.objects.get(), "已经有人清了")
        matters.answer_report(actor(town.people.shift), report, "已清运")
    assert ReportClock.objects.get(report=report, which="contact").met is False


def test_an_old_answer_does_not_go_up_after_reopening_and_the_order_is_due_as_before(
    town: SimpleNamespace, order: Report
) -> None:
    assert upstream_clock(order) == (DUE, TUESDAY)
    matters.reopen_report(actor(town.people.shift), order, "没有清", by_reporter=True)
    assert states() == ["dropped"]
    assert upstream_clock(order) == (DUE, None)
    assert Matter.objects.get().due_at <= DUE  # type: ignore[operator]
    with pytest.raises(WritebackError):
        services.take_along(actor(town.people.shift), "区12345")


def test_an_order_that_was_answered_above_stays_met_when_its_reporter_asks_again(
    town: SimpleNamespace, order: Report
) -> None:
    shift = actor(town.people.shift)
    services.take_along(shift, "区12345")
    matters.reopen_report(shift, order, "没有清", by_reporter=True)
    assert (states(), upstream_clock(order)) == (["handed"], (DUE, TUESDAY))


def test_an_answer_that_did_not_arrive_is_not_sent_once_its_report_was_opened_again(
    town: SimpleNamespace, order: Report
) -> None:
    shift = actor(town.people.shift)
    services.take_along(shift, "区12345")
    batch = Outgoing.objects.get().batch
    assert batch is not None
    matters.reopen_report(shift, order, "没有清", by_reporter=True)
    with pytest.raises(WritebackError):
        services.take_along(shift, "区12345", again=batch)
    assert services.take_file_back(shift, batch, "区平台今天停机") == 1
    assert (states(), upstream_clock(order)) == (["dropped"], (DUE, None))
    assert Matter.objects.get().due_at <= DUE  # type: ignore[operator]


def test_the_matter_is_due_with_the_order_as_soon_as_the_order_is(town: SimpleNamespace) -> None:
    incoming = Incoming("hotline", "路边有垃圾", unit_code=town.shop.code, system="区12345", external_id="D-3")
    report = receive([incoming], auto_dispatch=True)[0].report
    soon = TUESDAY + timedelta(minutes=20)
    matters.change_upstream_due(report, soon)
    assert Matter.objects.get().due_at == soon
