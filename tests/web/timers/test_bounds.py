"""What stands too long is told to whom the table names, once, and anew after it was touched."""

from __future__ import annotations

from datetime import datetime, timedelta
from types import SimpleNamespace

import pytest

from doudi.web import clock
from doudi.web.backstop.models import Crew, MakeSafeOrder
from doudi.web.design.wording import say
from doudi.web.disputes.models import Dispute
from doudi.web.drafting.models import Replay
from doudi.web.files.models import Upload
from doudi.web.files.storage import path_of, write_whole
from doudi.web.jobs import services as jobs
from doudi.web.jobs.models import Heartbeat, Job
from doudi.web.matters import services as matters
from doudi.web.matters.models import Application, Matter, Task, Urge
from doudi.web.notices.models import Notice
from doudi.web.reports import services as reports
from doudi.web.reports.models import Report, ReportPhoto
from doudi.web.rulebook.models import Version
from doudi.web.rulebook.services import begin_draft
from doudi.web.timers.running import run_due
from doudi.web.timers.stale_states import bounds, stale_notices
from doudi.web.timers.unused import forget_unused
from doudi.web.triage.services import Incoming, receive
from doudi.web.units.models import Plaque
from doudi.web.upstream.models import ImportBatch, ImportFault
from tests.web.town import FOUNDED, TUESDAY, actor

DAY = timedelta(days=1)


def stall(town: SimpleNamespace) -> Matter:
    (received,) = receive([Incoming("scan", "门口有人摆摊占道", unit_code=town.shop.code)], auto_dispatch=True)
    Job.objects.update(state="done")
    return received.matters[0]


def standing(moment: datetime) -> list[tuple[str, str]]:
    with clock.at(moment):
        stale_notices()
        rows = Notice.objects.filter(kind="standing", sent_at=moment).order_by("post_id", "key")
        return [(row.post_id, say({"template": row.template, "facts": row.facts})) for row in rows]


def test_a_matter_nobody_takes_goes_to_the_desk_and_then_to_the_shift_leader(town: SimpleNamespace) -> None:
    number = stall(town).number
    assert standing(TUESDAY + 2 * DAY - timedelta(minutes=1)) == []
    assert standing(TUESDAY + 2 * DAY) == [("uoc.duty", f"事项 {number} 派出 2 天还没有接单")]
    assert standing(TUESDAY + 3 * DAY) == []
    assert standing(TUESDAY + 5 * DAY) == [("uoc.shift_leader", f"事项 {number} 派出 5 天还没有接单")]


def test_what_was_touched_is_told_anew_only_when_it_stands_again(town: SimpleNamespace) -> None:
    matter = stall(town)
    officer = actor(town.people.east_officer)
    matters.take(officer, matter)
    assert [post for post, _ in standing(TUESDAY + 10 * DAY)] == ["chengguan.east"]
    with clock.at(TUESDAY + 11 * DAY):
        matters.note(officer, Matter.objects.get(), "摊主说下周搬")
    assert standing(TUESDAY + 20 * DAY) == []
    assert [post for post, _ in standing(TUESDAY + 21 * DAY)] == ["chengguan.east"]


def test_a_report_in_quarantine_and_one_that_is_answered_are_not_forgotten(town: SimpleNamespace) -> None:
    stall(town)
    desk, report = actor(town.people.desk), Report.objects.get()
    reports.quarantine(desk, report, "辱骂")
    assert [post for post, _ in standing(TUESDAY + DAY)] == ["uoc.duty"]
    assert ("uoc.shift_leader", f"诉求单 {report.number} 待甄别超过 3 天") in standing(TUESDAY + 3 * DAY)
    reports.release(desk, Report.objects.get())
    reports.reply(desk, Report.objects.get(), "已处理")
    assert (report.answerer_id, f"诉求单 {report.number} 答复后 30 天还没有办结") in standing(TUESDAY + 40 * DAY)


