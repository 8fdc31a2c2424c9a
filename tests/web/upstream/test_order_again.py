"""The same order comes again: a new round once it was answered, a correction while it is worked on; never nothing."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace

from doudi.web.jobs.models import Job
from doudi.web.matters.models import Demand, Matter, MatterClock
from doudi.web.notices.models import Notice
from doudi.web.reports.models import Contact, Report, ReportClock
from doudi.web.timers.running import run_due
from doudi.web.upstream import services
from doudi.web.upstream.models import ImportBatch, ImportFault
from tests.web.tables.files import csv_text

HEAD = ["工单编号", "派单时间", "诉求内容", "联系人", "联系电话", "事发地址", "办理时限"]
FIRST = {
    "工单编号": "SH1",
    "派单时间": "2026-11-23 09:00",
    "诉求内容": "东苑路路灯不亮三天没人修",
    "联系人": "王某",
    "联系电话": "13800001111",
    "事发地址": "东苑路20号",
    "办理时限": "2026-12-03 17:00",
}


def bring(folder: Path, columns: list[str] | None = None, **other: str) -> ImportBatch:
    path, head = folder / "orders.csv", columns or HEAD
    path.write_text(csv_text([head, [(FIRST | other)[name] for name in head]]), encoding="utf-8")
    return services.import_file(path, system="区12345")


def answered() -> Report:
    """The order as it stands once it was worked on and closed."""
    report = Report.objects.get()
    Matter.objects.filter(demands__report=report).update(status=Matter.Status.CLOSED)
    Report.objects.update(status=Report.Status.CLOSED)
    ReportClock.objects.update(ended_at=datetime(2026, 11, 24, 4, tzinfo=UTC))
    MatterClock.objects.update(ended_at=datetime(2026, 11, 24, 4, tzinfo=UTC))
    return report


def test_an_order_sent_down_after_it_was_closed_begins_a_new_round(town: SimpleNamespace, tmp_path: Path) -> None:
    bring(tmp_path)
    report = answered()
    again = {"派单时间": "2026-11-24 11:00", "办理时限": "2026-12-08 17:00"}
    batch = bring(tmp_path, **again)
    report.refresh_from_db()
    matter = Demand.objects.get(report=report).matter
    due = datetime(2026, 12, 8, 9, tzinfo=UTC)
    assert (batch.added, batch.known, batch.changed) == (0, 0, 1)
    assert (report.status, report.upstream_due) == (Report.Status.RECEIVED, "2026-12-08 17:00")
    assert matter.status in Matter.OPEN
    assert ReportClock.objects.get(report=report, which="upstream", ended_at=None).due_at == due
    assert MatterClock.objects.get(matter=matter, which="upstream", ended_at=None).due_at == due
    assert Job.objects.filter(kind="notify_holder", payload__kind="reopened").exists()
    fault = ImportFault.objects.get()
    assert (fault.state, "再次派单" in str(fault.reason)) == ("mended", True)


def test_the_new_round_begins_once_however_often_its_file_comes(town: SimpleNamespace, tmp_path: Path) -> None:
    bring(tmp_path)
    answered()
    again = {"派单时间": "2026-11-24 11:00", "办理时限": "2026-12-08 17:00"}
    bring(tmp_path, **again)
    assert bring(tmp_path, **again).known == 1
    answered()
    assert bring(tmp_path, **again).known == 1
    assert bring(tmp_path).changed == 1, "the older file says another limit; it opens nothing"
    assert Report.objects.get().status == Report.Status.CLOSED
    assert bring(tmp_path, **again | {"派单时间": "2026-11-24 11:30"}).changed == 1
    assert Report.objects.get().status == Report.Status.RECEIVED


def test_a_correction_of_an_open_order_is_taken_over_and_said(town: SimpleNamespace, tmp_path: Path) -> None:
    bring(tmp_path)
    batch = bring(tmp_path, 联系电话="13900009999", 办理时限="2026-12-10 17:00")
    report = Report.objects.get()
    assert Contact.objects.get().phone == "13900009999"
    assert report.upstream_due == "2026-12-10 17:00"
    running = ReportClock.objects.get(report=report, which="upstream", ended_at=None)
    assert running.due_at == datetime(2026, 12, 10, 9, tzinfo=UTC)
    assert batch.changed == 1
    assert "联系电话、办理时限" in str(ImportFault.objects.get().reason)
    assert Job.objects.filter(kind="notify_post", payload__kind="corrected").exists()
    event = report.events.get(kind="corrected")
    assert event.payload["fields"] == ["phone", "upstream_due"]
    assert "13900009999" not in str(event.payload)
    assert event.actor == "system", "nobody brought the file in by hand"
    assert bring(tmp_path, 联系电话="13900009999", 办理时限="2026-12-10 17:00").known == 1


def test_each_correction_is_told_by_itself(town: SimpleNamespace, tmp_path: Path) -> None:
    bring(tmp_path)
    for phone in ("13900009999", "13900008888"):
        bring(tmp_path, 联系电话=phone)
        run_due()
    assert Notice.objects.filter(kind="corrected").count() == 2


def test_columns_that_are_not_there_take_nothing_away(town: SimpleNamespace, tmp_path: Path) -> None:
    bring(tmp_path)
    batch = bring(tmp_path, ["工单编号", "派单时间", "诉求内容"])
    assert (batch.known, batch.changed) == (1, 0)
    assert Contact.objects.get().phone == "13800001111"


def test_other_words_are_still_shown_to_a_person_beside_what_was_taken_over(
    town: SimpleNamespace, tmp_path: Path
) -> None:
    bring(tmp_path)
    batch = bring(tmp_path, 联系电话="13900009999", 诉求内容="路灯修好了，井盖又坏了")
    assert batch.changed == 1
    assert sorted(ImportFault.objects.values_list("state", flat=True)) == ["mended", "open"]
