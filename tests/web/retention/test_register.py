"""What was erased stays erased: the register names it outside the backups, and an older database loses it once more."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.conf import LazySettings
from django.db import connection, transaction

from doudi.web import clock
from doudi.web.operations.checks.town import erased_stays_erased
from doudi.web.people.actor import SYSTEM
from doudi.web.reports.models import Report
from doudi.web.retention import services as retention
from doudi.web.retention.services import register
from tests.web.retention.laying import CANARIES, SAID, WHO, end, lay, where


@pytest.fixture(autouse=True)
def _folders_of_this_test(settings: LazySettings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT, settings.REGISTER_DIR = tmp_path / "files", tmp_path / "register"


@pytest.fixture
def closed(town: SimpleNamespace) -> SimpleNamespace:
    laid = lay(town)
    end(laid)
    laid.report.refresh_from_db()
    return laid


class UndoneError(Exception):
    """The database goes back to where it was."""


def erased_and_brought_back(do: object, report: Report) -> None:
    """``do`` is done, and then the database is the one of before, as after a restore; the register stays."""

    def done_and_undone() -> None:
        with transaction.atomic():
            do(SYSTEM, report)  # type: ignore[operator]
            raise UndoneError

    with pytest.raises(UndoneError):
        done_and_undone()
    report.refresh_from_db()


def test_a_line_says_what_went_and_nothing_of_what_it_said(closed: SimpleNamespace) -> None:
    retention.erase_contact(SYSTEM, closed.report)
    [line] = register.lines()
    assert (line.report, line.kind, line.fields) == (closed.report.number, "erased", ("name", "phone", "row"))
    text = register.path().read_text()
    assert not any(word in text for word in CANARIES)
    assert register.path().stat().st_mode & 0o777 == 0o600
    assert register.path().parent.stat().st_mode & 0o777 == 0o700
    assert register.follow() == 0, "each leaf once"


def test_it_is_erased_again_in_an_older_database(closed: SimpleNamespace) -> None:
    erased_and_brought_back(retention.erase_report, closed.report)
    assert all(where(CANARIES[:6]).values()), "it came back"
    assert [one.id for one in erased_stays_erased()] == ["doudi.E036"]
    assert retention.erase_again(register.lines()) == 1
    assert not any(where(CANARIES).values())
    assert erased_stays_erased() == []
    assert retention.erase_again(register.lines()) == 0, "once is enough"


def test_only_who_reported_is_erased_again(closed: SimpleNamespace) -> None:
    erased_and_brought_back(retention.erase_contact, closed.report)
    assert retention.erase_again(register.lines()) == 1
    assert not any(where(WHO).values()) and all(where(SAID).values())


def test_what_was_blocked_is_blocked_again(closed: SimpleNamespace) -> None:
    erased_and_brought_back(retention.block_report, closed.report)
    assert retention.erase_again(register.lines()) == 1
    assert Report.objects.get().blocked_at is not None
    assert erased_stays_erased() == []


def test_a_torn_line_costs_nothing(closed: SimpleNamespace) -> None:
    retention.erase_contact(SYSTEM, closed.report)
    whole = register.path().read_text()
    register.path().write_text(whole[:-20])
    (register.path().parent / "seen").unlink()
    assert register.follow() == 1
    assert [line.fields for line in register.lines()] == [("name", "phone", "row")]


def test_a_line_that_was_not_written_comes_later(closed: SimpleNamespace, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as ended:
        ended.setattr(register, "_append", _ended)
        with pytest.raises(UndoneError):
            retention.erase_contact(SYSTEM, closed.report)
    assert register.lines() == []
    with clock.at(clock.now() + timedelta(days=1)):
        retention.plan_night()
    assert len(register.lines()) == 1


def _ended(_new: object) -> None:
    raise UndoneError


def test_a_copy_lies_beside_a_backup_and_counts_once(closed: SimpleNamespace, tmp_path: Path) -> None:
    retention.erase_contact(SYSTEM, closed.report)
    (tmp_path / "backups").mkdir()
    register.copy_beside(tmp_path / "backups")
    copy = tmp_path / "backups" / register.NAME
    assert json.loads(copy.read_text())["report"] == closed.report.number
    assert len(register.lines(register.path(), copy)) == 1
    register.path().unlink()
    assert register.adopt(register.lines(copy)) == 1
    assert len(register.lines()) == 1
    assert connection.vendor