def test_every_bound_finds_its_row(town: SimpleNamespace) -> None:
    """Each row of the table is a question that both databases understand, and that the row it means answers."""
    matter = stall(town)
    asked = Application.objects.create(
        matter=matter, kind="void", asked_of="desk", by_post_id=matter.holder_id, applied_at=TUESDAY, due_at=TUESDAY
    )
    urged = Urge.objects.create(matter=matter, kind="remind", source="desk", urged_at=TUESDAY, due_at=TUESDAY)
    task = Task.objects.create(matter=matter, module="public_notice", post_id=matter.holder_id, due_at=TUESDAY)
    crew = Crew.objects.create(code="torch", office_id="uoc", name="托底队", since=FOUNDED)
    sent = MakeSafeOrder.objects.create(
        matter=matter,
        crew=crew,
        work="fence",
        what="围挡",
        quantity=1,
        unit="米",
        price=1,
        ordered_at=TUESDAY,
        on_site_at=TUESDAY,
    )
    jobs.plan("greet", "one", TUESDAY - DAY, {})
    upload = Upload.objects.create(kind="sheet", digest="0" * 64, size=1, suffix=".csv", uploaded_at=TUESDAY)
    batch = ImportBatch.objects.create(
        system="热线", file_name="表.csv", upload=upload, state="done", started_at=TUESDAY, ended_at=TUESDAY
    )
    ImportFault.objects.create(batch=batch, line=1, row="{}", template="x")
    plaque = Plaque.objects.first()
    assert plaque is not None
    Plaque.objects.filter(pk=plaque.pk).update(suspected_at=TUESDAY)
    greet = Job.objects.get(kind="greet")
    rows = {
        Matter: Matter.objects.first(),
        Report: Report.objects.first(),
        Job: greet,
        ImportBatch: batch,
        Plaque: plaque,
    }
    argued = Dispute.objects.create(matter=matter, seq=1, why="desk", opened_at=TUESDAY - DAY, convenor=matter.holder)
    rows |= {Application: asked, Urge: urged, Task: task, Dispute: argued, MakeSafeOrder: sent}
    draft = begin_draft(actor(town.people.shift), "夜间职责调整")
    replay = Replay.objects.create(version=draft, against=town.rulebook, on=TUESDAY.date(), started_at=TUESDAY - DAY)
    rows |= {Version: draft, Replay: replay}
    for life, state, bound in bounds():
        if life.table not in rows:
            continue  # a later slice tries its own bounds
        column = "status" if life.table in (Matter, Report) else "state"
        waiting = life.table._default_manager.filter(pk=rows[life.table].pk)
        waiting.update(**{column: state.name})
        assert bound.since(waiting, TUESDAY - DAY - timedelta(seconds=1)).count() == 0, bound.text
        assert bound.since(waiting, TUESDAY).count() == 1, bound.text
        with clock.at(TUESDAY + 60 * DAY):
            assert stale_notices() > 0, bound.text
            assert stale_notices() == 0
        Notice.objects.all().delete()
    assert set(rows) <= {life.table for life, _, _ in bounds()}


def test_dead_work_is_told_again_when_it_dies_again(town: SimpleNamespace) -> None:
    jobs.plan("greet", "one", TUESDAY, {})
    Job.objects.update(state="dead", token=6)
    assert [post for post, _ in standing(TUESDAY)] == ["uoc.duty"]
    Job.objects.update(token=12)
    assert [post for post, _ in standing(TUESDAY + timedelta(minutes=1))] == ["uoc.duty"]


def test_the_loop_shows_that_it_is_alive(town: SimpleNamespace) -> None:
    run_due()
    with clock.at(TUESDAY + timedelta(minutes=1)):
        run_due()
        run_due(sweep=False)
    assert Heartbeat.objects.get(name="timers").at == TUESDAY + timedelta(minutes=1)


@pytest.mark.parametrize("named", [True, False])
def test_a_photograph_that_nothing_names_is_forgotten_after_two_days(town: SimpleNamespace, named: bool) -> None:
    stall(town)
    photo = Upload.objects.create(kind="photo", digest="0" * 64, size=1, suffix=".jpg", uploaded_at=TUESDAY)
    write_whole(path_of(photo.pk, ".jpg"), b"x")
    if named:
        ReportPhoto.objects.create(report=Report.objects.get(), upload=photo)
    with clock.at(TUESDAY + timedelta(hours=47)):
        assert forget_unused() == 0
    with clock.at(TUESDAY + timedelta(hours=48)):
        assert forget_unused() == (0 if named else 1)
    assert Upload.objects.exists() is path_of(photo.pk, ".jpg").exists() is named
