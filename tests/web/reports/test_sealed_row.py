"""Rows of the system above that a town kept in the clear are sealed when it migrates."""

from __future__ import annotations

import json
from collections.abc import Iterator
from types import SimpleNamespace
from unittest import mock

import pytest
from django.core.management import call_command
from django.db import connection

from doudi.web.reports.models import Report
from doudi.web.triage.services import Incoming, receive
from tests.web import town as small_town

ROW = {"身份证号": "310199195511011116", "备用电话": "13900771104"}


@pytest.fixture
def older(transactional_db: None, tuesday: None) -> Iterator[SimpleNamespace]:
    """A town whose reports still have the clear column."""
    town = small_town.build()
    receive([Incoming(channel="hotline", words="路灯不亮", system="区12345", external_id="A1", upstream_row=ROW)])
    # The guards of today know columns that the older tables lack; they are set again at the end.
    with mock.patch("doudi.web.journal.guards.set_guards"):
        call_command("migrate", "doudi_reports", "0002", verbosity=0)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE doudi_reports_report SET upstream_row = %s", [json.dumps(ROW)])
    yield town
    call_command("migrate", verbosity=0)


def test_what_lay_in_the_clear_lies_sealed_and_is_read_as_before(older: SimpleNamespace) -> None:
    with mock.patch("doudi.web.journal.guards.set_guards"):
        call_command("migrate", "doudi_reports", verbosity=0)
    with connection.cursor() as cursor:
        cursor.execute("SELECT upstream_row, sealed_row FROM doudi_reports_report")
        ((clear, sealed),) = cursor.fetchall()
    assert clear is None
    assert sealed and not any(text in sealed for text in ROW.values())
    assert Report.objects.get().upstream_row == ROW
