"""An imported file is deleted after the rulebook's days; what became of its rows stays."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.conf import LazySettings
from django.core.files.uploadedfile import SimpleUploadedFile

from doudi.web import clock
from doudi.web.files.models import Upload
from doudi.web.files.queries import file_of, opened_sheet
from doudi.web.files.services import keep_sheet
from doudi.web.journal.models import Leaf
from doudi.web.reports.models import Report
from doudi.web.rulebook.models import Version
from doudi.web.timers.tidying import tidy
from doudi.web.upstream import services
from doudi.web.upstream.models import ImportBatch, ImportFault
from tests.web.tables.files import HOTLINE, csv_text, order
from tests.web.town import TUESDAY, actor

DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def _files_of_this_test(settings: LazySettings, tmp_path: object) -> None:
    settings.MEDIA_ROOT = tmp_path


def begun(town: SimpleNamespace) -> ImportBatch:
    raw = csv_text([HOTLINE, order(1), order(2, 受理时间="前天")]).encode()
    upload = keep_sheet(SimpleUploadedFile("工单.csv", raw))
    with opened_sheet(upload) as path:
        seen = services.survey(path)
    desk = actor(town.people.desk)
    batch = services.begin(desk, seen, system="区12345", file_name="工单.csv", upload=upload)
    batch.seen = seen  # type: ignore[attr-defined]
    return batch


def brought(town: SimpleNamespace) -> ImportBatch:
    batch = begun(town)
    services.choose_columns(actor(town.people.desk), batch, batch.seen.headers, batch.seen.guess.columns)  # type: ignore[attr-defined]
    services.let_in(actor(town.people.desk), batch)
    services.continue_import(batch.pk)
    return batch


def test_the_file_goes_after_its_days_and_its_rows_stay(town: SimpleNamespace) -> None:
    batch = brought(town)
    upload = Upload.objects.get()
    with clock.at(TUESDAY + 30 * DAY - timedelta(minutes=1)):
        assert services.forget_files() == 0
        assert file_of(upload).exists()
    with clock.at(TUESDAY + 30 * DAY):
        assert tidy() == 1
    assert not file_of(upload).exists()
    assert not Upload.objects.exists()
    batch.refresh_from_db()
    assert (batch.state, batch.upload, batch.added) == (ImportBatch.State.DONE, None, 1)
    assert Report.objects.count() == ImportFault.objects.count() == 1
    assert "import_file_deleted" in Leaf.objects.latest("seq").body


def test_the_town_sets_the_days(town: SimpleNamespace) -> None:
    version = Version.objects.get()
    documents = version.documents | {
        "parameters": {**version.documents["parameters"], "retention_days": {"import_files": 3}}
    }
    Version.objects.filter(pk=version.pk).update(documents=documents, digest="of another version")
    brought(town)
    with clock.at(TUESDAY + 3 * DAY):
        assert services.forget_files() == 1


def test_a_file_whose_columns_nobody_named_goes_too_and_says_so(town: SimpleNamespace) -> None:
    batch = begun(town)
    with clock.at(TUESDAY + 31 * DAY):
        assert services.forget_files() == 1
    batch.refresh_from_db()
    assert (batch.state, batch.upload) == (ImportBatch.State.FAILED, None)
    assert "重新上传" in batch.words


def test_a_file_that_is_on_its_way_in_stays(town: SimpleNamespace) -> None:
    batch = begun(town)
    services.choose_columns(actor(town.people.desk), batch, batch.seen.headers, batch.seen.guess.columns)  # type: ignore[attr-defined]
    services.let_in(actor(town.people.desk), batch)
    with clock.at(TUESDAY + 31 * DAY):
        assert services.forget_files() == 0
    assert Upload.objects.exists()
