"""Orders from above live their whole life beside their report: what follows here from each word of theirs."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.test import Client
from django.utils import translation

from doudi.engine.upstream.life import OrderStepError
from doudi.engine.upstream.systems import VERBS, Signing, System, Verb
from doudi.engine.upstream.vocabulary import OrderState, OrderStep
from doudi.engine.workdays import Term
from doudi.web import clock
from doudi.web.demo.names import FOLDER
from doudi.web.looks.models import Look
from doudi.web.matters import services as matters
from doudi.web.matters.models import Application, Matter, Urge
from doudi.web.notices.models import Notice
from doudi.web.orders.checks import quotas, unsigned_left
from doudi.web.orders.errors import OrderError
from doudi.web.orders.files import read_systems
from doudi.web.orders.models import SystemAbove
from doudi.web.orders.queries import order_of, preliminary_of
from doudi.web.orders.services import Description, Said, answer_above, apply_above, ask_signers, describe, take_step
from doudi.web.outbox.models import Outgoing
from doudi.web.people.actor import SYSTEM
from doudi.web.people.errors import NotAllowedError
from doudi.web.registry.proof import Walk
from doudi.web.reports import services as reports
from doudi.web.reports.models import Report, ReportClock, ReportEvent
from doudi.web.setup.loading import load_systems
from doudi.web.tables.cells import TableError
from doudi.web.triage.services import Incoming, receive
from doudi.web.upstream import services as upstream
from doudi.web.upstream.checks import upstream_due
from doudi.web.upstream.services.answering import WritebackError
from tests.web.town import TUESDAY, actor

HOTLINE = System(
    "区12345",
    signing=Signing.SECOND_ROUND,
    signer="leader",
    satisfaction=("满意", "不满意"),
    verbs={one: Verb(one) for one in VERBS}
    | {
        "apply_return": Verb("apply_return", Term.parse("2 工作日"), 2, 2, {"22": "非本单位职能", "24": "要素不全"}),
        "apply_extend": Verb("apply_extend", quota=1),
    },
)
DUE = "2026-11-27 17:00"
WALK = Walk("orders")


@pytest.fixture
def report(town: SimpleNamespace) -> Report:
    describe(SYSTEM, [Description(HOTLINE, "区里的办理口径")])
    incoming = Incoming(
        "hotline",
        "路边有垃圾",
        unit_code=town.shop.code,
        system="区12345",
        external_id="D-1",
        key="k",
        upstream_due=DUE,
    )
    receive([replace(incoming, upstream_due_at=TUESDAY + timedelta(days=3, hours=7))])
    return Report.objects.get()


def step(town: SimpleNamespace, name: OrderStep, *, who: str = "desk", **said: str) -> None:
    take_step(actor(getattr(town.people, who)), Report.objects.get(), name, Said(**said))


def state() -> OrderState:
    return order_of(Report.objects.get()).standing.state


def due() -> object:
    return ReportClock.objects.filter(which="upstream", cancelled=False).latest("started_at").due_at


def later(minutes: int) -> object:
    return clock.at(TUESDAY + timedelta(minutes=minutes))


def answer(town: SimpleNamespace, text: str = "已清运") -> None:
    reports.reply(actor(town.people.shift), Report.objects.get(), text)


def test_the_life_follows_what_happened_here_and_what_is_said_above(town: SimpleNamespace, report: Report) -> None:
    assert state() is OrderState.RECEIVED
    step(town, OrderStep.SIGN_FOR)
    reports.log_contact(actor(town.people.shift), Report.objects.get(), reached=True)
    assert state() is OrderState.CONTACTED
    answer(town)
    step(town, OrderStep.CHECK)
    assert state() is OrderState.CHECKED
    with later(5):
        upstream.take_along(actor(town.people.desk), "区12345")
        assert state() is OrderState.SENT
        upstream.confirm_file(actor(town.people.desk), Outgoing.objects.get().batch)  # type: ignore[arg-type]
        assert state() is OrderState.ARRIVED
    with later(10):
        step(town, OrderStep.CALL_BACK, satisfied="满意")
        step(town, OrderStep.CLOSE)
        assert state() is OrderState.CLOSED


def test_a_second_round_has_its_own_limit_and_leaves_only_signed(town: SimpleNamespace, report: Report) -> None:
    answer(town)
    with later(5):
        upstream.take_along(actor(town.people.desk), "区12345")
    with later(10):
        step(town, OrderStep.SECOND_ROUND, due="2026-12-04 12:00", words="市民说没有清干净")
        again = Report.objects.get()
        assert again.status == Report.Status.RECEIVED and again.upstream_due == "2026-12-04 12:00"
        assert due() == TUESDAY + timedelta(days=10, hours=2)
        assert Matter.objects.get().status in Matter.OPEN
        assert order_of(again).standing.round == 2
        answer(town, "又清了一遍")
        assert order_of(Report.objects.get()).awaits_signing
        with pytest.raises(WritebackError):
            upstream.take_along(actor(town.people.desk), "区12345")
        with pytest.raises(NotAllowedError):
            step(town, OrderStep.SIGN)
    with later(15):
        step(town, OrderStep.SIGN, who="leader")
        (sent,) = upstream.take_along(actor(town.people.desk), "区12345")
        assert sent.event.words is not None and sent.event.words.text == "又清了一遍"


def test_what_was_signed_and_opened_again_waits_for_a_new_signature(town: SimpleNamespace, report: Report) -> None:
    SystemAbove.objects.update(signing=Signing.ALWAYS)
    answer(town)
    step(town, OrderStep.SIGN, who="leader")
    matters.reopen_report(actor(town.people.shift), Report.objects.get(), "没有清干净")
    answer(town, "清干净了")
    assert order_of(Report.objects.get()).awaits_signing
    with pytest.raises(WritebackError):
        upstream.take_along(actor(town.people.desk), "区12345")


def test_nothing_of_a_report_leaves_while_an_answer_of_it_waits_for_its_signature(
    town: SimpleNamespace, report: Report, client: Client
) -> None:
    SystemAbove.objects.update(signing=Signing.ALWAYS)
    answer(town)
    step(town, OrderStep.SIGN, who="leader")
    answer(town, "补充：已加装栏杆")
    reports.close(actor(town.people.shift), Report.objects.get(), "内部：与居委会说好了")
    with pytest.raises(WritebackError):
        upstream.take_along(actor(town.people.desk), "区12345")
    client.force_login(town.people.desk)
    assert "没有等着回填的答复" in client.get("/import/answers").content.decode()
    step(town, OrderStep.SIGN, who="leader")
    with later(5):
        sent = upstream.take_along(actor(town.people.desk), "区12345")
    assert [one.words for one in sent] == ["已清运", "补充：已加装栏杆", "内部：与居委会说好了"]


def test_what_is_said_at_the_close_after_the_signed_answer_leaves_without_its_words(
    town: SimpleNamespace, report: Report
) -> None:
    SystemAbove.objects.update(signing=Signing.ALWAYS)
    answer(town)
    step(town, OrderStep.SIGN, who="leader")
    desk = actor(town.people.desk)
    with later(5):
        upstream.take_along(desk, "区12345")
        reports.close(actor(town.people.shift), Report.objects.get(), "内部：与居委会说好了")
    with later(10):
        (sent,) = upstream.take_along(desk, "区12345")
        assert (sent.row.kind, sent.words) == ("closed", "")
        (again,) = upstream.take_along(desk, "区12345", again=Outgoing.objects.get(kind="closed").batch)
        assert again.words == ""


def test_whoever_signs_is_told_and_sees_what_is_secret_until_it_is_signed(
    town: SimpleNamespace, report: Report, client: Client
) -> None:
    SystemAbove.objects.update(signing=Signing.ALWAYS)
    Report.objects.update(secrecy="secret")
    address = f"/orders/{report.number}"
    client.force_login(town.people.leader)
    assert client.get(address).status_code == 404 and ask_signers() == 0
    answer(town, "已当面说明")
    assert (ask_signers(), ask_signers()) == (1, 0)
    notice = Notice.objects.get(kind="order_to_sign")
    assert (notice.post_id, notice.path, notice.urgent) == ("leader", address, False)
    seen = client.get(address)
    assert "已当面说明" in seen.content.decode() and f"/reports/{report.number}" not in seen.content.decode()
    assert Look.objects.filter(page="order", person=town.people.leader).count() == 1
    for who in ("auditor", "west_officer"):
        client.force_login(getattr(town.people, who))
        assert client.get(address).status_code == 404
    client.force_login(town.people.leader)
    signed = client.post(f"{address}/sign", {"version": Report.objects.get().version})
    assert (signed.status_code, signed.headers["Location"]) == (302, "/work")
    assert client.get(address).status_code == 404
    with later(5):
        assert len(upstream.take_along(actor(town.people.shift), "区12345")) == 1


def test_what_is_sent_back_begins_again_and_keeps_its_limit(town: SimpleNamespace, report: Report) -> None:
    before = due()
    answer(town)
    with later(5):
        upstream.take_along(actor(town.people.desk), "区12345")
    with later(10):
        with pytest.raises(OrderStepError):
            step(town, OrderStep.SEND_BACK)
        step(town, OrderStep.SEND_BACK, words="没有写明时间")
        assert state() is OrderState.SENT_BACK and Report.objects.get().status == Report.Status.RECEIVED
        assert due() == before and Report.objects.get().upstream_due == DUE


def test_supervision_reaches_the_holder_with_its_own_limit(town: SimpleNamespace, report: Report) -> None:
    step(town, OrderStep.SUPERVISE, words="请专人办理", due="2026-11-25 17:00")
    step(town, OrderStep.URGE, words="请抓紧")
    supervision, urge = Urge.objects.order_by("pk")
    assert (supervision.kind, supervision.source, urge.kind) == ("order", "upstream", "remind")
    assert Report.objects.get().upstream_due == DUE
    assert state() is OrderState.RECEIVED
    with pytest.raises(OrderError):
        step(town, OrderStep.SUPERVISE, words="请专人办理", due="2026-11-20 17:00")


def test_satisfaction_is_said_in_the_systems_own_words(town: SimpleNamespace, report: Report) -> None:
    answer(town)
    with later(5):
        upstream.take_along(actor(town.people.desk), "区12345")
    with later(6), pytest.raises(OrderError):
        step(town, OrderStep.CALL_BACK, satisfied="还行")


def ask(town: SimpleNamespace, kind: str, **said: object) -> Application:
    given = {"reason": "不归我们", "basis": "三定方案", **said}
    return apply_above(actor(town.people.desk), Matter.objects.get(), kind, **given)  # type: ignore[arg-type]


def test_a_return_wants_a_reason_of_the_list_and_two_verdicts_and_changes_nothing_meanwhile(
    town: SimpleNamespace, report: Report
) -> None:
    with pytest.raises(OrderError):
        ask(town, "return", code="99")
    assert not Application.objects.exists()
    holder, before = Matter.objects.get().holder_id, due()
    wish = ask(town, "return", code="22")
    desk = actor(town.people.desk)
    answer_above(desk, Matter.objects.get(), wish, True)
    wish.refresh_from_db()
    assert preliminary_of(wish) is True and wish.state == Application.State.OPEN and state() is OrderState.RECEIVED
    answer_above(desk, Matter.objects.get(), wish, True)
    assert state() is OrderState.TAKEN_BACK
    assert (Matter.objects.get().holder_id, due()) == (holder, before)
    assert Matter.objects.get().status in Matter.OPEN, "what goes back is ended by a person"


def test_its_time_is_that_of_the_system(town: SimpleNamespace, report: Report) -> None:
    with clock.at(TUESDAY + timedelta(days=3)), pytest.raises(OrderError) as refusal:
        ask(town, "return", code="22")
    assert "只能在派单后" in str(refusal.value)


def test_a_quota_is_counted_by_quarter(town: SimpleNamespace, report: Report) -> None:
    until = TUESDAY + timedelta(days=20)
    wish = ask(town, "extend", proposed_until=until)
    answer_above(actor(town.people.desk), Matter.objects.get(), wish, False, "不同意")
    with pytest.raises(OrderError) as refusal:
        ask(town, "extend", proposed_until=until)
    assert "已经用完" in str(refusal.value)
    with clock.at(TUESDAY + timedelta(days=45)):
        ask(town, "extend", proposed_until=TUESDAY + timedelta(days=60))


def test_a_granted_extension_moves_the_limit_as_it_was_written(town: SimpleNamespace, report: Report) -> None:
    wish = ask(town, "extend", proposed_until=TUESDAY + timedelta(days=20))
    before = due()
    assert before == TUESDAY + timedelta(days=3, hours=7)
    answer_above(actor(town.people.desk), Matter.objects.get(), wish, True, due="2026-12-10 17:00")
    assert Report.objects.get().upstream_due == "2026-12-10 17:00"
    assert due() == TUESDAY + timedelta(days=16, hours=7)


def test_an_extension_granted_after_the_answer_starts_no_clock_and_is_told(
    town: SimpleNamespace, report: Report
) -> None:
    wish = ask(town, "extend", proposed_until=TUESDAY + timedelta(days=20))
    desk, before = actor(town.people.desk), due()
    with pytest.raises(OrderError):
        answer_above(desk, Matter.objects.get(), wish, True, due="2026-11-20 17:00")
    answer(town)
    answer_above(desk, Matter.objects.get(), wish, True, due="2026-12-10 17:00")
    assert not ReportClock.objects.filter(which="upstream", ended_at=None).exists()
    assert (Report.objects.get().upstream_due, due()) == (DUE, before)
    granted = ReportEvent.objects.get(kind="order_verdict")
    assert granted.payload["due"] == "2026-12-10 17:00"
    assert list(upstream_due(WALK)) == []


def test_a_file_that_is_put_back_takes_no_second_round_away(town: SimpleNamespace, report: Report) -> None:
    answer(town)
    desk = actor(town.people.desk)
    with later(5):
        upstream.take_along(desk, "区12345")
    with later(10):
        step(town, OrderStep.SECOND_ROUND, due="2026-12-04 12:00", words="市民说没有清干净")
        upstream.take_file_back(desk, Outgoing.objects.get().batch, "区平台今天停机")  # type: ignore[arg-type]
        assert (state(), order_of(Report.objects.get()).standing.round) == (OrderState.RECEIVED, 2)


def test_an_order_that_was_closed_or_taken_back_above_can_be_written_so_and_its_answer_still_signed(
    town: SimpleNamespace, report: Report
) -> None:
    SystemAbove.objects.update(signing=Signing.ALWAYS)
    answer(town)
    step(town, OrderStep.CLOSE)
    assert state() is OrderState.CLOSED and order_of(Report.objects.get()).awaits_signing
    step(town, OrderStep.SIGN, who="leader")
    assert state() is OrderState.CLOSED and not order_of(Report.objects.get()).awaits_signing


def test_a_system_that_takes_no_return_is_not_offered_one(
    town: SimpleNamespace, report: Report, client: Client
) -> None:
    client.force_login(town.people.desk)
    page = f"/matters/{Matter.objects.get().number}"
    assert "apply-return" in client.get(page).content.decode()
    described = {name: verb for name, verb in HOTLINE.verbs.items() if name != "apply_return"}
    describe(SYSTEM, [Description(replace(HOTLINE, verbs=described), "改了")])
    assert "apply-return" not in client.get(page).content.decode()
    with pytest.raises(OrderError):
        ask(town, "return")


def test_a_system_that_nobody_described_takes_everything(town: SimpleNamespace, report: Report) -> None:
    SystemAbove.objects.all().delete()
    ask(town, "return")
    step(town, OrderStep.SIGN_FOR)
    assert state() is OrderState.SIGNED_FOR


@pytest.mark.parametrize(
    ("who", "status"), [("desk", 200), ("shift", 200), ("market", 200), ("west_officer", 404), ("auditor", 404)]
)
def test_who_sees_the_page(town: SimpleNamespace, report: Report, client: Client, who: str, status: int) -> None:
    Report.objects.update(answerer="market.food")
    client.force_login(getattr(town.people, who))
    assert client.get(f"/orders/{report.number}").status_code == status
    if who == "market":
        assert client.post(f"/orders/{report.number}/sign-for", {"version": report.version}).status_code == 404
        assert state() is OrderState.RECEIVED


def test_what_came_otherwise_is_no_order(town: SimpleNamespace, client: Client) -> None:
    receive([Incoming("scan", "路边有垃圾", unit_code=town.shop.code)])
    client.force_login(town.people.desk)
    number = Report.objects.get().number
    assert client.get(f"/orders/{number}").status_code == 404
    assert client.post(f"/orders/{number}/sign-for").status_code == 404


def test_the_pages_show_how_it_stands_in_both_languages(town: SimpleNamespace, report: Report, client: Client) -> None:
    client.force_login(town.people.desk)
    seen = client.get(f"/orders/{report.number}").content.decode()
    assert "待签收" in seen and "本季还剩 2 次" in seen and "22 非本单位职能" in seen
    client.post(f"/orders/{report.number}/sign-for", {"version": report.version})
    for page in (f"/orders/{report.number}", f"/reports/{report.number}", f"/matters/{Matter.objects.get().number}"):
        assert "已签收" in client.get(page).content.decode(), page
    with translation.override("en"):
        english = client.get(f"/orders/{report.number}", headers={"accept-language": "en"}).content.decode()
    assert "signed for" in english.lower()
    told = client.post(f"/orders/{report.number}/heard", {"step": "urge", "words": "", "version": "3"})
    assert told.status_code == 409 and "填全" in told.content.decode()
    assert client.post(f"/orders/{report.number}/heard", {"step": "fly"}).status_code == 400


def test_an_answer_that_waits_for_its_signature_stands_on_the_page_of_answers(
    town: SimpleNamespace, report: Report, client: Client
) -> None:
    SystemAbove.objects.update(signing=Signing.ALWAYS)
    answer(town)
    client.force_login(town.people.desk)
    seen = client.get("/import/answers").content.decode()
    assert "等签发" in seen and f"/orders/{report.number}" in seen and "没有等着回填的答复" in seen


def test_systems_are_loaded_from_a_table_again_and_again(town: SimpleNamespace, tmp_path: Path) -> None:
    table = tmp_path / "系统.csv"
    table.write_text(
        "系统,动作,期限,每季额度,审核次数,理由代码,签发,签发岗,满意度用语\n"
        "热线,,,,,,都要签发,leader,满意;不满意\n热线,退单,2 工作日,12,2,21=不属受理;22=非本职\n热线,申请结案\n社区云\n社区云,签收\n",
        encoding="utf-8",
    )
    assert load_systems(table)[-1].startswith("上级系统：2 个，其中 2 个")
    assert load_systems(table)[-1].startswith("上级系统：2 个，其中 0 个")
    hotline = SystemAbove.objects.get(name="热线")
    assert hotline.verbs["apply_return"] == {
        "window": "2 working_day",
        "quota": 12,
        "verdicts": 2,
        "codes": {"21": "不属受理", "22": "非本职"},
    }
    assert set(SystemAbove.objects.get(name="社区云").verbs) == {"sign_for"}
    for broken in ("热线,退单\n", "热线\n热线\n", "热线\n热线,飞\n", "热线\n热线,退单,两天\n"):
        table.write_text("系统,动作,期限\n" + broken, encoding="utf-8")
        with pytest.raises(TableError):
            load_systems(table)


def test_what_left_unsigned_and_what_exceeds_a_quota_is_found(town: SimpleNamespace, report: Report) -> None:
    ask(town, "extend", proposed_until=TUESDAY + timedelta(days=20))
    answer(town)
    upstream.take_along(actor(town.people.desk), "区12345")
    assert [*unsigned_left(WALK), *quotas(WALK)] == []
    with later(10):
        step(town, OrderStep.SECOND_ROUND, due="2026-12-04 12:00", words="市民说没有清干净")
        assert [*unsigned_left(WALK)] == [], "the answer of the first round left lawfully before it"
    SystemAbove.objects.update(signing=Signing.ALWAYS)
    row = SystemAbove.objects.get()
    row.verbs["apply_extend"]["quota"] = 0
    row.save()
    assert [one.code for one in (*unsigned_left(WALK), *quotas(WALK))] == ["orders.unsigned_left", "orders.quota"]


def test_the_demos_systems_can_be_read() -> None:
    told = {one.system.name: one.system for one in read_systems(FOLDER / "systems.csv")}
    assert told["12345"].is_own_number("ZX2026112400001") and told["12345"].signer == "party.deputy"
    assert told["110非警务分流"].application("return") is None and told["领导批示"].wants == "report"
