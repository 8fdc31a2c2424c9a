"""A backup brings back the town as it was, on the same machine or another, and a bad one touches nothing."""

from __future__ import annotations

import io
import json
import tarfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from doudi.web.config.archive import BackupError, pack, read_manifest, unpack
from tests.commands import Machine


@pytest.fixture(scope="module")
def machines(tmp_path_factory: pytest.TempPathFactory, django_db_setup: None) -> Iterator[list[Machine]]:
    """A machine with a town, and an empty one."""
    made = [Machine(tmp_path_factory.mktemp(name)) for name in ("old", "new")]
    made[0].found()
    photo = made[0].folder / "files" / "ab" / "cd" / "photo.jpg"
    photo.parent.mkdir(parents=True)
    photo.write_bytes(b"a picture")
    yield made
    for machine in made:
        machine.gone()


@pytest.fixture(scope="module")
def archive(machines: list[Machine], tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("backups")
    done = machines[0].doudi("backup", "--to", str(folder))
    assert done.returncode == 0, done.stderr
    (made,) = folder.iterdir()
    return made


def test_a_backup_is_one_private_file_that_leaves_the_keys_out(machines: list[Machine], archive: Path) -> None:
    manifest = read_manifest(archive)
    assert archive.stat().st_mode & 0o777 == 0o600
    assert "files/ab/cd/photo.jpg" in manifest.members
    assert not [name for name in manifest.members if name.startswith("keys/")]
    key = (machines[0].folder / "keys" / "sealing").read_bytes().strip()
    assert key not in archive.read_bytes()
    assert manifest.told["journal"][0] > 0
    unpack(archive, manifest)


def test_the_town_comes_back_on_another_machine_once_it_has_the_keys(machines: list[Machine], archive: Path) -> None:
    old, new = machines
    refused = new.doudi("restore", str(archive))
    assert (refused.returncode, "--keys" in refused.stderr) == (1, True)
    done = new.doudi("restore", str(archive), "--keys", str(old.folder / "keys"))
    assert (done.returncode, "示范镇" in done.stdout) == (0, True), done.stderr
    assert (new.folder / "files" / "ab" / "cd" / "photo.jpg").read_bytes() == b"a picture"
    assert (new.folder / "keys" / "sealing").read_bytes() == (old.folder / "keys" / "sealing").read_bytes()
    assert new.doudi("fsck").returncode == 0


def test_a_town_that_is_there_is_replaced_only_on_demand_and_kept_beside(
    machines: list[Machine], archive: Path
) -> None:
    old, _ = machines
    refused = old.doudi("restore", str(archive))
    assert (refused.returncode, "--replace" in refused.stderr) == (1, True)
    (old.folder / "files" / "ab" / "cd" / "later.jpg").write_bytes(b"later")
    done = old.doudi("restore", str(archive), "--replace")
    assert (done.returncode, done.stdout.count("原来的保留在")) == (0, 2), done.stderr
    assert not (old.folder / "files" / "ab" / "cd" / "later.jpg").exists()
    (aside,) = old.folder.glob("replaced-*")
    assert (aside / "files" / "ab" / "cd" / "later.jpg").read_bytes() == b"later"
    assert old.doudi("fsck").returncode == 0


def test_while_somebody_is_connected_nothing_is_replaced(machines: list[Machine], archive: Path) -> None:
    old, _ = machines
    with old.connected():
        done = old.doudi("restore", str(archive), "--replace")
    assert (done.returncode, "正在使用" in done.stderr) == (1, True)
    assert old.doudi("fsck").returncode == 0
    assert (old.folder / "files" / "ab" / "cd" / "photo.jpg").exists()


def test_a_backup_with_a_changed_byte_touches_nothing(machines: list[Machine], archive: Path, tmp_path: Path) -> None:
    raw = bytearray(archive.read_bytes())
    raw[5000] ^= 1
    bad = tmp_path / "bad.tar"
    bad.write_bytes(raw)
    done = machines[0].doudi("restore", str(bad), "--replace")
    assert (done.returncode, "已损坏" in done.stderr) == (1, True)
    assert machines[0].doudi("fsck").returncode == 0


def test_a_backup_that_holds_another_chain_than_it_says_is_put_back(
    machines: list[Machine], archive: Path, tmp_path: Path
) -> None:
    manifest = read_manifest(archive)
    unpack(archive, manifest, tmp_path)
    members = [(name, tmp_path / name) for name in manifest.members]
    forged = tmp_path / "forged.tar"
    pack(forged, members, {**manifest.told, "journal": [3, "00"]})
    done = machines[0].doudi("restore", str(forged), "--replace")
    assert (done.returncode, "换回" in done.stderr) == (1, True)
    assert machines[0].doudi("fsck").returncode == 0
    assert (machines[0].folder / "files" / "ab" / "cd" / "photo.jpg").exists()


def test_the_keys_go_in_only_when_asked_for(machines: list[Machine], tmp_path: Path) -> None:
    assert machines[0].doudi("backup", "--to", str(tmp_path), "--with-keys").returncode == 0
    (made,) = tmp_path.iterdir()
    other = Machine(tmp_path / "third")
    (tmp_path / "third").mkdir()
    done = other.doudi("restore", str(made))
    assert (done.returncode, other.doudi("fsck").returncode) == (0, 0), done.stderr
    other.gone()


def tar(path: Path, *members: tuple[str, bytes]) -> Path:
    with tarfile.open(path, "w") as made:
        for name, content in members:
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            made.addfile(entry, io.BytesIO(content))
    return path


def manifest(*names: str, format_: str = "doudi-backup/1") -> bytes:
    return json.dumps(
        {"format": format_, "told": {}, "members": {name: {"size": 1, "sha256": "0"} for name in names}}
    ).encode()


class TestArchive:
    def test_what_is_packed_comes_out_the_same(self, tmp_path: Path) -> None:
        (tmp_path / "a").write_bytes(b"x" * 3_000_000)
        made = pack(tmp_path / "b.tar", [("files/a", tmp_path / "a"), ("keys.txt", b"note")], {"town": "镇"})
        assert read_manifest(tmp_path / "b.tar") == made
        unpack(tmp_path / "b.tar", made, tmp_path / "out")
        assert (tmp_path / "out" / "files" / "a").read_bytes() == b"x" * 3_000_000
        assert (made.size, made.told) == (3_000_004, {"town": "镇"})

    @pytest.mark.parametrize(
        "name", ["/etc/passwd", "../x", "files/../../x", "database.sqlite3/x", "keys/../x", "files/a\nb"]
    )
    def test_a_manifest_that_reaches_elsewhere_is_refused(self, tmp_path: Path, name: str) -> None:
        with pytest.raises(BackupError, match="不该有"):
            read_manifest(tar(tmp_path / "a.tar", ("manifest.json", manifest(name))))

    @pytest.mark.parametrize(
        ("members", "complaint"),
        [
            ([("files/b", b"1")], "不该有"),
            ([("files/a", b"12")], "已损坏"),
            ([], "少了"),
        ],
    )
    def test_what_is_not_as_the_manifest_says_is_refused(
        self, tmp_path: Path, members: list[tuple[str, bytes]], complaint: str
    ) -> None:
        made = tar(tmp_path / "a.tar", *members, ("manifest.json", manifest("files/a")))
        with pytest.raises(BackupError, match=complaint):
            unpack(made, read_manifest(made))

    def test_a_link_in_an_archive_is_refused(self, tmp_path: Path) -> None:
        with tarfile.open(tmp_path / "a.tar", "w") as made:
            link = tarfile.TarInfo("files/a")
            link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
            made.addfile(link)
        tar_with = read_manifest(tar(tmp_path / "b.tar", ("manifest.json", manifest("files/a"))))
        with pytest.raises(BackupError, match="不该有"):
            unpack(tmp_path / "a.tar", tar_with, tmp_path / "out")

    def test_what_is_no_backup_is_refused(self, tmp_path: Path) -> None:
        (tmp_path / "text").write_text("hello")
        with pytest.raises(BackupError, match="不是 Doudi 的备份"):
            read_manifest(tmp_path / "text")
        with pytest.raises(BackupError, match="找不到"):
            read_manifest(tmp_path / "gone")
        with pytest.raises(BackupError, match="格式"):
            read_manifest(tar(tmp_path / "a.tar", ("manifest.json", manifest(format_="doudi-backup/9"))))

    def test_a_backup_that_cannot_be_written_leaves_nothing_behind(self, tmp_path: Path) -> None:
        with pytest.raises(BackupError, match="没有写成"):
            pack(tmp_path / "b.tar", [("files/a", tmp_path / "gone")], {})
        assert list(tmp_path.iterdir()) == []
