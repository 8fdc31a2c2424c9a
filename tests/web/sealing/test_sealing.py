"""What is sealed opens in its own row, with its own key, and nowhere else."""

from __future__ import annotations

import base64
import hashlib
import os
from pathlib import Path
from types import SimpleNamespace

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import LazySettings
from django.db import connection, transaction

from doudi.web.journal.models import FreeText
from doudi.web.reports.models import Contact
from doudi.web.sealing.errors import KeyAwayError, SealingError
from doudi.web.sealing.keyring import ring
from doudi.web.sealing.values import seal, seal_bytes, unseal, unseal_bytes
from doudi.web.triage.services import Incoming, receive

OLD = "a key of the first kind"


@pytest.fixture
def keys(settings: LazySettings, tmp_path: Path) -> Path:
    settings.DATA_DIR = tmp_path
    (tmp_path / "keys").mkdir()
    (tmp_path / "keys" / "sealing").write_text("k2:first")
    return tmp_path / "keys"


def sealed_before(text: str, key: str = OLD) -> str:
    """As the first version sealed it."""
    nonce = os.urandom(12)
    sealed = AESGCM(hashlib.sha256(key.encode()).digest()).encrypt(nonce, text.encode(), None)
    return "s1:" + base64.b64encode(nonce + sealed).decode()


def test_a_text_comes_back_at_its_place_and_at_no_other(keys: Path) -> None:
    sealed = seal("13800000000", "contact:1")
    assert unseal(sealed, "contact:1") == "13800000000" and "138" not in sealed
    assert seal("一样的话", "a") != seal("一样的话", "a")
    assert seal("", "a") == unseal("", "a") == ""
    with pytest.raises(SealingError, match="别的记录"):
        unseal(sealed, "contact:2")


@pytest.mark.parametrize("change", [lambda text: text[:-6] + "AAAAA=", lambda text: "s2:x", lambda text: text + "!"])
def test_an_altered_text_is_refused_and_says_where_to_look(keys: Path, change: object) -> None:
    with pytest.raises(SealingError, match="doudi fsck"):
        unseal(change(seal("电话", "a")), "a")  # type: ignore[operator]


def test_a_value_names_its_key_and_older_keys_open(keys: Path) -> None:
    sealed, file = seal("电话", "a"), seal_bytes(b"rows", "a")
    old = ring().current
    (keys / "sealing").rename(keys / f"sealing-{old.id}")
    (keys / "sealing").write_text("k2:second")
    assert sealed.startswith(f"s2:{old.id}:")
    assert (unseal(sealed, "a"), unseal_bytes(file, "a")) == ("电话", b"rows")
    assert seal("电话", "a").startswith(f"s2:{ring().current.id}:") and ring().current.id != old.id
    (keys / f"sealing-{old.id}").unlink()
    ring(anew=True)
    with pytest.raises(KeyAwayError, match=old.id):
        unseal(sealed, "a")


def test_without_a_key_nothing_is_sealed_and_none_is_made(keys: Path) -> None:
    (keys / "sealing").unlink()
    with pytest.raises(KeyAwayError, match="不要新建"):
        seal("电话", "a")
    assert list(keys.iterdir()) == []


def test_what_was_sealed_before_opens_with_the_keys_of_its_time_alone(keys: Path) -> None:
    old = sealed_before("电话")
    with pytest.raises(SealingError):
        unseal(old, "a")
    (keys / "sealing").write_text(OLD)
    assert unseal(old, "a") == "电话"
    # A new key opens no value that is bound to nothing, not even one made with it.
    (keys / "sealing").write_text("k2:first")
    with pytest.raises(SealingError):
        unseal(sealed_before("电话", "k2:first"), "a")


def test_a_file_belongs_to_its_upload(keys: Path) -> None:
    sealed = seal_bytes(b"rows", "file/1")
    assert (unseal_bytes(sealed, "file/1"), unseal_bytes(b"name,phone", "file/1")) == (b"rows", b"name,phone")
    for altered in (sealed[:-1], sealed + b"x"):
        with pytest.raises(SealingError):
            unseal_bytes(altered, "file/1")
    with pytest.raises(SealingError):
        unseal_bytes(sealed, "file/2")


@pytest.fixture
def contacts(town: SimpleNamespace) -> list[Contact]:
    receive(
        [
            Incoming("hotline", f"路灯不亮 {phone}", name="李先生", phone=phone)
            for phone in ("19900000001", "19900000002")
        ]
    )
    return list(Contact.objects.order_by("pk"))


def test_contacts_cannot_be_swapped(contacts: list[Contact]) -> None:
    first, second = contacts
    phones = [one.phone for one in contacts]
    table = Contact._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT phone FROM {table} ORDER BY report_id")
        (one,), (other,) = cursor.fetchall()
        for sealed, row in ((other, first), (one, second)):
            pk = Contact._meta.pk.get_db_prep_value(row.pk, connection)  # type: ignore[union-attr]
            cursor.execute(f"UPDATE {table} SET phone = %s WHERE report_id = %s", [sealed, pk])
    for row, phone in zip(Contact.objects.order_by("pk"), phones, strict=True):
        assert row.name == "李先生", "the other column opens"
        with pytest.raises(SealingError, match="别的记录"):
            assert row.phone != phone


def test_a_name_is_no_phone(contacts: list[Contact]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE {Contact._meta.db_table} SET name = phone")
    with pytest.raises(SealingError):
        _ = Contact.objects.all()[0].name


def test_a_sealed_column_is_written_with_its_row_or_not_at_all(contacts: list[Contact]) -> None:
    with pytest.raises(TypeError, match="sealed"), transaction.atomic():
        Contact.objects.update(phone="13800000000")
    with pytest.raises(TypeError, match="sealed"):
        Contact.objects.filter(phone="19900000001").exists()
    Contact.objects.update(phone="")
    assert {one.phone for one in Contact.objects.all()} == {""}


def test_rows_are_sealed_on_every_way_into_the_database(town: SimpleNamespace) -> None:
    (made,) = FreeText.objects.bulk_create([FreeText(salt=b"1", text="一句话")])
    saved = FreeText(salt=b"2", text="另一句话")
    saved.save()
    saved.save()
    for row, text in ((made, "一句话"), (saved, "另一句话")):
        (stored,) = FreeText.objects.filter(pk=row.pk).values_list("text", flat=True)
        assert stored.startswith("s2:") and row.text == text
        again = FreeText.objects.defer("text").get(pk=row.pk)
        assert again.text == text
        again.save()
        assert FreeText.objects.get(pk=row.pk).text == text
