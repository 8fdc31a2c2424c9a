"""A child hurt: police and civil affairs must be told at once, whoever wrote it and wherever, and it stays until they were."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace

import pytest

from doudi.engine.matters.vocabulary import ReportEventKind
from doudi.web import clock
from doudi.web.duties.services import BackstopError
from doudi.web.fsck.queries import examine
from doudi.web.journal.services import unit_of_work
from doudi.web.mandatory.errors import MandatoryError
from doudi.web.mandatory.models import Listened, MandatoryReport
from doudi.web.mandatory.queries import seen
from doudi.web.mandatory.services import erase_said, lift, listen, listening, tell
from doudi.web.matters.models import Matter
from doudi.web.matters.services import add_to_report, note
from doudi.web.notices.models import Notice
from doudi.web.people.actor import SYSTEM
from doudi.web.people.errors import NotAllowedError
from doudi.web.records.services import add
from doudi.web.reports.models import Report, ReportEvent
from doudi.web.timers.stale_states import stale_notices
from doudi.web.triage.services import Incoming, receive
from tests.web.desk.conftest import Visitor, content
from tests.web.town import TUESDAY, actor

BEATEN = "楼上那家的爸爸天天打孩子，孩子哭得厉害"


def told(town: SimpleNamespace, words: str = BEATEN) -> Report:
    (received,) = receive([Incoming("scan", words, unit_code=town.shop.code)])
    assert listen() == (2 if words == BEATEN else 0)
    return received.report


def both(report: Report) -> list[MandatoryReport]:
    return list(MandatoryReport.objects.filter(report=report).order_by("body"))


def whole() -> None:
    assert [str(one) for one in examine() if not one.code.startswith(("job.", "notice."))] == []


def test_it_opens_for_both_bodies_and_who_can_open_it_is_told_by_number(town: SimpleNamespace) -> None:
    report = told(town)
    civil, police = both(report)
    assert (civil.body, police.body, police.ground, police.state) == ("civil", "police", "minor", "open")
    assert police.due_at == police.opened_at + timedelta(minutes=30)
    sent = Notice.objects.filter(kind="mandatory_opened")
    assert set(sent.values_list("post_id", flat=True)) >= {"uoc.shift_leader"} and all(one.urgent for one in sent)
    assert all("孩子" not in f"{one.template}{one.facts}" for one in sent), "a notice may be read over a shoulder"
    whole()


def test_the_restricted_circle_delays_nothing(town: SimpleNamespace) -> None:
    report = told(town)
    assert report.secrecy == Report.Secrecy.RESTRICTED and len(both(report)) == 2
    assert not seen(actor(town.people.market)).exists(), "and it exists for nobody outside the circle"
    with pytest.raises(NotAllowedError):
        tell(actor(town.people.market), both(report)[0], "报了")


@pytest.mark.parametrize(
    "says",
    [
        lambda town, report, matter: add_to_report(report, BEATEN),
        lambda town, report, matter: note(actor(town.people.desk), matter, BEATEN),
    ],
)
def test_later_words_are_listened_to_like_the_first(town: SimpleNamespace, says: object) -> None:
    report = told(town, "楼上太吵")
    assert both(report) == []
    says(town, report, Matter.objects.get())  # type: ignore[operator]
    listen()
    assert len(both(report)) == 2
    whole()


def test_who_hears_twice_opens_once(town: SimpleNamespace) -> None:
    report = told(town)
    add_to_report(report, BEATEN)
    assert (listen(), len(both(report))) == (0, 2)
    Listened.objects.update(seq=0)
    assert (listen(), len(both(report))) == (0, 2)


def test_a_town_that_begins_to_listen_does_not_answer_for_long_ago(town: SimpleNamespace) -> None:
    (received,) = receive([Incoming("scan", BEATEN, unit_code=town.shop.code)])
    with clock.at(TUESDAY + timedelta(days=30)):
        assert listen() == 0
        late = receive([Incoming("scan", BEATEN, unit_code=town.shop.code)])[0].report
        assert (listen(), len(both(late))) == (2, 2)
    assert both(received.report) == []


def test_a_town_begins_to_listen_at_what_is_not_long_past(town: SimpleNamespace) -> None:
    for _ in range(9):
        receive([Incoming("scan", "楼上太吵", unit_code=town.shop.code)])
    with clock.at(TUESDAY + timedelta(days=30)):
        late = receive([Incoming("scan", BEATEN, unit_code=town.shop.code)])[0].report
        listen()
    assert len(both(late)) == 2


def test_what_is_listened_to_late_is_due_by_when_it_was_said(town: SimpleNamespace) -> None:
    (received,) = receive([Incoming("scan", BEATEN, unit_code=town.shop.code)])
    with clock.at(TUESDAY + timedelta(minutes=50)):
        listen()
    assert {one.due_at for one in both(received.report)} == {received.report.received_at + timedelta(minutes=30)}


def test_one_that_cannot_be_dealt_with_stops_nobody(town: SimpleNamespace, monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = (receive([Incoming("scan", BEATEN, unit_code=town.shop.code)])[0].report for _ in range(2))
    sound = listening.ground_of
    seen: list[str] = []

    def breaks(text: str) -> object:
        seen.append(text)
        if len(seen) == 1:
            raise KeyError("a word that nobody knows")
        return sound(text)

    monkeypatch.setattr(listening, "ground_of", breaks)
    assert listen() >= 2
    assert both(first) == [] and len(both(second)) == 2


def test_a_town_without_a_duty_desk_listens_too(town: SimpleNamespace, monkeypatch: pytest.MonkeyPatch) -> None:
    def nobody() -> str:
        raise BackstopError("全镇还没有兜底岗。")

    monkeypatch.setattr(listening, "duty_desk", nobody)
    assert len(both(told(town))) == 2


def test_a_correction_of_the_limit_opens_nothing_that_was_lifted(town: SimpleNamespace) -> None:
    report = told(town)
    for one in both(report):
        lift(actor(town.people.shift), one, "居委上门看过")
    with unit_of_work():
        add(ReportEvent.by(SYSTEM, report, ReportEventKind.CORRECTED, {}, seq=99), report.journal_name)
    assert listen() == 0


def test_it_stays_until_told_with_whom_when_and_receipt(town: SimpleNamespace) -> None:
    report = told(town)
    civil, police = both(report)
    desk = actor(town.people.shift)
    with pytest.raises(MandatoryError, match="报告给了谁"):
        tell(desk, police, " ")
    with pytest.raises(MandatoryError, match="以后"):
        tell(desk, police, "派出所李警官", told_at=clock.now() + timedelta(hours=1))
    at = clock.now() - timedelta(minutes=5)
    tell(desk, police, "派出所李警官，已出警", number="警2026-118", told_at=at)
    police.refresh_from_db()
    assert (police.state, police.told_at, police.number) == ("told", at, "警2026-118")
    assert police.settled_by == town.people.shift and police.receipt is not None
    with pytest.raises(MandatoryError, match="已经有了结果"):
        tell(desk, MandatoryReport.objects.get(pk=police.pk), "再报一次")
    assert MandatoryReport.objects.get(pk=civil.pk).state == "open"
    add_to_report(report, BEATEN)
    listen()
    assert len(both(report)) == 2, "what was told is not opened again by the same trouble"
    whole()


def test_the_shift_leader_alone_says_that_it_is_none_and_later_words_open_it_again(town: SimpleNamespace) -> None:
    report = told(town)
    _civil, police = both(report)
    with pytest.raises(NotAllowedError):
        lift(actor(town.people.desk), police, "看过，没有的事")
    shift = actor(town.people.shift)
    with pytest.raises(MandatoryError, match="为什么"):
        lift(shift, police, "")
    lift(shift, police, "居委上门看过，是电视声音")
    assert MandatoryReport.objects.get(pk=police.pk).state == "lifted"
    add_to_report(report, "今天又把孩子打了，身上有伤")
    listen()
    assert sorted(MandatoryReport.objects.filter(report=report, body="police").values_list("state", flat=True)) == [
        "lifted",
        "open",
    ]
    whole()


def test_a_row_that_its_events_do_not_tell_is_found(town: SimpleNamespace) -> None:
    _civil, police = both(told(town))
    MandatoryReport.objects.filter(pk=police.pk).update(state="told")
    codes = {one.code for one in examine()}
    assert {"mandatory.unlike_events", "mandatory.nobody"} <= codes


def test_half_an_hour_late_reaches_the_shift_leader(town: SimpleNamespace) -> None:
    told(town)
    with clock.at(TUESDAY + timedelta(minutes=31)):
        stale_notices()
    assert (
        Notice.objects.filter(post="uoc.shift_leader", urgent=True, template__contains="法律要求立即报告").count() == 2
    )


def test_the_pages_show_it_take_the_word_and_keep_what_was_typed(town: SimpleNamespace) -> None:
    desk = Visitor(town.people.shift)
    report = told(town)
    _civil, police = both(report)
    page = desk.read(report.get_absolute_url())
    assert police.get_absolute_url() in desk.read(Matter.objects.get().get_absolute_url())
    assert "强制报告" in page and "公安机关" in page and "《未成年人保护法》第十一条" in page
    assert police.get_absolute_url() in desk.read("/mandatory")
    again = desk.press(f"{police.get_absolute_url()}/told", words="", number="警118", version=police.version)
    assert again.status_code == 400 and "警118" in content(again)
    done = desk.press(f"{police.get_absolute_url()}/told", words="派出所已出警", number="警118", told_at="09:10")
    assert done.status_code == 302
    assert "派出所已出警" in desk.read(police.get_absolute_url())
    assert police.get_absolute_url() in desk.read("/mandatory?state=told")
    civil = both(report)[0].get_absolute_url()
    assert "不属于强制报告" in desk.read(civil)
    assert Visitor(town.people.market).get(civil).status_code == 404


def test_what_was_written_goes_with_the_report_and_that_they_were_told_stays(town: SimpleNamespace) -> None:
    report = told(town)
    _civil, police = both(report)
    tell(actor(town.people.shift), police, "派出所李警官，孩子已带到安全处", number="警118")
    erase_said(report)
    police.refresh_from_db()
    assert police.receipt is not None and police.receipt.text == "" and police.number == "警118"
    assert police.events.get(kind="duty_told").words.text == ""
    whole()
