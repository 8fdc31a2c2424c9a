"""The pages of an import: bring, name the columns, watch, mend; each only for whoever may import."""

from __future__ import annotations

import io
from types import SimpleNamespace

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from doudi.web.jobs.models import Job
from doudi.web.reports.models import Report
from doudi.web.upstream import services
from doudi.web.upstream.models import ImportBatch, ImportFault
from tests.web.tables.files import HOTLINE, csv_text, order


def signed_in(person: object) -> Client:
    client = Client()
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")  # type: ignore[arg-type]
    return client


def file(rows: list[tuple[str, ...]], name: str = "工单.csv") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, csv_text(rows).encode("gb18030"))


@pytest.fixture
def desk(town: SimpleNamespace, settings: object, tmp_path: object) -> Client:
    settings.MEDIA_ROOT = tmp_path  # type: ignore[attr-defined]
    return signed_in(town.people.desk)


def confirmed(desk: Client) -> ImportBatch:
    """The file that was uploaded last is let in, and comes in."""
    batch = ImportBatch.objects.order_by("-id")[0]
    assert desk.post(reverse("import_confirm", args=[batch.pk])).status_code == 302
    services.continue_import(batch.pk)
    return batch


def brought(desk: Client, rows: list[tuple[str, ...]]) -> ImportBatch:
    desk.post("/import", {"system": "区12345", "file": file(rows)})
    batch = confirmed(desk)
    batch.refresh_from_db()
    return batch


def test_a_clear_file_is_shown_first_and_goes_in_when_somebody_wants_it(desk: Client) -> None:
    answer = desk.post("/import", {"system": "区12345", "file": file([HOTLINE, order(1), order(2)])})
    batch = ImportBatch.objects.get()
    assert answer["Location"] == reverse("import", args=[batch.pk])
    assert (batch.state, Report.objects.count(), Job.objects.filter(kind="import").count()) == ("preview", 0, 0)
    page = desk.get(answer["Location"]).content.decode()
    assert "hx-trigger" not in page
    assert "第 2 根灯杆" in page
    desk.post(reverse("import_confirm", args=[batch.pk]))
    assert Job.objects.filter(kind="import").count() == 1
    assert "hx-trigger" in desk.get(answer["Location"]).content.decode()
    services.continue_import(batch.pk)
    page = desk.get(answer["Location"]).content.decode()
    assert "hx-trigger" not in page
    assert Report.objects.count() == 2
    assert "工单.csv" in desk.get("/import").content.decode()


def test_the_progress_fragment_asks_for_the_whole_page_at_the_end(desk: Client) -> None:
    desk.post("/import", {"system": "区12345", "file": file([HOTLINE, order(1)])})
    batch = ImportBatch.objects.get()
    desk.post(reverse("import_confirm", args=[batch.pk]))
    address = reverse("import_progress", args=[batch.pk])
    assert "HX-Refresh" not in desk.get(address).headers
    services.continue_import(batch.pk)
    assert desk.get(address)["HX-Refresh"] == "true"


def test_an_unclear_file_shows_its_first_rows_and_asks_once(desk: Client) -> None:
    rows = [("号", "何时", "说的话"), *((str(at), f"2026-11-0{at}", f"第{at}句话") for at in range(1, 9))]
    answer = desk.post("/import", {"system": "论坛", "file": file(rows)})
    page = desk.get(answer["Location"]).content.decode()
    assert "第5句话" in page
    assert "第6句话" not in page
    refused = desk.post(answer["Location"], {"column-0": "external_id"})
    assert refused.status_code == 400
    assert "诉求内容" in refused.content.decode()
    desk.post(answer["Location"], {"column-0": "external_id", "column-1": "received_at", "column-2": "words"})
    confirmed(desk)
    assert set(Report.objects.values_list("words", flat=True)) == {f"第{at}句话" for at in range(1, 9)}
    again = desk.post("/import", {"system": "论坛", "file": file(rows)})
    assert "columns" not in again["Location"]


@pytest.mark.parametrize(
    ("upload", "words"),
    [
        (SimpleUploadedFile("a.pdf", b"%PDF"), "CSV、XLSX"),
        (SimpleUploadedFile("a.csv", b""), "空的"),
        (SimpleUploadedFile("a.xlsx", b"PK\x03\x04zzz"), "损坏"),
    ],
)
def test_a_file_that_cannot_be_read_says_what_to_do_and_keeps_the_form(
    desk: Client, upload: SimpleUploadedFile, words: str
) -> None:
    upload.seek(0)
    answer = desk.post("/import", {"system": "区12345", "file": upload})
    assert answer.status_code == 400
    assert words in answer.content.decode()
    assert "区12345" in answer.content.decode()
    assert ImportBatch.objects.count() == 0


