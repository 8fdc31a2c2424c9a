"""Words that come later are heard like the first: at every entrance, danger raises the lane and rings at once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.test import Client

from doudi.web import clock
from doudi.web.fsck.queries import examine
from doudi.web.jobs.models import Job
from doudi.web.matters import queries
from doudi.web.matters.models import Matter, MatterClock, MatterEvent
from doudi.web.matters.services import answer_report, dispatch, handle, log_contact, note, take, verify
from doudi.web.notices.models import Notice
from doudi.web.reports.models import Report
from doudi.web.reports.services import quarantine
from doudi.web.timers.running import run_due
from doudi.web.upstream import services as upstream
from tests.web.scan.steps import RUBBISH, link_of, send
from tests.web.tables.files import hotline_csv, order
from tests.web.town import NO_PHOTO, actor

FIRE = "三楼着火了，里面还有人"
LOOSE = "外墙砖松动，随时会掉下来砸到人"
CALM = "垃圾又多了一袋"


def told(post: str) -> list[bool]:
    """Whether each notice of danger planned for the post is urgent."""
    planned = [job.payload for job in Job.objects.filter(kind="notify_post")]
    return [bool(one["urgent"]) for one in planned if one["kind"] == "danger_heard" and one["post"] == post]


def read_of(kind: str) -> list[str]:
    """The posts that were told, once the timers have run, each as often as it was."""
    run_due()
    return sorted(Notice.objects.filter(kind=kind).values_list("post", flat=True))


@pytest.fixture
def passer_by() -> Client:
    return Client(enforce_csrf_checks=True)


@pytest.fixture
def link(town: SimpleNamespace, passer_by: Client) -> str:
    form = {"kind": RUBBISH, "words": "垃圾堆了三天", "phone": "19900001234"}
    found = link_of(send(passer_by, f"/Q/{town.shop.code}", **form))
    dispatch(actor(town.people.desk), one(), kind=RUBBISH, holder=town.posts["greening.street"])
    return found


def one() -> Matter:
    return Matter.objects.get()


def heard() -> MatterEvent:
    return MatterEvent.objects.get(kind="danger_heard")


def finish(town: SimpleNamespace) -> None:
    take(actor(town.people.cleaner), one())
    handle(actor(town.people.cleaner), one(), "已清运，无法拍照：夜间", lacking=NO_PHOTO)
    if one().status == Matter.Status.HANDLED:
        verify(actor(town.people.desk), one(), True, "看过，干净")


def raised(words: str, source: str) -> None:
    """The open matter is in the life lane, holder and desk are told urgently, and the event says by which words."""
    matter, event = one(), heard()
    assert (matter.lane, matter.status in Matter.OPEN) == ("life", True)
    assert (event.payload["source"], event.payload["emergency"]) == (source, "119")
    assert any("着火" in words[begin:end] for begin, end in event.payload["spans"])
    assert told(matter.holder_id) == told("uoc.duty") == [True]
    running = MatterClock.objects.filter(matter=matter, which="make_safe", ended_at=None)
    assert [promise.started_at for promise in running] == [event.at]
    assert list(examine()) == []


def test_words_added_by_the_secret_link_are_heard(town: SimpleNamespace, passer_by: Client, link: str) -> None:
    passer_by.post(f"{link}/add", {"words": FIRE})
    raised(FIRE, "added")


def test_the_page_behind_the_link_then_shows_the_call_first(
    town: SimpleNamespace, passer_by: Client, link: str
) -> None:
    assert "tel:119" not in passer_by.get(link).content.decode()
    passer_by.post(f"{link}/add", {"words": FIRE})
    page = passer_by.get(link).content.decode()
    assert "tel:119" in page and page.index("tel:119") < page.index(FIRE)


@pytest.mark.parametrize("satisfaction", ["dissatisfied", "neutral", "satisfied"])
def test_a_rating_that_tells_of_danger_begins_the_matter_again(
    town: SimpleNamespace, passer_by: Client, link: str, satisfaction: str
) -> None:
    finish(town)
    answer_report(actor(town.people.desk), Report.objects.get(), "垃圾已清走。")
    passer_by.post(f"{link}/rate", {"satisfaction": satisfaction, "words": FIRE})
    raised(FIRE, "rated")
    assert Report.objects.get().status == Report.Status.RECEIVED


def test_words_of_danger_at_a_reopening_are_heard(town: SimpleNamespace, passer_by: Client, link: str) -> None:
    finish(town)
    answer_report(actor(town.people.desk), Report.objects.get(), "垃圾已清走。")
    passer_by.post(f"{link}/reopen", {"words": FIRE})
    raised(FIRE, "reopened")


def test_a_note_of_a_colleague_is_heard(town: SimpleNamespace, link: str) -> None:
    note(actor(town.people.desk), one(), FIRE)
    raised(FIRE, "noted")


def test_what_is_said_when_the_reporter_is_called_is_heard(town: SimpleNamespace, link: str) -> None:
    log_contact(actor(town.people.desk), Report.objects.get(), reached=True, text=FIRE)
    raised(FIRE, "noted")
    assert Report.objects.get().contacted_at is not None


def test_the_page_for_a_call_hears_too(town: SimpleNamespace, link: str) -> None:
    browser = Client()
    browser.force_login(town.people.desk)
    browser.post(f"/reports/{Report.objects.get().number}/contact", {"outcome": "reached", "words": FIRE})
    assert one().lane == "life"


def test_whoever_holds_and_whoever_answers_is_told_of_each_calm_word(
    town: SimpleNamespace, passer_by: Client, link: str
) -> None:
    for words in (CALM, "还有，是南门那一堆"):
        passer_by.post(f"{link}/add", {"words": words})
    assert set(read_of("added")) == {one().holder_id, Report.objects.get().answerer_id}
    assert read_of("added").count(one().holder_id) == 2, "the second word is not the first"
    assert not Notice.objects.filter(kind="added", urgent=True).exists(), "it waits for the digest of the day"
    assert not any(CALM in str(facts) for facts in Notice.objects.values_list("facts", flat=True))


def test_after_the_work_is_done_the_one_who_answers_is_told(
    town: SimpleNamespace, passer_by: Client, link: str
) -> None:
    finish(town)
    passer_by.post(f"{link}/add", {"words": CALM})
    assert read_of("added") == [Report.objects.get().answerer_id]


def test_who_was_told_of_danger_is_not_told_again_of_the_words(
    town: SimpleNamespace, passer_by: Client, link: str
) -> None:
    passer_by.post(f"{link}/add", {"words": FIRE})
    assert read_of("danger_heard") and read_of("added") == []


@pytest.mark.parametrize(("satisfaction", "hears"), [("dissatisfied", True), ("neutral", True), ("satisfied", False)])
def test_whoever_answered_is_told_of_a_low_rating(
    town: SimpleNamespace, passer_by: Client, link: str, satisfaction: str, hears: bool
) -> None:
    finish(town)
    answer_report(actor(town.people.desk), Report.objects.get(), "垃圾已清走。")
    passer_by.post(f"{link}/rate", {"satisfaction": satisfaction, "words": CALM})
    assert read_of("rated_low") == [Report.objects.get().answerer_id] * hears


def test_an_order_that_comes_again_with_danger_is_heard_before_anybody_looks(
    town: SimpleNamespace, tmp_path: Path
) -> None:
    upstream.import_file(hotline_csv(tmp_path, [order(1)]), system="区12345")
    upstream.import_file(hotline_csv(tmp_path, [order(1, 诉求内容=FIRE)]), system="区12345")
    matter = one()
    assert (matter.lane, heard().payload["source"], heard().payload["emergency"]) == ("life", "upstream", "119")
    assert told("uoc.duty") == [True]
    upstream.import_file(hotline_csv(tmp_path, [order(1, 诉求内容=FIRE)]), system="区12345")
    assert MatterEvent.objects.filter(kind="danger_heard").count() == 1, "the same order once more rings once"


def test_danger_that_is_near_makes_the_matter_urgent(town: SimpleNamespace, passer_by: Client, link: str) -> None:
    passer_by.post(f"{link}/add", {"words": LOOSE})
    assert one().lane in ("urgent", "life") and heard().payload["danger_judged"]["answer"] == one().lane


@pytest.mark.parametrize(
    "step",
    [
        lambda link, client, town: client.post(f"{link}/add", {"words": CALM}),
        lambda link, client, town: note(actor(town.people.desk), one(), CALM),
    ],
)
def test_what_is_calm_moves_nothing(
    town: SimpleNamespace, passer_by: Client, link: str, step: Callable[[str, Client, SimpleNamespace], object]
) -> None:
    step(link, passer_by, town)
    assert one().lane == "normal" and not MatterEvent.objects.filter(kind="danger_heard").exists()


def test_what_was_late_stays_late_and_the_new_time_runs_from_now(
    town: SimpleNamespace, passer_by: Client, link: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = MatterClock.objects.get(which="take", ended_at=None)
    assert first.due_at is not None
    later = first.due_at + timedelta(hours=1)
    monkeypatch.setattr(clock, "now", lambda: later)
    passer_by.post(f"{link}/add", {"words": FIRE})
    first.refresh_from_db()
    assert (first.ended_at, first.cancelled) == (later, False)
    anew = MatterClock.objects.get(which="take", ended_at=None)
    assert (anew.started_at, anew.due_at) == (later, later + timedelta(minutes=10))


def test_what_waits_for_its_check_goes_back_to_work(
    town: SimpleNamespace, passer_by: Client, link: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries, "drawn_for_check", lambda *_: True)
    take(actor(town.people.cleaner), one())
    handle(actor(town.people.cleaner), one(), "已清运，无法拍照：夜间", lacking=NO_PHOTO)
    assert one().status == Matter.Status.HANDLED
    passer_by.post(f"{link}/add", {"words": FIRE})
    assert (one().lane, one().status) == ("life", "taken")


def test_a_report_set_apart_is_let_out_when_danger_is_heard(
    town: SimpleNamespace, passer_by: Client, link: str
) -> None:
    quarantine(actor(town.people.desk), Report.objects.get(), "看不懂")
    passer_by.post(f"{link}/add", {"words": FIRE})
    report = Report.objects.get()
    assert (report.status, one().lane, report.secrecy) == ("received", "life", "open")
