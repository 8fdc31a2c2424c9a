"""Whoever holds a matter may ask to be relieved, and holds it until the answer; nobody is sent in circles."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.db import IntegrityError, transaction

from doudi.engine.matters.life import StepError
from doudi.web import clock
from doudi.web.fsck.queries import examine
from doudi.web.matters import services as matters
from doudi.web.matters.errors import ApplicationError, MatterStepError, SecondTransferError
from doudi.web.matters.models import Application, Assignment, Decision, Matter, MatterClock, MatterEvent
from doudi.web.matters.queries import applications_of, available_applications, may_answer, undecided
from doudi.web.people.errors import NotAllowedError
from doudi.web.records.errors import StaleError
from doudi.web.reports import services as reports
from doudi.web.reports.models import ReportClock
from doudi.web.triage.services import Incoming, receive
from tests.web.town import NO_PHOTO, TUESDAY, actor


@pytest.fixture
def stall(town: SimpleNamespace) -> SimpleNamespace:
    """A stall before the noodle shop, which the east team holds and does not think its own."""
    (received,) = receive([Incoming("scan", "有人占道摆摊", unit_code=town.shop.code)], auto_dispatch=True)
    matter = received.matters[0]
    people = {
        name: actor(getattr(town.people, name))
        for name in ("east_officer", "desk", "shift", "cleaner", "market", "grid_west")
    }
    matters.finish_support(people["desk"], matter, town.posts["committee.east"], "不需要", excused=True)
    return SimpleNamespace(town=town, matter=matter, **people)


def transfer(stall: SimpleNamespace, **given: object) -> Application:
    asked = {
        "reason": "摊贩卖的是现制食品",
        "basis": "食品摊贩管理办法第三条",
        "proposed_holder": stall.town.posts["market.food"],
        **given,
    }
    return matters.apply(stall.east_officer, stall.matter, "transfer", **asked)  # type: ignore[arg-type]


def order(town: SimpleNamespace) -> Matter:
    incoming = Incoming(
        "hotline",
        "有人占道摆摊",
        unit_code=town.shop.code,
        system="区热线",
        external_id="D-1",
        upstream_due="2026-11-27 17:00",
        upstream_due_at=TUESDAY + timedelta(days=3, hours=7),
    )
    return receive([incoming], auto_dispatch=True)[0].matters[0]


def whole() -> None:
    assert [str(fault) for fault in examine() if not fault.code.startswith("job.")] == []


def test_the_holder_stays_until_the_desk_answers(stall: SimpleNamespace) -> None:
    application = transfer(stall)
    assert (application.state, application.due_at) == ("open", TUESDAY + timedelta(minutes=30))
    assert Matter.objects.get().holder_id == "chengguan.east"
    assert [one.pk for one in undecided(stall.desk)] == [application.pk]
    assert list(undecided(stall.grid_west)) == []
    whole()


def test_a_granted_transfer_changes_the_holder_with_its_receipt(stall: SimpleNamespace) -> None:
    application = transfer(stall)
    matters.answer(stall.desk, stall.matter, application, True, "同意，现场有食品加工")
    matters.take_over(stall.market, Matter.objects.get())
    matter = Matter.objects.get()
    assert (matter.holder_id, matter.status, matter.layer) == ("market.food", "taken", "desk")
    lead = Assignment.objects.get(role="lead", until__isnull=True)
    assert (lead.post_id, lead.why, lead.taken_by_id) == ("market.food", "desk", stall.market.person.pk)
    decision = Decision.objects.get(pk=lead.decision_id)
    assert (decision.by_person_id, decision.status) == (stall.town.people.desk.pk, "desk")
    assert not MatterClock.objects.filter(which="take", ended_at__isnull=True).exists()
    assert Application.objects.get().answered_by_id == stall.town.people.desk.pk
    whole()


def test_a_refused_transfer_leaves_it_where_it_is_and_says_why(stall: SimpleNamespace) -> None:
    application = transfer(stall)
    with pytest.raises(StepError, match="理由"):
        matters.answer(stall.desk, stall.matter, application, False)
    matters.answer(stall.desk, stall.matter, application, False, "占道由城管处置")
    assert Matter.objects.get().holder_id == "chengguan.east"
    assert applications_of(stall.matter)[0].answer.text == "占道由城管处置"
    whole()


def test_a_second_transfer_of_the_same_matter_waits_for_a_ruling(stall: SimpleNamespace) -> None:
    """Ping-pong is impossible: neither who was refused nor who has got it can send it on."""
    matters.answer(stall.desk, stall.matter, transfer(stall), True)
    matters.take_over(stall.market, stall.matter)
    back = stall.town.posts["chengguan.east"]
    with pytest.raises(SecondTransferError, match="会商裁定"):
        matters.apply(
            stall.market, stall.matter, "transfer", reason="也不归我们", basis="三定方案", proposed_holder=back
        )
    assert Matter.objects.get().holder_id == "market.food"


def test_one_that_was_taken_back_does_not_count(stall: SimpleNamespace) -> None:
    application = transfer(stall)
    with pytest.raises(ApplicationError):
        transfer(stall)
    matters.withdraw(stall.east_officer, stall.matter, application, "核实后确属我队")
    transfer(stall)
    whole()


def test_the_database_itself_keeps_a_second_open_transfer_out(stall: SimpleNamespace) -> None:
    row = transfer(stall)
    with pytest.raises(IntegrityError), transaction.atomic():
        Application.objects.create(
            matter=stall.matter,
            kind="transfer",
            asked_of="desk",
            by_post=row.by_post,
            applied_at=TUESDAY,
            state="disputed",
        )


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"reason": " "}, "理由"),
        ({"basis": ""}, "“不归我管”不是依据"),
        ({"proposed_holder": None}, "推出门外"),
        ({"asked_of": "upstream"}, "不能向上级申请"),
    ],
)
def test_not_ours_is_no_application(stall: SimpleNamespace, given: dict[str, object], words: str) -> None:
    with pytest.raises(ApplicationError) as refused:
        transfer(stall, **given)
    assert words in str(refused.value)
    assert not Application.objects.exists()


def test_a_committee_is_never_proposed(stall: SimpleNamespace) -> None:
    with pytest.raises(MatterStepError, match="不能承办"):
        transfer(stall, proposed_holder=stall.town.posts["committee.east"])


def test_only_the_holder_asks_and_nobody_answers_themselves(stall: SimpleNamespace, town: SimpleNamespace) -> None:
    with pytest.raises(ApplicationError, match="请由承办岗申请"):
        matters.apply(
            stall.desk, stall.matter, "transfer", reason="x", basis="y", proposed_holder=town.posts["market.food"]
        )
    with pytest.raises(NotAllowedError):
        matters.apply(
            stall.grid_west, stall.matter, "transfer", reason="x", basis="y", proposed_holder=town.posts["market.food"]
        )
    application = transfer(stall)
    with pytest.raises(NotAllowedError):
        matters.answer(stall.east_officer, stall.matter, application, True)
    matters.withdraw(stall.east_officer, stall.matter, application)
    matters.dispatch(
        stall.desk, stall.matter, kind="event.street.stall", holder=town.posts["uoc.duty"], text="先由值班岗跟进"
    )
    own = matters.apply(
        stall.desk,
        stall.matter,
        "transfer",
        reason="归市场所",
        basis="食品摊贩管理办法",
        proposed_holder=town.posts["market.food"],
    )
    assert not may_answer(stall.desk, own)
    with pytest.raises(ApplicationError, match="自己的申请"):
        matters.answer(stall.desk, stall.matter, own, True)
    matters.answer(stall.shift, stall.matter, own, True)


def test_while_it_waits_the_desk_moves_the_matter_only_by_its_answer(
    stall: SimpleNamespace, town: SimpleNamespace
) -> None:
    application = transfer(stall)
    with pytest.raises(MatterStepError, match="请先答复申请"):
        matters.dispatch(
            stall.desk, stall.matter, kind="event.street.stall", holder=town.posts["greening.street"], text="改派"
        )
    matters.answer(
        stall.desk, stall.matter, application, True, "由市容所办更合适", holder=town.posts["greening.street"]
    )
    matters.take_over(stall.cleaner, Matter.objects.get())
    assert Matter.objects.get().holder_id == "greening.street"
    whole()


def test_two_answers_to_one_application(stall: SimpleNamespace) -> None:
    application, page = transfer(stall), Matter.objects.get()
    late = Application.objects.get()
    matters.answer(stall.desk, stall.matter, application, False, "不同意")
    with pytest.raises(StaleError):
        matters.answer(stall.shift, page, late, True)
    with pytest.raises(StepError):
        matters.answer(stall.shift, Matter.objects.get(), late, True)


def test_who_does_the_work_after_all_asks_for_nothing_more(stall: SimpleNamespace) -> None:
    transfer(stall)
    matters.handle(stall.east_officer, stall.matter, "已劝离，无法拍照", lacking=NO_PHOTO)
    assert Application.objects.get().state == "withdrawn"
    whole()


def test_more_time_begins_a_new_limit_and_forgets_no_late_one(stall: SimpleNamespace) -> None:
    until = TUESDAY + timedelta(days=6)
    application = matters.apply(stall.east_officer, stall.matter, "extend", reason="等商户回沪", proposed_until=until)
    with pytest.raises(NotAllowedError):
        matters.answer(stall.desk, stall.matter, application, True)
    before = MatterClock.objects.get(which="handle", ended_at__isnull=True)
    with clock.at(before.due_at + timedelta(hours=1)):  # type: ignore[operator]
        matters.answer(stall.shift, stall.matter, application, True)
    before.refresh_from_db()
    assert before.met is False
    assert MatterClock.objects.get(which="handle", ended_at__isnull=True).due_at == until
    whole()


def test_on_the_books_the_handling_stands_still_and_the_citizens_clock_runs(stall: SimpleNamespace) -> None:
    handle = MatterClock.objects.get(which="handle", ended_at__isnull=True)
    reply = ReportClock.objects.get(which="reply").due_at
    until = TUESDAY + timedelta(days=60)
    application = matters.apply(
        stall.east_officer, stall.matter, "suspend", reason="等春季统一施工", proposed_until=until
    )
    matters.answer(stall.shift, stall.matter, application, True)
    after = MatterClock.objects.get(pk=handle.pk)
    assert after.due_at is not None and after.due_at > until
    assert ReportClock.objects.get(which="reply").due_at == reply
    whole()


@pytest.mark.parametrize("kind", ["extend", "suspend"])
def test_a_day_that_has_passed_before_the_answer_is_chosen_anew(stall: SimpleNamespace, kind: str) -> None:
    until = TUESDAY + timedelta(days=9)
    application = matters.apply(stall.east_officer, stall.matter, kind, reason="等施工", proposed_until=until)
    with clock.at(until + timedelta(hours=1)):
        with pytest.raises(ApplicationError, match="另选一天"):
            matters.answer(stall.shift, stall.matter, application, True)
        later = until + timedelta(days=20)
        matters.answer(stall.shift, stall.matter, Application.objects.get(), True, until=later)
        whole()


def test_a_double_entry_is_struck_by_the_answer(stall: SimpleNamespace) -> None:
    matters.urge(stall.desk, stall.matter, "remind", "请尽快到场")
    application = matters.apply(stall.east_officer, stall.matter, "void", reason="同一件重复录入")
    matters.answer(stall.desk, stall.matter, application, True)
    assert Matter.objects.get().status == "voided"
    assert stall.matter.urges.get().state == "lapsed"
    whole()


def test_what_goes_up_is_only_written_down_and_its_due_moment_stays(town: SimpleNamespace) -> None:
    matter, officer, desk = order(town), actor(town.people.east_officer), actor(town.people.desk)
    due = ReportClock.objects.get(which="upstream").due_at
    application = matters.apply(
        officer, matter, "return", asked_of="upstream", reason="地点在邻镇", basis="区界桩在路东"
    )
    assert application.report is not None and application.due_at is None
    matters.answer(desk, matter, application, False, "区平台回复：仍由本镇办理")
    assert (Matter.objects.get().holder_id, Matter.objects.get().status) == ("chengguan.east", "accepted")
    assert ReportClock.objects.get(which="upstream").due_at == due
    whole()


def test_only_an_order_from_above_goes_back_up(stall: SimpleNamespace) -> None:
    with pytest.raises(ApplicationError, match="没有上级"):
        matters.apply(stall.east_officer, stall.matter, "return", asked_of="upstream", reason="x", basis="y")


def test_to_leave_it_out_of_the_count_may_be_asked_when_all_is_done(town: SimpleNamespace) -> None:
    matter, desk = order(town), actor(town.people.desk)
    matters.void(desk, matter, "重复工单")
    with pytest.raises(ApplicationError, match="已经结束"):
        matters.apply(desk, matter, "return", asked_of="upstream", reason="x", basis="y")
    matters.apply(desk, matter, "exclude", asked_of="upstream", reason="恶意投诉", basis="考核细则第七条")
    whole()


def test_the_page_offers_what_can_be_asked(stall: SimpleNamespace, town: SimpleNamespace) -> None:
    assert [str(one.kind) for one in available_applications(stall.east_officer, stall.matter)] == [
        "transfer",
        "extend",
        "suspend",
        "void",
    ]
    assert available_applications(stall.desk, stall.matter) == {}
    transfer(stall)
    assert "transfer" not in [str(one.kind) for one in available_applications(stall.east_officer, stall.matter)]
    above = order(town)
    assert [str(one.kind) for one in available_applications(stall.desk, above)] == [
        "extend",
        "suspend",
        "void",
        "return",
        "close",
        "exclude",
    ]


def test_every_word_of_it_lies_in_events_that_hold_none(stall: SimpleNamespace) -> None:
    matters.answer(stall.desk, stall.matter, transfer(stall), False, "理由在此")
    for event in MatterEvent.objects.all():
        assert (
            "现制食品" not in str(event.payload)
            and "管理办法" not in str(event.payload)
            and "理由在此" not in str(event.payload)
        )


def test_what_was_referred_for_a_ruling_the_desk_does_not_answer(stall: SimpleNamespace) -> None:
    application = transfer(stall)
    Application.objects.update(state="disputed")
    assert not may_answer(stall.desk, Application.objects.get())
    with pytest.raises(ApplicationError, match="由裁定答复"):
        matters.answer(stall.desk, stall.matter, application, True)


def returned(stall: SimpleNamespace, matter: Matter) -> Application:
    return matters.apply(
        stall.east_officer, matter, "return", reason="属区绿化所", basis="区级职责清单第四条", asked_of="upstream"
    )


def test_what_was_refused_above_is_not_asked_again_and_the_refusal_says_why(stall: SimpleNamespace) -> None:
    matter = order(stall.town)
    matters.answer(stall.desk, matter, returned(stall, matter), False, "区里不同意")
    with pytest.raises(ApplicationError, match=r"2026-11-24答复不同意退单.*就是本镇的"):
        returned(stall, matter)
    assert Application.objects.filter(kind="return").count() == 1
    whole()


def test_after_the_order_was_sent_down_once_more_it_may_be_asked_back_once_more(stall: SimpleNamespace) -> None:
    matter = order(stall.town)
    matters.answer(stall.desk, matter, returned(stall, matter), False, "区里不同意")
    report = matter.demands.get().report
    reports.take_over(report, dispatched_at=TUESDAY + timedelta(hours=2))
    with clock.at(TUESDAY + timedelta(hours=3)):
        assert returned(stall, matter).state == "open"
