"""The start-up checks say what would lose reports, let strangers in or leave matters without a holder."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.conf import LazySettings
from django.core.checks import CheckMessage
from django.db import DatabaseError, connection

from doudi.engine.messages import msg
from doudi.web import clock
from doudi.web.areas.services import end_area
from doudi.web.duties.models import Backstop
from doudi.web.health import records
from doudi.web.journal.guards import lift_guards
from doudi.web.operations import checks
from doudi.web.operations.backup_keys import BackupKeys
from doudi.web.operations.checks import database, disk, safety, town
from doudi.web.operations.models import TownKey
from doudi.web.operations.services.town_keys import KeyLostError, settle
from doudi.web.people.models import Appointment
from doudi.web.registry.declared import Guard
from doudi.web.registry.gathered import of
from doudi.web.rulebook.models import Version
from doudi.web.triage.services import Incoming, receive
from tests.web.town import EAST_GRID, TUESDAY


def ids(found: list[CheckMessage]) -> list[str]:
    return [str(one.id).removeprefix("doudi.") for one in found]


@pytest.fixture
def keys(settings: LazySettings, tmp_path: Path) -> Path:
    """A data folder of its own, with the keys that a start needs."""
    settings.DATA_DIR = tmp_path
    (tmp_path / "keys").mkdir(mode=0o700)
    for name in ("session", "sealing", "search"):
        (tmp_path / "keys" / name).write_text("k2:secret")
        (tmp_path / "keys" / name).chmod(0o600)
    return tmp_path / "keys"


def test_a_founded_town_may_start(town: SimpleNamespace, keys: Path) -> None:
    TownKey.objects.all().delete()
    settle()
    found = checks.look()
    # The year after is provisional; the tests' PostgreSQL is made to be fast and may lose its data; the disk may be small.
    assert set(ids(found)) <= {"W007", "W008", "W009", "W034", "W042"}
    assert all(one.hint for one in found)


def test_every_id_stands_for_one_thing() -> None:
    import re

    source = "".join(path.read_text() for path in Path(checks.__file__).parent.glob("*.py"))
    named = re.findall(r'id="doudi\.([EW]\d{3})"', source)
    assert len(set(named)) == len(named) > 15


class TestDatabase:
    @pytest.mark.only("sqlite", "its own switches")
    @pytest.mark.parametrize(
        ("pragma", "found"),
        [
            ("journal_mode=DELETE", "E002"),
            ("synchronous=NORMAL", "E003"),
            ("foreign_keys=OFF", "E004"),
            ("busy_timeout=100", "E006"),
        ],
    )
    def test_sqlite_that_could_lose_something_is_refused(
        self, transactional_db: None, settings: LazySettings, pragma: str, found: str
    ) -> None:
        settings.PROFILE = "production"
        assert ids(database.durable()) == []
        with connection.cursor() as cursor:
            cursor.execute(f"PRAGMA {pragma}")
        try:
            assert ids(database.durable()) == [found]
        finally:
            connection.close()

    @pytest.mark.only("sqlite", "its own switches")
    def test_sqlite_whose_transactions_begin_late_is_refused(
        self, db: None, settings: LazySettings, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        settings.PROFILE = "production"
        monkeypatch.setitem(connection.settings_dict["OPTIONS"], "transaction_mode", "DEFERRED")
        assert ids(database.durable()) == ["E005"]

    @pytest.mark.only("postgres", "its own switches")
    def test_postgresql_with_its_safety_switched_off_is_refused(self, db: None, settings: LazySettings) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL synchronous_commit = on")
            assert ids(database.durable()) == ["W007", "W008"]
            settings.PROFILE = "production"
            cursor.execute("SET LOCAL synchronous_commit = off")
            assert ids(database.durable()) == ["E007", "E008", "E009"]

    def test_a_database_that_does_not_answer_is_said_once(self, monkeypatch: pytest.MonkeyPatch) -> None:
        def away(*_: Any, **__: Any) -> None:
            raise DatabaseError("no route to host\nmore")

        monkeypatch.setattr(database.connection, "ensure_connection", away)
        monkeypatch.setattr(database.connection, "cursor", away)
        (one,) = database.reachable()
        assert (one.id, "no route to host" in one.msg) == ("doudi.E001", True)
        assert database.durable() == database.migrated() == []

    def test_tables_of_another_version_are_refused(self, db: None, monkeypatch: pytest.MonkeyPatch) -> None:
        assert database.migrated() == []
        monkeypatch.setattr(database.MigrationExecutor, "migration_plan", lambda *_: ["one to come"])
        assert ids(database.migrated()) == ["E010"]

    def test_missing_guards_are_refused(self, db: None) -> None:
        lift_guards(connection, of(Guard).values())
        assert ids(database.migrated()) == ["E011"]


class TestSafety:
    def test_keys_that_others_can_read_are_refused(self, keys: Path) -> None:
        assert safety.keys() == []
        (keys / "sealing").chmod(0o640)
        assert ids(safety.keys()) == ["E020"]
        (keys / "session").unlink()
        assert ids(safety.keys()) == ["E020", "E020"]

    def test_debugging_is_refused(self, settings: LazySettings) -> None:
        assert safety.debugging() == []
        settings.DEBUG = True
        assert ids(safety.debugging()) == ["E021"]

    @pytest.mark.parametrize(
        ("site", "hosts", "found"),
        [
            ("https://town.example", ["town.example"], []),
            ("https://town.example", ["127.0.0.1"], ["E022"]),
            ("https://town.example", ["town.example", "*"], ["E022"]),
            ("http://town.example", ["town.example"], ["W024"]),
            ("http://127.0.0.1:8000", ["127.0.0.1"], ["W023"]),
            ("http://192.168.3.4", ["192.168.3.4"], ["W023"]),
        ],
    )
    def test_in_production_the_address_is_named_public_and_encrypted(
        self, settings: LazySettings, site: str, hosts: list[str], found: list[str]
    ) -> None:
        settings.PROFILE, settings.SITE_URL, settings.ALLOWED_HOSTS = "production", site, hosts
        settings.HTTPS = site.startswith("https")
        assert ids(safety.hosts()) == found

    @pytest.mark.parametrize(
        ("profile", "site", "proxies", "found"),
        [
            ("production", "https://town.example", 1, []),
            ("production", "https://town.example", 0, ["W027"]),
            ("production", "http://town.example", 0, ["W027"]),
            ("production", "http://192.168.3.4", 0, []),
            ("demo", "https://town.example", 0, []),
        ],
    )
    def test_a_public_site_stands_behind_a_proxy(
        self, settings: LazySettings, profile: str, site: str, proxies: int, found: list[str]
    ) -> None:
        settings.PROFILE, settings.SITE_URL, settings.TRUSTED_PROXIES = profile, site, proxies
        assert ids(safety.proxy()) == found

    @pytest.mark.parametrize(
        ("host", "found"),
        [("127.0.0.1", []), ("192.168.3.4", []), ("8.8.8.8", ["E025"]), ("town.example", ["E025"]), ("*", ["E025"])],
    )
    def test_a_demo_stays_at_home(self, settings: LazySettings, host: str, found: list[str]) -> None:
        settings.PROFILE, settings.SITE_URL, settings.ALLOWED_HOSTS = (
            "demo",
            "http://127.0.0.1:8000",
            ["localhost", host],
        )
        assert ids(safety.demo_at_home()) == found

    def test_an_address_that_listens_everywhere_is_not_private(self) -> None:
        assert [safety.is_private(one) for one in ("0.0.0.0", "::", "[::1]", "10.1.2.3")] == [False, False, True, True]


class TestKeys:
    @pytest.fixture
    def settled(self, keys: Path, db: None) -> Path:
        """A new town with all its keys."""
        TownKey.objects.all().delete()
        for path in keys.iterdir():
            path.unlink()
        settle()
        assert (
            ids(safety.keys_of_this_town())
            == ids(safety.backups_can_be_opened())
            == ids(safety.sealed_to_its_row())
            == []
        )
        return keys

    @pytest.mark.parametrize("name", ["sealing", "marking"])
    @pytest.mark.parametrize("change", [Path.unlink, lambda path: path.write_text("k2:another")])
    def test_a_lost_key_is_missed_and_the_words_say_what_to_do(
        self, settled: Path, name: str, change: Callable[[Path], object]
    ) -> None:
        change(settled / name)
        (one,) = safety.keys_of_this_town()
        assert (one.id, f"keys/{name}" in one.msg, "保险柜" in one.msg) == ("doudi.E050", True, True)

    def test_a_lost_key_of_backups_stops_backups_and_not_the_town(self, settled: Path) -> None:
        line = (settled / "backup").read_text()
        (settled / "backup").unlink()
        assert ids(safety.keys_of_this_town()) == []
        assert ids(safety.backups_can_be_opened()) == ["W051"]
        (settled / "backup").write_text(line.replace("b1.", "b1.A"))
        assert ids(safety.backups_can_be_opened()) == ["W051"]
        (settled / "backup").write_text(line)
        (settled / "signing").write_text(BackupKeys.new().signing_text)
        assert ids(safety.backups_can_be_opened()) == ["W051"]

    def test_a_key_of_before_is_told(self, settled: Path) -> None:
        (settled / "sealing").write_text("a key from before")
        assert ids(safety.sealed_to_its_row()) == ["W052"]

    def test_nothing_is_made_anew_where_something_is_sealed(self, settled: Path, town: SimpleNamespace) -> None:
        """An older town whose database knows no keys yet, and whose key was lost before the upgrade."""
        receive([Incoming("hotline", "路灯不亮", name="李先生", phone="19900000000")])
        TownKey.objects.all().delete()
        ours = (settled / "sealing").read_text()
        for what, change in (("不在", Path.unlink), ("打不开", lambda path: path.write_text("k2:another"))):
            change(settled / "sealing")
            with pytest.raises(KeyLostError, match=what):
                settle()
            assert not TownKey.objects.exists()
        (settled / "sealing").write_text(ours)
        settle()
        assert TownKey.objects.count() == 3


class TestTown:
    def test_a_town_without_rules_is_refused(self, town: SimpleNamespace) -> None:
        Version.objects.update(state="retired")
        assert ids(checks.town.rules_in_force()) == ["E030"]

    def test_a_town_where_nobody_catches_is_refused(self, town: SimpleNamespace) -> None:
        Backstop.objects.update(until=TUESDAY.date())
        assert ids(checks.town.somebody_catches()) == ["E031"]

    def test_rules_that_name_what_is_not_there_are_said_and_stop_nothing(
        self, town: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(checks.town, "book_faults", lambda: (msg("区域 {area} 没有登记", area="3"),))
        (one,) = checks.town.somebody_catches()
        assert (one.id, "区域 3 没有登记" in one.msg) == ("doudi.W032", True)

    @pytest.mark.parametrize(
        ("moment", "found"),
        [
            (datetime(2026, 6, 1, tzinfo=UTC), []),
            (TUESDAY, ["W034"]),
            (datetime(2030, 6, 1, tzinfo=UTC), ["W033"]),
        ],
    )
    def test_the_calendar_reaches_as_far_as_the_terms(
        self, town: SimpleNamespace, moment: datetime, found: list[str]
    ) -> None:
        with clock.at(moment):
            assert ids(checks.town.calendar_reaches()) == found

    def test_a_provisional_year_is_said(self, town: SimpleNamespace) -> None:
        version = Version.objects.get()
        plans = version.documents["calendar"]["years"]
        for plan in plans.values():
            plan["status"] = "provisional"
        Version.objects.update(documents=version.documents, digest="other")
        with clock.at(datetime(2026, 6, 1, tzinfo=UTC)):
            assert ids(checks.town.calendar_reaches()) == ["W034"]

    def test_a_town_that_nobody_administers_is_warned(self, town: SimpleNamespace) -> None:
        assert checks.town.somebody_administers() == []
        Appointment.objects.filter(post__in=["admin", "uoc.shift_leader"]).update(until=TUESDAY.date())
        assert ids(checks.town.somebody_administers()) == ["W035"]

    def test_where_there_are_no_tables_the_town_checks_are_silent(
        self, monkeypatch: pytest.MonkeyPatch, db: None
    ) -> None:
        def no_table() -> None:
            raise DatabaseError("no such table")

        monkeypatch.setattr(checks.town, "rulebook_on", no_table)
        assert checks.town.rules_in_force() == []


def test_a_profile_that_is_misspelt_is_refused(settings: LazySettings) -> None:
    for profile, found in (("production", []), ("demo", []), ("prod", ["E026"]), ("", ["E026"])):
        settings.PROFILE = profile
        assert ids(safety.known_profile()) == found


@pytest.mark.only("postgres", "a server of its own has a clock and roles of its own")
def test_a_server_whose_clock_is_not_ours_or_that_we_rule_is_told(
    db: None, settings: LazySettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert ids(database.served_well()) == []
    settings.PROFILE = "production"
    now = clock.wall()
    monkeypatch.setattr(database.clock, "wall", lambda: now + timedelta(seconds=60))
    assert ids(database.served_well()) == ["W012", "W013"]


class TestDisk:
    def test_a_folder_that_is_not_there_is_refused(self, settings: LazySettings, tmp_path: Path) -> None:
        settings.DATA_DIR = tmp_path
        assert disk.writable() == []
        settings.DATA_DIR = tmp_path / "gone"
        assert ids(disk.writable()) == ["E040"]

    @pytest.mark.only("sqlite", "it cannot live on a network drive")
    def test_sqlite_on_a_network_drive_is_refused(
        self, settings: LazySettings, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        settings.DATA_DIR = Path("/srv/town")
        for mounts, found in (("/dev/sda1 / ext4 rw", []), ("/dev/sda1 / ext4 rw\nbox:/x /srv nfs4 rw", ["E041"])):
            monkeypatch.setattr(disk, "_mounts", lambda mounts=mounts: mounts)
            assert ids(disk.local()) == found

    def test_the_nearest_mount_holds_the_folder(self) -> None:
        mounts = "/dev/a / ext4 rw\nbox:/x /srv nfs4 rw\n/dev/b /srv/my\\040town xfs rw"
        where = {path: disk.file_system_of(Path(path), mounts) for path in ("/srv/my town/a", "/srv/other", "/srvx")}
        assert where == {"/srv/my town/a": "xfs", "/srv/other": "nfs4", "/srvx": "ext4"}

    @pytest.mark.parametrize(("free", "found"), [(2 << 30, []), (500 << 20, ["W042"]), (1 << 20, ["E042"])])
    def test_a_full_disk_is_said_in_time(self, monkeypatch: pytest.MonkeyPatch, free: int, found: list[str]) -> None:
        monkeypatch.setattr(disk.shutil, "disk_usage", lambda _: SimpleNamespace(free=free))
        assert ids(disk.room()) == found

    def test_in_production_a_backup_is_asked_for_every_day(
        self, settings: LazySettings, keys: Path, note: Callable[[str], None]
    ) -> None:
        assert disk.copied() == []
        settings.PROFILE = "production"
        with clock.at(TUESDAY):
            assert ids(disk.copied()) == ["W043"]
            note((TUESDAY - timedelta(hours=24)).isoformat())
            assert disk.copied() == []
            note((TUESDAY - timedelta(hours=26)).isoformat())
            assert ids(disk.copied()) == ["W043"]
            note("nonsense")
            assert ids(disk.copied()) == ["W043"]

    @pytest.fixture
    def note(self, keys: Path) -> Callable[[str], None]:
        return lambda moment: (keys.parent / "last_backup.json").write_text(f'{{"made_at": "{moment}"}}') and None

    def test_in_production_a_drill_is_asked_for_every_quarter(self, settings: LazySettings, keys: Path) -> None:
        assert disk.brought_back() == []
        settings.PROFILE = "production"
        with clock.at(TUESDAY):
            assert ids(disk.brought_back()) == ["W044"]
            records.note(records.DRILL, {})
        with clock.at(TUESDAY + timedelta(days=90)):
            assert disk.brought_back() == []
        with clock.at(TUESDAY + timedelta(days=91)):
            assert ids(disk.brought_back()) == ["W044"]


def test_an_area_that_ended_does_not_stop_the_town(town: SimpleNamespace) -> None:
    end_area(EAST_GRID)
    assert ids(checks.town.somebody_catches()) == []


def test_the_checks_do_not_run_at_every_command(settings: LazySettings) -> None:
    from django.core.checks import run_checks

    settings.DEBUG = True
    assert not [one for one in run_checks() if str(one.id).startswith("doudi.")]
    assert os.environ["DOUDI_PROFILE"] == "test"
    assert town.DAYS_AHEAD == 60
