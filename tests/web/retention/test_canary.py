"""Words that stand nowhere else are filed, erased, and then sought wherever a town's words can lie."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.conf import LazySettings
from django.db import connection
from django.test import Client

from doudi.web.health.logs import SafeLine
from doudi.web.operations.archive import unpack
from doudi.web.operations.backup import backup
from doudi.web.operations.backup_keys import BackupKeys
from doudi.web.people.actor import SYSTEM
from doudi.web.retention import services as retention
from doudi.web.sealing.keyring import folder
from doudi.web.search.services import follow, make_anew, make_on
from doudi.web.timers.running import run_due
from tests.web import town as small_town
from tests.web.retention.laying import CANARIES, end, lay, where

pytestmark = pytest.mark.slow


def forms_of(canary: str) -> Iterator[bytes]:
    for encoding in ("utf-8", "gb18030", "utf-16-le"):
        yield canary.encode(encoding)
    yield json.dumps(canary).strip('"').encode()


def found_in(raw: bytes) -> set[str]:
    return {canary for canary in CANARIES if any(form in raw for form in forms_of(canary))}


def bytes_of_the_database() -> set[str]:
    """What of it stands in the file and its log, freed pages and all. Sealed texts stand there in no case."""
    if connection.vendor != "sqlite":
        return set()
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    path = Path(str(connection.settings_dict["NAME"]))
    parts = [Path(f"{path}{end}") for end in ("", "-wal") if Path(f"{path}{end}").exists()]
    return set().union(*(found_in(part.read_bytes()) for part in parts))


@pytest.fixture
def laid(
    transactional_db: None, tuesday: None, settings: LazySettings, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> SimpleNamespace:
    settings.MEDIA_ROOT, settings.REGISTER_DIR = tmp_path / "files", tmp_path / "register"
    caplog.set_level(logging.DEBUG)
    made = lay(small_town.build())
    end(made)
    make_anew()
    while make_on():
        pass
    made.report.refresh_from_db()
    return made


def pages_of(laid: SimpleNamespace) -> dict[str, bytes]:
    """What the shift leader, the desk and the reporter open and take along."""
    number, report = laid.matter.number, laid.report.number
    paths = ["/desk?tab=all", "/desk/matters.csv?tab=all", "/desk/matters.xlsx?tab=all", "/reports?tab=all"]
    paths += ["/reports.csv?tab=all", "/notices", "/search?q=风铃草", "/search?q=巴顿", f"/matters/{number}", "/work"]
    paths += [f"/matters/{number}/receipt", f"/reports/{report}", f"/disputes/{number}/1", "/disputes", "/import"]
    found = {f"/r/{laid.token}": Client().get(f"/r/{laid.token}").content}
    for person in (laid.town.people.shift, laid.town.people.desk, laid.town.people.east_officer):
        client = Client()
        client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
        for path in paths:
            answer = client.get(path)
            content = b"".join(answer) if answer.streaming else answer.content
            if answer.status_code == 200:
                found[f"{person.username} {path}"] = content.replace(
                    b'value="\xe9\xa3\x8e\xe9\x93\x83\xe8\x8d\x89', b""
                )
    return found


def test_nothing_of_it_is_found_anywhere(
    laid: SimpleNamespace, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    before = {path for path, raw in pages_of(laid).items() if found_in(raw)}
    assert len(before) > 8, "pages and files told it, or their silence proves nothing"
    if connection.vendor == "sqlite":
        assert bytes_of_the_database(), "what is not secret lies open in the file"
    retention.erase_report(SYSTEM, laid.report)
    run_due()
    while follow():
        pass
    assert {word: places for word, places in where(CANARIES).items() if places} == {}
    assert bytes_of_the_database() == set()
    after = pages_of(laid)
    assert {path: found_in(raw) for path, raw in after.items() if found_in(raw)} == {}
    assert len(after) > 25
    files = [path for path in (tmp_path / "files").rglob("*") if path.is_file()]
    assert files == []
    assert found_in((tmp_path / "register" / "erased.jsonl").read_bytes()) == set()
    lines = "\n".join(
        SafeLine(form).format(record)
        for form in ("json", "line")
        for phase in ("setup", "call")
        for record in caplog.get_records(phase)
    )
    assert lines and found_in(lines.encode()) == set()
    path, manifest = backup(tmp_path / "backups")
    unpack(path, manifest, BackupKeys.read(folder()).opening, tmp_path / "opened")
    parts = [one for one in (tmp_path / "opened").rglob("*") if one.is_file()]
    assert parts and {one.name: found_in(one.read_bytes()) for one in parts if found_in(one.read_bytes())} == {}
    assert (tmp_path / "backups" / "erased.jsonl").is_file()
