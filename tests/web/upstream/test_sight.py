"""A row of an import names who reported: it is there for those who import where it lies, and are of its circle."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from doudi.web.people.errors import NotAllowedError
from doudi.web.people.models import Appointment, Person, Post
from doudi.web.people.services import NewPost, add_person, appoint, save_posts
from doudi.web.upstream import services
from doudi.web.upstream.models import ImportBatch, ImportFault
from tests.web.tables.files import HOTLINE, csv_text, order
from tests.web.town import EAST, FOUNDED, PASSWORD, WEST, actor

HEADERS = (*HOTLINE, "网格")
BAD = "前天"
SECRET = "实名举报有人吃拿卡要，赵某住在路口"


def seat(person: Person, access: str, area: str) -> None:
    code = f"own.{access}.{area}"
    save_posts([NewPost(code, "uoc", access, code, FOUNDED, access, (area,))])
    appoint(
        [Appointment(person=person, post=Post.objects.get(code=code), since=FOUNDED, acting=access != "dispatcher")]
    )


@pytest.fixture
def batch(town: SimpleNamespace, tmp_path: Path) -> ImportBatch:
    """Rows that cannot be read: in the east, in the west, in the west by its address, nowhere, and restricted in the east."""
    rows = [
        (*order(1, 受理时间=BAD, 诉求内容="甲处积水"), "东苑第一网格"),
        (*order(2, 受理时间=BAD, 诉求内容="乙处积水", 事发地址=""), "西浜第一网格"),
        (*order(3, 受理时间=BAD, 诉求内容="丙处积水", 事发地址="西浜村口空地"), ""),
        (*order(4, 受理时间=BAD, 诉求内容="丁处积水", 事发地址=""), ""),
        (*order(5, 受理时间=BAD, 诉求内容=SECRET), "东苑第一网格"),
    ]
    path = tmp_path / "工单.csv"
    path.write_bytes(csv_text([HEADERS, *rows]).encode())
    named = {
        "external_id": "工单编号",
        "received_at": "受理时间",
        "words": "诉求内容",
        "address": "事发地址",
        "area": "网格",
    }
    batch = services.import_file(path, system="区12345", columns=named | {"name": "联系人", "phone": "联系电话"})
    assert batch.faulty == 5
    return batch


@pytest.fixture
def double(town: SimpleNamespace) -> Person:
    """A dispatcher in the east who is a grid worker in the west."""
    person = add_person("double", "双岗先生", password=PASSWORD, check_password=False)
    seat(person, "dispatcher", EAST)
    seat(person, "grid_worker", WEST)
    return person


def seen(person: Person, batch: ImportBatch) -> str:
    client = Client()
    client.force_login(person)
    page = client.get(batch.get_absolute_url())
    assert page.status_code == 200
    file = b"".join(client.get(f"{batch.get_absolute_url()}/faults.csv")).decode()  # type: ignore[arg-type]
    shown = ""
    for fault in ImportFault.objects.filter(batch=batch):
        row = f"{batch.get_absolute_url()}/rows/{fault.pk}"
        answer = client.get(row)
        word = fault.cells["诉求内容"]
        listed = row in page.content.decode()
        assert listed == (word in file) == (answer.status_code == 200), word
        if answer.status_code == 200:
            shown += word
        else:
            assert answer.status_code == 404
            for step in ("", "/drop", "/add"):
                assert client.post(row + step, {"cell-0": "x"}).status_code == 404
            with pytest.raises(NotAllowedError):
                services.drop_fault(actor(person), fault)
            with pytest.raises(NotAllowedError):
                services.mend_fault(actor(person), fault, {"受理时间": "2026-11-22"})
            with pytest.raises(NotAllowedError):
                services.add_change(actor(person), fault)
    return shown


def test_rows_are_there_in_the_areas_of_the_seat_that_imports(
    town: SimpleNamespace, batch: ImportBatch, double: Person
) -> None:
    assert seen(double, batch) == "甲处积水丁处积水"


def test_what_is_restricted_is_there_for_the_circle_alone(town: SimpleNamespace, batch: ImportBatch) -> None:
    assert seen(town.people.desk, batch) == "甲处积水乙处积水丙处积水丁处积水"
    assert seen(town.people.shift, batch).endswith(SECRET)


def test_a_changed_row_is_there_for_whoever_sees_its_report(
    town: SimpleNamespace, double: Person, tmp_path: Path
) -> None:
    rows = [(*order(1), "东苑第一网格"), (*order(2), "西浜第一网格"), (*order(3, 诉求内容=SECRET), "东苑第一网格")]
    path = tmp_path / "工单.csv"
    for again in ("", "又来电"):
        told = [(*row[:3], row[3] + again, *row[4:]) for row in rows]
        path.write_bytes(csv_text([HEADERS, *told]).encode())
        batch = services.import_file(path, system="区12345")
    assert ImportFault.objects.filter(batch=batch, kind="changed").count() == 3
    client = Client()
    for who, lines in ((double, {2}), (town.people.desk, {2, 3}), (town.people.shift, {2, 3, 4})):
        client.force_login(who)
        found = {
            fault.line
            for fault in ImportFault.objects.filter(batch=batch)
            if client.get(f"{batch.get_absolute_url()}/rows/{fault.pk}").status_code == 200
        }
        assert found == lines


def test_a_colleague_who_names_the_columns_reads_what_the_rows_allow(
    town: SimpleNamespace, double: Person, settings: object, tmp_path: Path
) -> None:
    settings.MEDIA_ROOT = tmp_path  # type: ignore[attr-defined]
    headers = ("甲", *HEADERS[1:])
    rows = [(*order(2, 诉求内容="乙处积水"), "西浜第一网格"), (*order(1, 诉求内容="甲处积水"), "东苑第一网格")]
    client = Client()
    client.force_login(town.people.shift)
    client.post(
        "/import", {"system": "区", "file": SimpleUploadedFile("工单.csv", csv_text([headers, *rows]).encode())}
    )
    batch = ImportBatch.objects.get()
    assert batch.state == ImportBatch.State.MAPPING
    address = f"{batch.get_absolute_url()}/columns"
    assert "乙处积水" in client.get(address).content.decode()
    client.force_login(double)
    page = client.get(address).content.decode()
    assert "甲处积水" in page
    assert "乙处积水" not in page
