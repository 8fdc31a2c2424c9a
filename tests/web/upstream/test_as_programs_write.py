"""What clerks and programs do to a sheet on its way: read as it was meant, or told at its line; never dropped in silence."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from pathlib import Path
from types import SimpleNamespace

import pytest

from doudi.web.matters.models import Matter
from doudi.web.operations.previewing import preview_import
from doudi.web.reports.models import Contact, Report, ReportClock
from doudi.web.tables.reading import Row
from doudi.web.upstream import services
from doudi.web.upstream.columns import ColumnsError, guess
from doudi.web.upstream.models import ImportBatch, ImportFault
from tests.web.tables.files import csv_text, order, workbook
from tests.web.town import actor

pytestmark = pytest.mark.only("sqlite", "forms of files: test_import brings rows into either store")

HEAD = ["工单编号", "受理时间", "诉求内容", "联系人", "联系电话", "事发地址", "是否保密", "办理时限"]
POINT = ["工单编号", "受理时间", "诉求内容", "经度", "纬度", "坐标系"]


def bring(folder: Path, *rows: list[str], **more: object) -> ImportBatch:
    path = folder / "orders.csv"
    path.write_text(csv_text(rows), encoding="utf-8")
    return services.import_file(path, system="区12345", **more)  # type: ignore[arg-type]


def row(number: str = "G1", **other: str) -> list[str]:
    said = {"工单编号": number, "受理时间": "2026-11-24 09:00", "诉求内容": f"路灯不亮，编号{number}"} | other
    return [said.get(name, "") for name in HEAD]


def reasons() -> list[str]:
    return [str(one.reason) for one in ImportFault.objects.order_by("line")]


def test_reports_that_begin_like_notes_come_in_and_what_is_left_out_stays_in_the_list(
    town: SimpleNamespace, tmp_path: Path
) -> None:
    batch = bring(
        tmp_path,
        ["留言内容", "留言时间", "姓名", "电话"],
        ["统计站门口的树倒了", "", "", ""],
        ["说明书路口积水", "2026-11-24 09:00", "", ""],
        columns={"words": "留言内容", "received_at": "留言时间"},
    )
    assert (batch.total, batch.added, batch.faulty) == (2, 2, 0)
    bring(tmp_path, HEAD, row(), ["合计", "1", *[""] * 6])
    (left,) = ImportFault.objects.all()
    assert (left.kind, left.state, left.line, left.cells["工单编号"]) == ("left_out", "dropped", 3, "合计")


def test_a_line_left_out_is_brought_in_by_a_person_after_all(town: SimpleNamespace, tmp_path: Path) -> None:
    batch = bring(tmp_path, HEAD, row(), ["备注：东苑路积水", *[""] * 7])
    left = ImportFault.objects.get(kind="left_out")
    desk = actor(town.people.desk)
    report = services.mend_fault(desk, left, {"工单编号": "", "诉求内容": "东苑路积水"})
    batch.refresh_from_db()
    assert (report.words, batch.added, batch.faulty) == ("东苑路积水", 2, 0)
    left.refresh_from_db()
    assert not left.can_be_brought


def test_an_id_and_a_phone_that_went_through_arithmetic_are_the_same_order(
    town: SimpleNamespace, tmp_path: Path
) -> None:
    bring(tmp_path, HEAD, row("20261124001.0", 诉求内容="路灯", 联系电话="13800001111.0"))
    again = bring(tmp_path, HEAD, row("20261124001", 诉求内容="路灯", 联系电话="13800001111"))
    assert (again.added, again.known, again.changed) == (0, 1, 0)
    assert Report.objects.get().external_id == "20261124001"
    assert Contact.objects.get().phone == "13800001111"


@pytest.mark.parametrize("written", ['="00124001"', "'00124001", "００１２４００１"])
def test_zeros_that_a_program_kept_by_a_trick_are_kept_without_it(
    town: SimpleNamespace, tmp_path: Path, written: str
) -> None:
    bring(tmp_path, HEAD, row(written, 诉求内容="路灯不亮"))
    assert Report.objects.get().external_id == "00124001"


@pytest.mark.parametrize("nothing", ["NULL", "nan", "None", "N/A", "#N/A", "-", "/", "无", "NaT"])
def test_a_word_for_nothing_is_nothing_under_each_column(town: SimpleNamespace, tmp_path: Path, nothing: str) -> None:
    bring(
        tmp_path,
        HEAD,
        row(受理时间=nothing, 联系人=nothing, 联系电话=nothing, 事发地址=nothing, 是否保密=nothing, 办理时限=nothing),
        row(nothing, 诉求内容="井盖松动"),
        row(nothing, 诉求内容="河道有垃圾"),
    )
    assert Report.objects.count() == 3, "no id is no twin"
    report = Report.objects.get(external_id="G1")
    assert (report.secrecy, report.address, report.upstream_due) == (Report.Secrecy.OPEN, "", "")
    assert not Contact.objects.exists()
    assert not ReportClock.objects.filter(which="upstream").exists()


@pytest.mark.parametrize(
    "point", [("0", "0"), ("nan", "NaN"), ("", ""), ("NULL", "NULL"), ("inf", "31.1"), ("0.0", "0.00")]
)
def test_what_is_no_point_gives_none(town: SimpleNamespace, tmp_path: Path, point: tuple[str, str]) -> None:
    bring(tmp_path, POINT, ["G1", "2026-11-24", "路灯不亮", *point, "wgs84"])
    assert Report.objects.get().longitude is None


@pytest.mark.parametrize(
    ("point", "system", "said"),
    [
        (("31.1022", "121.2031"), "wgs84", "写反"),
        (("121,2031", "31,1022"), "wgs84", "121.2031"),
        (("121°12′11.16″E", "31°6′7.92″N"), "wgs84", "121.2031"),
        (("东经121.2031", "北纬31.1022"), "wgs84", "121.2031"),
        (("-12345.67", "4321.09"), "wgs84", "平面坐标"),
        (("121.2031", ""), "wgs84", "都填"),
        (("约121", "31.1"), "wgs84", "不是数字"),
        (("121.2031", "31.1022"), "", "坐标系"),
    ],
)
def test_a_point_that_cannot_be_one_is_a_fault_at_its_line(
    town: SimpleNamespace, tmp_path: Path, point: tuple[str, str], system: str, said: str
) -> None:
    good = ["G1", "2026-11-24", "路面破损", "121.2031", "31.1022", "wgs84"]
    batch = bring(tmp_path, POINT, good, ["G2", "2026-11-24", "路灯不亮", *point, system])
    assert (batch.added, batch.faulty) == (1, 1)
    assert said in reasons()[0]
    assert Report.objects.get().longitude == pytest.approx(121.2031)


def test_points_of_an_unknown_system_are_asked_about_once(town: SimpleNamespace, tmp_path: Path) -> None:
    rows = [POINT[:5], ["G1", "2026-11-24", "路灯不亮", "121.2031", "31.1022"]]
    with pytest.raises(services.ColumnsNeededError, match="坐标系"):
        bring(tmp_path, *rows)
    columns = dict(zip(["external_id", "received_at", "words", "longitude", "latitude"], POINT, strict=False))
    bring(tmp_path, *rows, columns=columns | {"coordinate_system": "gcj02"})
    report = Report.objects.get()
    assert (report.coordinate_system, report.longitude is not None) == ("gcj02", True)
    bring(tmp_path, POINT[:5], ["G2", "2026-11-24", "井盖松动", "121.2031", "31.1022"])
    assert Report.objects.get(external_id="G2").coordinate_system == "gcj02", "remembered"
    with pytest.raises(ColumnsError):
        bring(tmp_path, *rows, columns=columns | {"coordinate_system": "mars"})


def test_a_day_and_its_time_in_two_columns_are_one_moment(town: SimpleNamespace, tmp_path: Path) -> None:
    rows = [
        ["工单编号", "受理日期", "受理时间", "诉求内容"],
        ["G1", date(2026, 11, 24), time(14, 30), "路灯不亮"],
        ["G2", date(2026, 11, 24), time(8, 5), "井盖松动"],
    ]
    services.import_file(workbook(tmp_path, rows), system="区12345")
    found = dict(Report.objects.values_list("external_id", "received_at"))
    assert found == {"G1": datetime(2026, 11, 24, 6, 30, tzinfo=UTC), "G2": datetime(2026, 11, 24, 0, 5, tzinfo=UTC)}


def test_two_columns_of_a_limit_can_be_named_too(town: SimpleNamespace, tmp_path: Path) -> None:
    bring(
        tmp_path,
        ["工单编号", "受理时间", "诉求内容", "到期日", "到期时"],
        ["G1", "11月24日 8:30", "路灯不亮", "2026-12-03", "17:00"],
        columns={
            "external_id": "工单编号",
            "received_at": "受理时间",
            "words": "诉求内容",
            "upstream_due": "到期日+到期时",
        },
    )
    report = Report.objects.get()
    assert report.received_at == datetime(2026, 11, 24, 0, 30, tzinfo=UTC)
    assert ReportClock.objects.get(which="upstream").due_at == datetime(2026, 12, 3, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    ("wide", "names"),
    [("日期 时间", ("日期", "时间")), ("来电时间 来电日期", ("来电日期", "来电时间"))],
)
def test_which_column_is_the_day_and_which_the_time_is_seen_by_the_cells(wide: str, names: tuple[str, str]) -> None:
    headers = [*wide.split(), "诉求内容", "工单编号"]
    cells = {names[0]: "2026-11-24", names[1]: "9:30", "诉求内容": "路灯不亮已经三天了", "工单编号": "G1"}
    assert guess(headers, [Row(2, cells)]).columns["received_at"] == names


def test_an_id_or_a_house_number_that_became_a_date_stays_behind(town: SimpleNamespace, tmp_path: Path) -> None:
    rows = [
        ["工单编号", "受理时间", "诉求内容", "事发地址"],
        [datetime(2026, 11, 1), "2026-11-24", "路灯不亮", "东苑路1号"],
        ["G2", "2026-11-24", "井盖松动", datetime(2026, 3, 8)],
        ["G3", "2026-11-24", "路面破损", "东苑路3-8号"],
    ]
    batch = services.import_file(workbook(tmp_path, rows), system="区12345")
    assert (batch.added, batch.faulty) == (1, 2)
    assert all("改成了日期" in one for one in reasons())
    bring(tmp_path, HEAD, row("G4", 事发地址="3月8日"), row("11月1日"), row("G5", 事发地址="2026/3/8"))
    assert Report.objects.count() == 1
    assert Matter.objects.count() == 1


def test_a_limit_at_midnight_is_the_same_from_a_workbook_and_from_a_text(town: SimpleNamespace, tmp_path: Path) -> None:
    head, due = ["工单编号", "受理时间", "诉求内容", "办理时限"], datetime(2026, 12, 3)
    services.import_file(workbook(tmp_path, [head, ["G1", "2026-11-24", "路灯不亮", due]]), system="区12345")
    bring(tmp_path, head, ["G2", "2026-11-24", "井盖松动", "2026-12-03 00:00"])
    assert set(ReportClock.objects.filter(which="upstream").values_list("due_at", flat=True)) == {
        datetime(2026, 12, 2, 16, tzinfo=UTC)
    }


def test_the_sheet_that_is_read_and_those_that_are_not_are_told(town: SimpleNamespace, tmp_path: Path) -> None:
    import openpyxl

    book = openpyxl.Workbook()
    book.active.title = "封面"
    book.active["A1"] = "填表说明"
    book.create_sheet("工单").append(["工单编号", "受理时间", "诉求内容"])
    book["工单"].append(["G1", "2026-11-24", "路灯不亮"])
    book.create_sheet("旧表").append(["工单编号", "诉求内容"])
    book["旧表"].sheet_state = "hidden"
    book.save(tmp_path / "a.xlsx")
    before = list(preview_import(tmp_path / "a.xlsx", "区12345", None, None))
    assert "隐藏的工作表没有读取：旧表。" in before
    batch = services.import_file(tmp_path / "a.xlsx", system="区12345")
    assert Report.objects.get().external_id == "G1"
    assert "封面" in batch.words and "隐藏的工作表没有读取：旧表" in batch.words


def test_a_plain_order_still_comes_as_before(town: SimpleNamespace, tmp_path: Path) -> None:
    assert order(1)[0].isdecimal()
    bring(tmp_path, HEAD, row(是否保密="是", 联系人="章某"))
    assert Report.objects.get().secrecy == Report.Secrecy.SECRET
