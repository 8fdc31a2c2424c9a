"""Before a file comes in it is shown what would become of its rows, and nothing of it is stored."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.models import Model
from django.test import Client
from django.urls import reverse

from doudi.web.files.models import Upload
from doudi.web.jobs.models import Job
from doudi.web.journal.models import Leaf
from doudi.web.matters.models import Matter
from doudi.web.notices.models import Notice
from doudi.web.outbox.models import Outgoing
from doudi.web.reports.models import Contact, Report, ReportEvent
from doudi.web.timers.running import run_due
from doudi.web.upstream import pages, services
from doudi.web.upstream.models import ImportBatch, ImportFault
from doudi.web.upstream.services import bringing
from doudi.web.upstream.services.previewing import rehearsed
from tests.web.tables.files import HOTLINE, csv_text, hotline_csv, order
from tests.web.town import actor

STORED: tuple[type[Model], ...] = (Report, Matter, Contact, ReportEvent, Leaf, Notice, Outgoing, Job, ImportFault)
PLACE = {"事发地址": "西浜村口空地"}


@pytest.fixture
def desk(town: SimpleNamespace, settings: object, tmp_path: Path) -> Client:
    settings.MEDIA_ROOT = tmp_path  # type: ignore[attr-defined]
    client = Client()
    client.force_login(town.people.desk)
    return client


def sent(desk: Client, *rows: tuple[str, ...]) -> ImportBatch:
    sheet = SimpleUploadedFile("工单.csv", csv_text([HOTLINE, *rows]).encode())
    answer = desk.post("/import", {"system": "区12345", "file": sheet})
    assert answer.status_code == 302
    return ImportBatch.objects.order_by("-id")[0]


def figures(batch: ImportBatch) -> tuple[int, ...]:
    return batch.done, batch.added, batch.known, batch.changed, batch.faulty


def counted() -> list[int]:
    return [table._default_manager.count() for table in STORED]


def test_what_is_shown_is_what_then_becomes_of_the_rows(town: SimpleNamespace, desk: Client, tmp_path: Path) -> None:
    first = hotline_csv(tmp_path, [order(1), order(2), order(3)])
    services.import_file(first, system="区12345", actor=actor(town.people.desk))
    before, versions = counted(), list(Report.objects.order_by("pk").values_list("pk", "version", "status"))
    rows = [
        order(1),
        order(2, 联系电话="13911112222"),
        order(3, 诉求内容="又坏了一根"),
        order(4, 诉求内容="垃圾没人清", **PLACE),
        order(4, 诉求内容="垃圾没人清", **PLACE),
        order(5, 受理时间="前天"),
        order(6, 诉求内容="实名举报有人收黑钱"),
    ]
    batch = sent(desk, *rows)
    assert batch.state == "preview"
    told = [(one.sort, bool(one.holder), one.restricted) for one in rehearsed(batch)]
    assert told == [
        ("known", True, False),
        ("changed", True, False),
        ("changed", True, False),
        ("new", True, False),
        ("twin", True, False),
        ("refused", False, False),
        ("new", True, True),
    ]
    assert counted() == [*before[:4], before[4] + 1, *before[5:]], "one leaf says that the file is here, and no more"
    assert list(Report.objects.order_by("pk").values_list("pk", "version", "status")) == versions
    page = desk.get(batch.get_absolute_url()).content.decode()
    for word in (
        "看不懂日期",
        "联系电话有更正",
        "诉求内容不同",
        "与前面一行是同一件",
        Report.objects.earliest("pk").number,
    ):
        assert word in page, word
    forecast = figures(batch)
    assert forecast == (7, 2, 2, 2, 1)
    assert desk.post(reverse("import_confirm", args=[batch.pk])).status_code == 302
    batch.refresh_from_db()
    assert figures(batch) == (0, 0, 0, 0, 0)
    assert batch.preview == ""
    services.continue_import(batch.pk)
    batch.refresh_from_db()
    assert (batch.state, figures(batch)) == ("done", forecast)
    assert Report.objects.count() == 5


def test_a_file_is_thrown_away_whole(desk: Client) -> None:
    batch = sent(desk, order(1))
    before = counted()
    assert desk.post(reverse("import_drop", args=[batch.pk])).status_code == 302
    batch.refresh_from_db()
    assert (batch.state, batch.upload, batch.preview, figures(batch)) == ("dropped", None, "", (0, 0, 0, 0, 0))
    assert not Upload.objects.exists()
    assert counted() == [*before[:4], before[4] + 1, *before[5:]]
    assert desk.post(reverse("import_confirm", args=[batch.pk])).status_code == 409
    assert desk.post(reverse("import_drop", args=[batch.pk])).status_code == 409
    assert desk.get(batch.get_absolute_url()).status_code == 200


def test_a_long_file_is_looked_at_in_portions_with_its_progress(
    town: SimpleNamespace, desk: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bringing, "ROWS_PER_TRANSACTION", 2)
    monkeypatch.setattr(bringing, "ROWS_PER_JOB", 4)
    monkeypatch.setattr(pages, "LOOKED_AT_ONCE", 2)
    batch = sent(desk, *(order(at) for at in range(1, 10)))
    page = desk.get(batch.get_absolute_url()).content.decode()
    assert "hx-trigger" in page
    assert reverse("import_confirm", args=[batch.pk]) not in page
    assert figures(batch) == (2, 2, 0, 0, 0)
    for _ in range(3):
        run_due()
    batch.refresh_from_db()
    assert (batch.state, figures(batch), Report.objects.count()) == ("preview", (9, 9, 0, 0, 0), 0)
    # The timers put away sessions that ran out, and by the town's clock this is one of them.
    desk.force_login(town.people.desk)
    assert desk.get(reverse("import_progress", args=[batch.pk]))["HX-Refresh"] == "true"
    desk.post(reverse("import_confirm", args=[batch.pk]))
    for _ in range(4):
        run_due()
    batch.refresh_from_db()
    assert (batch.state, figures(batch), Report.objects.count()) == ("done", (9, 9, 0, 0, 0), 9)


def test_secrecy_that_an_order_asks_for_later_is_taken_over_and_never_taken_away(
    town: SimpleNamespace, tmp_path: Path
) -> None:
    for said, kept in (("否", "open"), ("是", "secret"), ("否", "secret")):
        services.import_file(hotline_csv(tmp_path, [order(1, 是否保密=said)]), system="区12345")
        assert Report.objects.get().secrecy == kept
        assert Matter.objects.get().secret == (kept == "secret")
    assert ReportEvent.objects.filter(kind="secrecy_changed").count() == 1
    assert "保密要求" in str(ImportFault.objects.get(kind="changed").reason)
