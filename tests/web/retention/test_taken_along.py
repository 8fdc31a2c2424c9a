"""What people took along: a copy of one's own data, and those who hold a table told of what was erased since."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.conf import LazySettings
from django.http import QueryDict
from django.test import Client
from django.urls import reverse

from doudi.web import clock
from doudi.web.exports import pieces
from doudi.web.exports import services as exports
from doudi.web.exports.models import Export
from doudi.web.looks.models import Look
from doudi.web.notices.models import Notice
from doudi.web.people.actor import PARTY, SYSTEM
from doudi.web.reports.models import Report
from doudi.web.retention import services as retention
from doudi.web.retention.services.telling import tell
from doudi.web.timers.running import run_due
from tests.web.retention.laying import WHO, end, lay
from tests.web.town import actor


@pytest.fixture(autouse=True)
def _folders_of_this_test(settings: LazySettings, tmp_path: object) -> Iterator[None]:
    settings.MEDIA_ROOT, settings.REGISTER_DIR = f"{tmp_path}/files", f"{tmp_path}/register"
    yield
    pieces.clear(pieces.lying())


def client_of(person: Any) -> Client:
    client = Client()
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    return client


def opened(raw: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(raw)) as package:
        assert package.testzip() is None
        return {one: package.read(one) for one in package.namelist()}


def test_whoever_has_the_link_takes_a_copy_with_what_it_shows(town: SimpleNamespace) -> None:
    laid = lay(town)
    page = Client().get(reverse("own_data", args=[laid.token])).content.decode()
    assert reverse("own_copy", args=[laid.token]) in page
    answer = Client().get(reverse("own_copy", args=[laid.token]))
    assert "no-store" in answer["Cache-Control"]
    files = opened(answer.content)
    table = files["我的信息.csv"].decode("utf-8-sig")
    assert "金毛犬巴顿" in table and "后来补的紫藤萝" in table and laid.report.number in table
    assert not any(word in table for word in WHO)
    assert files["照片/1.jpg"][:3] == b"\xff\xd8\xff"
    assert Client().get(reverse("own_copy", args=["nothing"])).status_code == 404


def test_who_answers_the_request_hands_the_whole_copy_and_it_is_kept(town: SimpleNamespace) -> None:
    laid = lay(town)
    asked = retention.ask(PARTY, laid.report, "see", "给我一份")
    shift = client_of(town.people.shift)
    address = reverse("personal_request_copy", args=[asked.pk])
    assert address in shift.get(asked.get_absolute_url()).content.decode()
    table = opened(shift.post(address).content)["我的信息.csv"].decode("utf-8-sig")
    assert all(word in table for word in WHO) and "给我一份" in table
    look = Look.objects.get(page="personal_request_copy")
    assert (look.person, look.what, look.about) == (town.people.shift, "reporter", laid.report.journal_name)
    assert client_of(town.people.desk).post(address).status_code == 404
    erasing = retention.ask(PARTY, laid.report, "erase", "")
    assert shift.post(reverse("personal_request_copy", args=[erasing.pk])).status_code == 404


def export(town: SimpleNamespace, kind: str) -> Export:
    desk = actor(town.people.desk)
    declared = exports.kind_of(desk, kind, "csv")
    made = exports.begin(desk, declared, "csv", QueryDict("tab=all"))
    while run_due(sweep=False):
        pass
    made.refresh_from_db()
    return made


@pytest.mark.parametrize("kind", ["matters", "reports"])
def test_a_table_that_lies_ready_goes_with_an_erasure(town: SimpleNamespace, kind: str) -> None:
    laid = lay(town)
    end(laid)
    made = export(town, kind)
    assert made.state == "ready"
    retention.erase_report(SYSTEM, Report.objects.get())
    made.refresh_from_db()
    assert made.state == "withdrawn" and "删除或封存" in made.words
    assert not pieces.lying(), "its pieces are gone"


@pytest.mark.parametrize("kind", ["matters", "reports"])
def test_who_took_a_table_along_is_told_what_was_erased_since(town: SimpleNamespace, kind: str) -> None:
    laid = lay(town)
    end(laid)
    made = export(town, kind)
    b"".join(pieces.read(exports.take(actor(town.people.desk), made)))
    assert tell() == 0
    with clock.at(clock.now() + timedelta(days=1)):
        retention.block_report(SYSTEM, Report.objects.get())
        assert tell() == 1
    with clock.at(clock.now() + timedelta(days=2)):
        assert tell() == 0, "they know"
    notice = Notice.objects.get(kind="erased_taken")
    assert notice.post_id == "uoc.duty"
    assert notice.facts["numbers"] == (laid.matter.number if kind == "matters" else laid.report.number)


def test_who_did_not_take_it_and_what_was_erased_before_is_not_told(town: SimpleNamespace) -> None:
    laid = lay(town)
    end(laid)
    made = export(town, "reports")
    with clock.at(clock.now() + timedelta(minutes=1)):
        retention.erase_contact(SYSTEM, Report.objects.get())
        assert tell() == 0, "nobody took it"
    made = export(town, "reports")
    exports.take(actor(town.people.desk), made)
    with clock.at(clock.now() + timedelta(days=1)):
        assert tell() == 0, "it was erased before"
