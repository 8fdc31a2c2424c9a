"""A kept file lies whole on the disk before any record names it, under a name that only chance knows."""

from __future__ import annotations

import os
from hashlib import sha256
from io import BytesIO
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import Http404

from doudi.web.files import storage
from doudi.web.files.errors import FileRefusedError
from doudi.web.files.models import Upload
from doudi.web.files.pages import serve
from doudi.web.files.queries import file_of, opened_sheet
from doudi.web.files.services import keep_photo, keep_sheet
from tests.web.files.hostile import photo

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _files_of_this_test(settings: LazySettings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "files"


def test_a_photo_is_stored_with_its_small_twin_and_the_digest_of_what_came() -> None:
    raw = photo()
    kept = keep_photo(SimpleUploadedFile("../../etc/现场\u202e.jpg", raw))
    assert kept.digest == sha256(raw).hexdigest()
    assert kept.original_name == "现场.jpg"
    assert file_of(kept).stat().st_size == kept.size
    assert file_of(kept, small=True).stat().st_size < kept.size
    assert [oct(path.stat().st_mode)[-3:] for path in (file_of(kept), file_of(kept, small=True))] == ["600", "600"]
    assert not list(file_of(kept).parent.glob(".*")), "no draft is left behind"


def test_any_open_file_will_do() -> None:
    assert keep_photo(BytesIO(photo()), name="画.jpg").original_name == "画.jpg"


def test_the_same_photo_handed_in_twice_is_seen_to_be_the_same() -> None:
    first, second = keep_photo(BytesIO(photo())), keep_photo(BytesIO(photo()))
    assert first.pk != second.pk and first.digest == second.digest


def test_a_refused_photo_leaves_neither_record_nor_file(settings: LazySettings) -> None:
    with pytest.raises(FileRefusedError):
        keep_photo(SimpleUploadedFile("a.jpg", b"<svg/>", content_type="image/jpeg"))
    assert not Upload.objects.exists() and not Path(settings.MEDIA_ROOT).exists()


def test_an_empty_file_is_told_apart() -> None:
    with pytest.raises(FileRefusedError, match="空的"):
        keep_photo(SimpleUploadedFile("a.jpg", b""))


def test_a_declared_size_is_not_believed() -> None:
    file = SimpleUploadedFile("a.jpg", photo() + b"\0" * 11 * 1024 * 1024)
    file.size = 10
    with pytest.raises(FileRefusedError) as refused:
        keep_photo(file)
    assert refused.value.reason == "too_large"


def test_a_disk_that_fails_leaves_no_half_file(monkeypatch: pytest.MonkeyPatch, settings: LazySettings) -> None:
    def full(_: int) -> None:
        raise OSError("no space left")

    monkeypatch.setattr(storage.os, "fsync", full)
    with pytest.raises(FileRefusedError) as refused:
        keep_photo(BytesIO(photo()))
    assert refused.value.reason == "disk"
    assert not [path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()]
    assert not Upload.objects.exists()


def test_file_and_folder_are_both_on_the_disk_before_the_record_is_written(monkeypatch: pytest.MonkeyPatch) -> None:
    synced: list[bool] = []
    real = os.fsync

    def watched(descriptor: int) -> None:
        synced.append(os.path.isdir(f"/proc/self/fd/{descriptor}"))
        assert not Upload.objects.exists()
        real(descriptor)

    monkeypatch.setattr(storage.os, "fsync", watched)
    keep_photo(BytesIO(photo()))
    assert synced[0] is False and True in synced


def test_a_table_is_kept_as_it_came_and_only_a_table() -> None:
    kept = keep_sheet(SimpleUploadedFile("工单.XLSX", b"PK\x03\x04rest"))
    with opened_sheet(kept) as path:
        assert (kept.suffix, path.read_bytes()) == (".xlsx", b"PK\x03\x04rest")
    assert not path.exists()
    with pytest.raises(FileRefusedError, match="CSV"):
        keep_sheet(SimpleUploadedFile("工单.exe", b"MZ"))


def test_a_browser_gets_our_photo_as_a_dead_thing() -> None:
    answer = serve(keep_photo(BytesIO(photo())), small=True)
    assert answer["Content-Type"] == "image/jpeg"
    assert answer["Content-Disposition"].startswith("inline")
    assert "sandbox" in answer["Content-Security-Policy"] and answer["X-Content-Type-Options"] == "nosniff"


def test_a_table_lies_sealed_and_is_handed_to_nobody() -> None:
    kept = keep_sheet(SimpleUploadedFile("工单.csv", b"a,b"))
    assert b"a,b" not in file_of(kept).read_bytes()
    assert kept.size == file_of(kept).stat().st_size
    with pytest.raises(Http404):
        serve(kept)


def test_a_table_kept_before_they_were_sealed_is_still_read() -> None:
    kept = keep_sheet(SimpleUploadedFile("工单.csv", b"a,b"))
    file_of(kept).write_bytes(b"a,b")
    with opened_sheet(kept) as path:
        assert path.read_bytes() == b"a,b"


def test_a_file_that_is_gone_from_the_disk_is_simply_not_there() -> None:
    kept = keep_photo(BytesIO(photo()))
    file_of(kept).unlink()
    with pytest.raises(Http404):
        serve(kept)