def test_a_row_is_mended_on_its_own_page_and_what_was_typed_stays(desk: Client) -> None:
    batch = brought(desk, [HOTLINE, order(1, 受理时间="前天"), order(2)])
    fault = ImportFault.objects.get()
    address = reverse("import_row", args=[batch.pk, fault.pk])
    assert "前天" in desk.get(reverse("import", args=[batch.pk])).content.decode()
    page = desk.get(address)
    fields = {bound.name: bound.value() for bound in page.context["form"]}
    (at,) = [name for name, value in fields.items() if value == "前天"]
    wrong = desk.post(address, fields | {at: "大前天"})
    assert wrong.status_code == 400
    assert "大前天" in wrong.content.decode()
    desk.post(address, fields | {at: "2026-11-22 08:00"})
    assert Report.objects.count() == 2
    fault.refresh_from_db()
    assert fault.state == "mended"


def test_a_row_is_dropped_and_a_change_added(desk: Client) -> None:
    batch = brought(desk, [HOTLINE, order(1), order(2, 受理时间="前天")])
    desk.post(reverse("import_row_drop", args=[batch.pk, ImportFault.objects.get().pk]))
    assert ImportFault.objects.get().state == "dropped"
    batch = brought(desk, [HOTLINE, order(1, 诉求内容="又坏了一根")])
    fault = ImportFault.objects.get(kind="changed")
    page = desk.get(reverse("import_row", args=[batch.pk, fault.pk])).content.decode()
    assert "灯杆" in page
    assert "又坏了一根" in page
    desk.post(reverse("import_row_add", args=[batch.pk, fault.pk]))
    assert Report.objects.get().events.filter(kind="added").count() == 1


def test_the_faults_are_a_file_of_their_own(desk: Client) -> None:
    batch = brought(desk, [HOTLINE, order(1), order(2, 受理时间="前天")])
    answer = desk.get(reverse("import_faults", args=[batch.pk, "csv"]))
    text = b"".join(answer.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    assert "看不懂日期" in text
    assert "13900000000" in text
    xlsx = desk.get(reverse("import_faults", args=[batch.pk, "xlsx"]))
    assert io.BytesIO(b"".join(xlsx.streaming_content)).read(2) == b"PK"  # type: ignore[attr-defined]
    assert desk.get(reverse("import_faults", args=[batch.pk, "pdf"])).status_code == 404


def test_a_stopped_import_goes_on_at_a_press(desk: Client) -> None:
    desk.post("/import", {"system": "区12345", "file": file([HOTLINE, order(1)])})
    batch = ImportBatch.objects.get()
    desk.post(reverse("import_confirm", args=[batch.pk]))
    ImportBatch.objects.update(state="failed", words="磁盘满了")
    assert "磁盘满了" in desk.get(reverse("import", args=[batch.pk])).content.decode()
    desk.post(reverse("import_resume", args=[batch.pk]))
    assert Job.objects.filter(kind="import").count() == 2
    services.continue_import(batch.pk)
    confirmed(desk)
    assert Report.objects.count() == 1


def test_nobody_else_comes_here(town: SimpleNamespace, desk: Client) -> None:
    batch = brought(desk, [HOTLINE, order(1, 受理时间="前天"), order(2)])
    fault = ImportFault.objects.get()
    one, row = [batch.pk], [batch.pk, fault.pk]
    addresses = [
        reverse("imports"),
        reverse("import", args=one),
        reverse("import_progress", args=one),
        reverse("import_columns", args=one),
        reverse("import_faults", args=[batch.pk, "csv"]),
        reverse("import_row", args=row),
    ]
    steps = [reverse(name, args=row) for name in ("import_row_drop", "import_row_add")] + [
        reverse("import_resume", args=one)
    ]
    officer, stranger = signed_in(town.people.east_officer), Client()
    for address in addresses:
        assert officer.get(address).status_code == 404, address
        assert stranger.get(address).status_code == 302, address
    for address in steps:
        assert officer.post(address).status_code == 404, address
        assert stranger.post(address).status_code == 302, address
        assert desk.get(address).status_code == 405, address
    fault.refresh_from_db()
    assert fault.state == "open"


def test_points_without_a_system_are_asked_about_on_the_page(desk: Client) -> None:
    rows = [
        ("工单编号", "受理时间", "诉求内容", "经度", "纬度"),
        ("G1", "2026-11-20", "路灯不亮", "121.2031", "31.1022"),
    ]
    answer = desk.post("/import", {"system": "区平台", "file": file(rows)})
    assert "整个文件的坐标系" in desk.get(answer["Location"]).content.decode()
    chosen = ["external_id", "received_at", "words", "longitude", "latitude"]
    said = {f"column-{at}": name for at, name in enumerate(chosen)}
    desk.post(answer["Location"], said | {"coordinates": "gcj02"})
    confirmed(desk)
    report = Report.objects.get()
    assert (report.coordinate_system, report.longitude is not None) == ("gcj02", True)
