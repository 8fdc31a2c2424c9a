"""Every row of a file becomes a report in a matter with one holder, or stays behind with its line and reason."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.db import DataError, OperationalError

from doudi.web.jobs.models import Job
from doudi.web.matters.models import Assignment, Demand, Matter
from doudi.web.people.errors import NotAllowedError
from doudi.web.reports.models import Contact, Report, ReportClock
from doudi.web.triage import services as triage
from doudi.web.upstream import services
from doudi.web.upstream.models import ColumnMapping, ImportBatch, ImportFault
from doudi.web.upstream.services import bringing, receiving
from tests.web.tables.files import HOTLINE, csv_text, hotline_csv, order, workbook
from tests.web.town import EAST, EAST_GRID, actor


def counts(batch: ImportBatch) -> tuple[int, int, int, int, int]:
    return batch.done, batch.added, batch.known, batch.changed, batch.faulty


def bring(folder: Path, rows: Sequence[Sequence[str]], **more: object) -> ImportBatch:
    encoding = str(more.pop("encoding", "utf-8"))
    return services.import_file(hotline_csv(folder, rows, encoding=encoding), system="区12345", **more)  # type: ignore[arg-type]


def test_an_order_arrives_as_it_was_said(town: SimpleNamespace, tmp_path: Path) -> None:
    batch = bring(tmp_path, [order(1, 事发地址="东苑居民区3号", 是否保密="是")], encoding="gb18030")
    assert batch.state == ImportBatch.State.DONE
    assert counts(batch) == (1, 1, 0, 0, 0)
    report = Report.objects.get()
    assert (report.system, report.external_id, report.channel) == ("区12345", "202611240001", "hotline")
    assert report.words == "东苑路第 1 根灯杆晚上不亮，老人出行不便，请尽快修复。"
    assert report.received_at == datetime(2026, 11, 24, 1, 30, tzinfo=UTC)
    assert report.area_id == EAST
    assert report.secrecy != Report.Secrecy.OPEN
    assert Contact.objects.get().phone == "13900000000"
    matter = Demand.objects.get(report=report).matter
    assert Assignment.objects.get(matter=matter, role="lead", until=None).post_id == matter.holder_id


def test_the_due_moment_of_the_upstream_is_kept_word_for_word(town: SimpleNamespace, tmp_path: Path) -> None:
    bring(tmp_path, [order(1, 办理时限="2026年11月27日 下午5时"), order(2, 办理时限="5个工作日")])
    first, second = Report.objects.order_by("external_id")
    assert (first.upstream_due, second.upstream_due) == ("2026年11月27日 下午5时", "5个工作日")
    given = ReportClock.objects.get(report=first, which="upstream")
    assert given.given
    assert given.due_at == datetime(2026, 11, 27, 9, tzinfo=UTC)
    assert not ReportClock.objects.filter(report=second, which="upstream").exists()


def test_who_reported_is_not_kept_in_the_clear(town: SimpleNamespace, tmp_path: Path) -> None:
    bring(tmp_path, [order(1), order(2, 受理时间="前天")])
    assert "13900000000" not in str(Report.objects.values())
    raw = ImportFault.objects.extra(select={"raw": "doudi_upstream_importfault.row"}).values_list("raw", flat=True)
    assert all(row.startswith("s2:") for row in raw)


def test_a_reason_quotes_nothing_of_who_reported(town: SimpleNamespace, tmp_path: Path) -> None:
    row: list[object] = list(order(1))
    row[HOTLINE.index("联系电话")] = 86013900771102123.0
    services.import_file(workbook(tmp_path, [HOTLINE, row]), system="区12345")
    fault = ImportFault.objects.get()
    assert fault.facts == {"header": "联系电话", "text": "…"}


def test_the_same_file_twice_changes_nothing(town: SimpleNamespace, tmp_path: Path) -> None:
    rows = [order(at) for at in range(1, 6)]
    bring(tmp_path, rows)
    before = list(Report.objects.order_by("id").values())
    again = bring(tmp_path, [*rows, rows[0]])
    assert counts(again) == (6, 0, 6, 0, 0)
    assert list(Report.objects.order_by("id").values()) == before
    assert Matter.objects.count() == 5


def test_a_row_without_an_id_is_known_by_what_it_says(town: SimpleNamespace, tmp_path: Path) -> None:
    rows = [order(1, 工单编号=""), order(2, 工单编号=""), order(1, 工单编号="", 联系电话="13900000009")]
    assert counts(bring(tmp_path, rows)) == (3, 3, 0, 0, 0)
    assert counts(bring(tmp_path, rows)) == (3, 0, 3, 0, 0)


def test_a_known_order_that_says_something_else_is_shown_and_not_overwritten(
    town: SimpleNamespace, tmp_path: Path
) -> None:
    bring(tmp_path, [order(1), order(2)])
    changed = [order(1, 诉求内容="灯修好了，但是井盖坏了"), order(2)]
    batch = bring(tmp_path, changed)
    assert counts(batch) == (2, 0, 1, 1, 0)
    fault = ImportFault.objects.get()
    assert (fault.kind, fault.line, fault.facts) == ("changed", 2, {"fields": "诉求内容"})
    assert "灯杆" in Report.objects.get(external_id="202611240001").words
    assert counts(bring(tmp_path, changed)) == (2, 0, 1, 1, 0)
    assert ImportFault.objects.count() == 1, "the same change is shown once"


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"受理时间": "前天"}, "看不懂日期“前天”"),
        ({"受理时间": "2027-01-01"}, "在将来"),
        ({"诉求内容": "", "标题": ""}, "没有诉求内容"),
        ({"工单编号": "2.02611E+11"}, "末尾几位已丢失"),
        ({"工单编号": "9" * 81}, "超过 80 个字"),
        ({"联系电话": "1" * 31}, "超过 30 个字"),
    ],
)
def test_a_bad_row_stays_behind_with_its_line_and_its_neighbours_go_in(
    town: SimpleNamespace, tmp_path: Path, wrong: dict[str, str], words: str
) -> None:
    batch = bring(tmp_path, [order(1), order(2, **wrong), order(3)])
    assert counts(batch) == (3, 2, 0, 0, 1)
    fault = ImportFault.objects.get()
    assert fault.line == 3
    assert words in str(fault.reason)
    assert fault.cells["事发地址"] == "东苑路2号"


def test_an_id_that_a_workbook_has_rounded_is_not_taken_for_an_id(town: SimpleNamespace, tmp_path: Path) -> None:
    rows = [HOTLINE, (202611240001, *order(1)[1:]), (310199202611240001, *order(2)[1:])]
    batch = services.import_file(workbook(tmp_path, rows), system="区12345")
    assert counts(batch) == (2, 1, 0, 0, 1)
    assert Report.objects.get().external_id == "202611240001"


def test_a_row_that_cannot_be_stored_does_not_take_its_neighbours_along(
    town: SimpleNamespace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def choking(batch: Sequence[triage.Incoming], **more: object) -> list[triage.Received]:
        if any(incoming.external_id.endswith("3") for incoming in batch):
            raise DataError("too strange")
        return triage.receive(batch, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(receiving, "receive", choking)
    batch = bring(tmp_path, [order(at) for at in range(1, 6)])
    assert counts(batch) == (5, 4, 0, 0, 1)
    assert ImportFault.objects.get().line == 4
    assert ImportFault.objects.get().facts == {"kind": "DataError"}


def test_when_no_row_can_be_stored_the_import_stops_and_says_so(
    town: SimpleNamespace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(batch: object, **more: object) -> None:
        raise TypeError("ours")

    monkeypatch.setattr(receiving, "receive", broken)
    with pytest.raises(receiving.RowLostError):
        bring(tmp_path, [order(1), order(2)])
    assert ImportFault.objects.count() == 0
    batch = ImportBatch.objects.get()
    assert batch.state == "failed"
    assert "系统日志" in batch.words


def test_a_kill_in_the_middle_repeats_nothing_and_loses_nothing(
    town: SimpleNamespace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bringing, "ROWS_PER_TRANSACTION", 2)
    calls = []

    def dying(batch: Sequence[triage.Incoming], **more: object) -> list[triage.Received]:
        calls.append(len(batch))
        if len(calls) == 2:
            raise OperationalError("the database went away")
        return triage.receive(batch, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(receiving, "receive", dying)
    path = hotline_csv(tmp_path, [order(at) for at in range(1, 6)])
    with pytest.raises(OperationalError):
        services.import_file(path, system="区12345")
    batch = ImportBatch.objects.get()
    assert (batch.state, batch.done, Report.objects.count()) == ("running", 2, 2)
    assert services.work(batch, path)
    assert counts(batch) == (5, 5, 0, 0, 0)


def test_a_run_that_was_killed_is_followed_by_a_new_one(
    town: SimpleNamespace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def dying(batch: object, **more: object) -> None:
        raise OperationalError("the database went away")

    monkeypatch.setattr(receiving, "receive", dying)
    with pytest.raises(OperationalError):
        bring(tmp_path, [order(1), order(2)])
    monkeypatch.setattr(receiving, "receive", triage.receive)
    assert counts(bring(tmp_path, [order(1), order(2)])) == (2, 2, 0, 0, 0)
    assert sorted(ImportBatch.objects.values_list("state", flat=True)) == ["done", "failed"]


def test_a_second_worker_on_the_same_file_stops(town: SimpleNamespace, tmp_path: Path) -> None:
    path = hotline_csv(tmp_path, [order(1), order(2)])
    seen = services.survey(path)
    batch = services.begin(services.bringing.SYSTEM, seen, system="区12345", file_name="orders.csv")
    services.choose_columns(services.bringing.SYSTEM, batch, seen.headers, seen.guess.columns)
    bringing.let_in(services.bringing.SYSTEM, batch)
    batch, sleeper = ImportBatch.objects.get(), ImportBatch.objects.get()
    services.work(batch, path)
    with pytest.raises(services.ImportStateError):
        services.work(sleeper, path)
    assert Report.objects.count() == 2


def test_unclear_columns_are_asked_once_and_remembered(town: SimpleNamespace, tmp_path: Path) -> None:
    path = tmp_path / "posts.csv"
    path.write_text(
        csv_text([["编号", "时间", "村", "说的话"], ["1", "2026-11-23", "东苑第一网格", "路灯不亮"]]), encoding="utf-8"
    )
    with pytest.raises(services.ColumnsNeededError, match="诉求内容"):
        services.import_file(path, system="论坛")
    assert ImportBatch.objects.count() == 0
    columns = {"external_id": "编号", "words": "说的话", "area": "村"}
    assert counts(services.import_file(path, system="论坛", columns=columns)) == (1, 1, 0, 0, 0)
    assert counts(services.import_file(path, system="论坛")) == (1, 0, 1, 0, 0)
    assert ColumnMapping.objects.count() == 1
    report = Report.objects.get()
    assert (report.area_id, report.address) == (EAST_GRID, "")
    with pytest.raises(services.ColumnsNeededError):
        services.import_file(path, system="另一个论坛")


def test_an_area_that_we_do_not_know_stays_readable_in_the_address(town: SimpleNamespace, tmp_path: Path) -> None:
    path = tmp_path / "posts.csv"
    rows = [
        ["工单编号", "所属村居", "事发地址", "受理时间", "诉求内容"],
        ["G1", "远方村", "5号", "2026-11-23", "路灯不亮"],
    ]
    path.write_text(csv_text(rows), encoding="utf-8")
    services.import_file(path, system="区平台")
    assert Report.objects.get().address == "远方村5号"


def test_a_portion_is_one_job_and_plans_the_next(
    town: SimpleNamespace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from doudi.web.files.services import keep_sheet

    monkeypatch.setattr(bringing, "ROWS_PER_TRANSACTION", 2)
    monkeypatch.setattr(bringing, "ROWS_PER_JOB", 2)
    path = hotline_csv(tmp_path, [order(at) for at in range(1, 4)])
    with path.open("rb") as file:
        upload = keep_sheet(file, name="orders.csv")
    seen, desk = services.survey(path), actor(town.people.desk)
    batch = services.begin(desk, seen, system="区12345", file_name="orders.csv", upload=upload)
    services.choose_columns(desk, batch, seen.headers, seen.guess.columns)
    services.let_in(desk, batch)
    services.set_going(batch)
    services.set_going(batch)
    assert Job.objects.filter(kind="import").count() == 1
    assert not services.continue_import(batch.pk)
    assert Job.objects.filter(kind="import").count() == 2
    assert services.continue_import(str(batch.pk))
    assert services.continue_import(batch.pk), "a job that comes late finds nothing to do"
    batch.refresh_from_db()
    assert counts(batch) == (3, 3, 0, 0, 0)
    assert batch.ended_at is not None


def test_only_who_may_import_imports(town: SimpleNamespace, tmp_path: Path) -> None:
    with pytest.raises(NotAllowedError):
        bring(tmp_path, [order(1)], actor=actor(town.people.east_officer))
    assert ImportBatch.objects.count() == 0


def test_progress_is_told_after_each_portion(
    town: SimpleNamespace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bringing, "ROWS_PER_TRANSACTION", 2)
    told: list[tuple[int, int]] = []
    bring(tmp_path, [order(at) for at in range(1, 6)], progress=lambda batch: told.append((batch.done, batch.total)))
    assert told == [(2, 5), (4, 5), (5, 5)]


def test_a_table_that_is_gone_ends_its_import_and_says_so(town: SimpleNamespace, tmp_path: Path) -> None:
    from doudi.web.files.queries import file_of
    from doudi.web.files.services import keep_sheet

    path = hotline_csv(tmp_path, [order(1)])
    with path.open("rb") as file:
        upload = keep_sheet(file, name="orders.csv")
    seen, desk = services.survey(path), actor(town.people.desk)
    batch = services.begin(desk, seen, system="区12345", file_name="orders.csv", upload=upload)
    services.choose_columns(desk, batch, seen.headers, seen.guess.columns)
    services.let_in(desk, batch)
    file_of(upload).unlink()
    assert services.continue_import(batch.pk)
    batch.refresh_from_db()
    assert (batch.state, "已经不在了" in batch.words) == (ImportBatch.State.FAILED, True)
