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
from doudi.web.matters.services import answer_report, dispatch, handle, note, take, verify
from doudi.web.reports.models import Report
from doudi.web.reports.services import quarantine
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


@pytest.mark.parametrize("satisfaction", ["dissatisfied", "neutral"])
def test_a_low_rating_that_tells_of_danger_begins_the_matter_again(
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
