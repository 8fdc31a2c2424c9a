"""What a secret reporter told of themselves lies nowhere in the clear: not in the database and its freed pages, not in
a file, a log, a notice, an export or a backup."""

from __future__ import annotations

import json
import logging
import zlib
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.conf import LazySettings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client

from doudi.web.health.logs import SafeLine
from doudi.web.operations.archive import unpack
from doudi.web.operations.backup import backup
from doudi.web.operations.backup_keys import BackupKeys
from doudi.web.reports.models import Contact, Report
from doudi.web.sealing.keyring import folder
from doudi.web.timers.running import run_due
from doudi.web.upstream.models import ImportBatch, ImportFault
from tests.web import town as small_town
from tests.web.scan.steps import send
from tests.web.tables.files import HOTLINE, csv_text, order

#: in an imported row, in a row that stays behind, and in a report from the street
NAMES = ("金雀阿一", "金雀阿二", "金雀阿三")
PHONES = ("13900771101", "13900771102", "13900771103")
SECOND_PHONES = ("13900771104", "13900771105")
ID_NUMBERS = ("310199195511011116", "310199195511021112")
CANARIES = (*NAMES, *PHONES, *SECOND_PHONES, *ID_NUMBERS)


def forms_of(canary: str) -> Iterator[bytes]:
    """The canary as it may lie on a disk: plain, in the file's own encoding, as a workbook has it, and inside JSON."""
    for encoding in ("utf-8", "gb18030", "utf-16-le"):
        yield canary.encode(encoding)
    yield json.dumps(canary).strip('"').encode()


def found_in(where: str, raw: bytes) -> list[str]:
    return [f"{where}: {canary}" for canary in CANARIES if any(form in raw for form in forms_of(canary))]


def rows_of_every_table() -> Iterator[tuple[str, bytes]]:
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')
            for row in cursor.fetchall():
                yield table, "\x1f".join(map(str, row)).encode()


def files_below(folder: Path) -> Iterator[tuple[str, bytes]]:
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            yield str(path.relative_to(folder)), path.read_bytes()


@pytest.fixture
def told(
    transactional_db: None, tuesday: None, settings: LazySettings, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> SimpleNamespace:
    """A town to which the canaries were told, by file and from the street, and whose timers have run since."""
    settings.MEDIA_ROOT = tmp_path / "files"
    settings.MEDIA_ROOT.mkdir()
    town = small_town.build()
    caplog.set_level(logging.DEBUG)
    desk = Client()
    desk.force_login(town.people.desk, backend="django.contrib.auth.backends.ModelBackend")
    headers = (*HOTLINE, "身份证号", "备用电话")
    rows = [
        (
            *order(at + 1, 联系人=NAMES[at], 联系电话=PHONES[at], 是否保密="是", **more),
            ID_NUMBERS[at],
            SECOND_PHONES[at],
        )
        for at, more in enumerate(({}, {"受理时间": "前天"}))
    ]
    sheet = SimpleUploadedFile("工单.csv", csv_text([headers, *rows]).encode("gb18030"))
    desk.post(f"{desk.post('/import', {'system': '区12345', 'file': sheet})['Location']}/confirm")
    send(Client(), f"/Q/{town.manhole.code}", words="井盖响了一夜", name=NAMES[2], phone=PHONES[2], secret="on")
    for _ in range(3):
        run_due()
    assert Contact.objects.count() == Report.objects.count() == 2, "both were received"
    assert ImportFault.objects.count() == 1, "one row stayed behind"
    # The timers put away sessions that ran out, and by the town's clock this is one of them.
    desk.force_login(town.people.desk, backend="django.contrib.auth.backends.ModelBackend")
    return SimpleNamespace(town=town, desk=desk, logs=caplog)


def test_no_canary_in_any_table_or_in_the_bytes_of_the_database(told: SimpleNamespace) -> None:
    assert [one for table, row in rows_of_every_table() for one in found_in(table, row)] == []
    if connection.vendor == "sqlite":
        path = Path(str(connection.settings_dict["NAME"]))
        parts = [Path(f"{path}{end}") for end in ("", "-wal") if Path(f"{path}{end}").exists()]
        assert [one for part in parts for one in found_in(part.name, part.read_bytes())] == []


def test_no_canary_in_a_file_that_is_kept(told: SimpleNamespace, settings: LazySettings) -> None:
    kept = list(files_below(Path(settings.MEDIA_ROOT)))
    assert kept, "the file is kept until its day"
    assert [one for name, raw in kept for one in found_in(name, raw)] == []


def test_no_canary_in_a_log(told: SimpleNamespace) -> None:
    lines = "\n".join(
        SafeLine(form).format(record) for form in ("json", "line") for record in told.logs.get_records("setup")
    )
    assert lines
    assert found_in("log", lines.encode()) == []


def test_no_canary_in_what_colleagues_may_open_and_take_along(told: SimpleNamespace) -> None:
    """The desk sees neither who reported in secret nor the columns that nobody named, on no page and in no file."""
    batch, fault = ImportBatch.objects.get(), ImportFault.objects.get()
    pages = [
        "/desk",
        "/desk/matters.csv",
        "/desk/matters.xlsx",
        "/reports",
        "/reports.csv",
        "/notices",
        "/search?q=路灯",
        "/import",
        f"/import/{batch.pk}",
        f"/import/{batch.pk}/rows/{fault.pk}",
        f"/import/{batch.pk}/faults.csv",
        *(one.get_absolute_url() for one in Report.objects.all()),
    ]
    found, opened = [], 0
    for page in pages:
        answer = told.desk.get(page)
        opened += answer.status_code == 200
        found += found_in(page, b"".join(answer) if answer.streaming else answer.content)
    assert found == []
    assert opened == len(pages)


def test_no_canary_in_a_backup_even_for_whoever_has_its_key(told: SimpleNamespace, tmp_path: Path) -> None:
    path, manifest = backup(tmp_path / "backups")
    opening = BackupKeys.read(folder()).opening
    unpack(path, manifest, opening, tmp_path / "opened")
    parts = dict(files_below(tmp_path / "opened"))
    assert len(parts) > 2
    assert [one for name, raw in parts.items() for one in found_in(name, raw)] == []


def test_a_backup_without_its_key_is_noise(told: SimpleNamespace, tmp_path: Path) -> None:
    """Not even what lies in clear in the database: the words of a report, the name of the town, that it is SQLite."""
    path, _manifest = backup(tmp_path / "backups")
    raw = path.read_bytes()
    clear = ["井盖响了一夜", "示范镇", "SQLite format 3", "PGDMP", "manifest", "database", "ustar"]
    assert [one for one in clear if one.encode() in raw] == []
    assert found_in("backup", raw) == []
    assert len(zlib.compress(raw, 9)) > 0.99 * len(raw), "nothing in it repeats itself"


def test_the_search_would_find_a_canary() -> None:
    """The proof of the proof: each form in which a canary may lie is found."""
    for canary in CANARIES:
        for form in forms_of(canary):
            assert found_in("here", b"\x00" + form + b"\xff") == [f"here: {canary}"]
