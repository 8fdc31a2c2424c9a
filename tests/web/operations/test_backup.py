"""A backup brings back the town as it was, on the same machine or another, and a bad one touches nothing."""

from __future__ import annotations

import io
import json
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from doudi.web.operations.archive import BackupError, pack, read_manifest, unpack
from doudi.web.operations.backup_keys import BackupKeys, OpeningKey
from doudi.web.operations.envelope import EnvelopeError, Opening, Sealing
from tests.commands import Machine, founded

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def machines(tmp_path_factory: pytest.TempPathFactory, django_db_setup: None) -> Iterator[list[Machine]]:
    """A machine with a town, and an empty one."""
    made = [founded(tmp_path_factory.mktemp("old")), Machine(tmp_path_factory.mktemp("new"))]
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


@pytest.fixture
def opening(machines: list[Machine]) -> OpeningKey:
    return OpeningKey.of((machines[0].folder / "keys" / "backup").read_text())


def test_a_backup_is_one_private_file_that_leaves_the_keys_out(
    machines: list[Machine], archive: Path, opening: OpeningKey
) -> None:
    manifest = read_manifest(archive, opening)
    assert archive.stat().st_mode & 0o777 == 0o600
    assert "files/ab/cd/photo.jpg" in manifest.members
    assert not [name for name in manifest.members if name.startswith("keys/")]
    assert manifest.facts["journal"][0] > 0
    unpack(archive, manifest, opening)


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
    machines: list[Machine], archive: Path, tmp_path: Path, opening: OpeningKey
) -> None:
    manifest = read_manifest(archive, opening)
    unpack(archive, manifest, opening, tmp_path)
    members = [(name, tmp_path / name) for name in manifest.members]
    forged = tmp_path / "forged.tar"
    pack(forged, members, {**manifest.facts, "journal": [3, "00"]}, BackupKeys.read(machines[0].folder / "keys"))
    done = machines[0].doudi("restore", str(forged), "--replace")
    assert (done.returncode, "换回" in done.stderr) == (1, True)
    assert machines[0].doudi("fsck").returncode == 0
    assert (machines[0].folder / "files" / "ab" / "cd" / "photo.jpg").exists()


def test_the_keys_go_in_only_when_asked_for(machines: list[Machine], tmp_path: Path) -> None:
    assert machines[0].doudi("backup", "--to", str(tmp_path), "--with-keys").returncode == 0
    (made,) = tmp_path.iterdir()
    other = Machine(tmp_path / "third")
    (tmp_path / "third").mkdir()
    # With the keys inside, the line from the safe is enough.
    safe = tmp_path / "safe"
    safe.mkdir()
    (safe / "backup").write_text((machines[0].folder / "keys" / "backup").read_text())
    refused = other.doudi("restore", str(made))
    assert (refused.returncode, "保险柜" in refused.stderr) == (1, True)
    done = other.doudi("restore", str(made), "--keys", str(safe))
    assert (done.returncode, other.doudi("fsck").returncode) == (0, 0), done.stderr
    other.gone()


KEYS = BackupKeys.new()


def tar(path: Path, *members: tuple[str, bytes]) -> Path:
    """A sealed and signed archive with members as they are."""
    with sealed_tar(path) as made:
        for name, content in members:
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            made.addfile(entry, io.BytesIO(content))
    return path


@contextmanager
def sealed_tar(path: Path) -> Iterator[tarfile.TarFile]:
    with (
        path.open("wb") as file,
        Sealing(file, KEYS.opening.key, KEYS.opening.id) as sealed,
        tarfile.open(fileobj=sealed, mode="w") as made,
    ):
        yield made


def manifest(*names: str, format_: str = "doudi-backup/2") -> list[tuple[str, bytes]]:
    told = {"format": format_, "told": {}, "members": {name: {"size": 1, "sha256": "0"} for name in names}}
    raw = json.dumps(told).encode()
    return [("manifest.json", raw), ("manifest.sig", KEYS.sign(raw))]


class TestArchive:
    def test_what_is_packed_comes_out_the_same(self, tmp_path: Path) -> None:
        (tmp_path / "a").write_bytes(b"x" * 3_000_000)
        members: list[tuple[str, Path | bytes]] = [("files/a", tmp_path / "a"), ("keys.txt", b"note")]
        made = pack(tmp_path / "b.tar", members, {"town": "镇"}, KEYS)
        assert read_manifest(tmp_path / "b.tar", KEYS.opening) == made
        unpack(tmp_path / "b.tar", made, KEYS.opening, tmp_path / "out")
        assert (tmp_path / "out" / "files" / "a").read_bytes() == b"x" * 3_000_000
        assert (made.size, made.facts) == (3_000_004, {"town": "镇"})

    @pytest.mark.parametrize(
        "name", ["/etc/passwd", "../x", "files/../../x", "database.sqlite3/x", "keys/../x", "files/a\nb"]
    )
    def test_a_manifest_that_reaches_elsewhere_is_refused(self, tmp_path: Path, name: str) -> None:
        with pytest.raises(BackupError, match="不该有"):
            read_manifest(tar(tmp_path / "a.tar", *manifest(name)), KEYS.opening)

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
        made = tar(tmp_path / "a.tar", *members, *manifest("files/a"))
        with pytest.raises(BackupError, match=complaint):
            unpack(made, read_manifest(made, KEYS.opening), KEYS.opening)

    def test_a_link_in_an_archive_is_refused(self, tmp_path: Path) -> None:
        with sealed_tar(tmp_path / "a.tar") as made:
            link = tarfile.TarInfo("files/a")
            link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
            made.addfile(link)
        told = read_manifest(tar(tmp_path / "b.tar", *manifest("files/a")), KEYS.opening)
        with pytest.raises(BackupError, match="不该有"):
            unpack(tmp_path / "a.tar", told, KEYS.opening, tmp_path / "out")

    def test_what_is_no_backup_is_refused(self, tmp_path: Path) -> None:
        (tmp_path / "text").write_text("hello")
        with pytest.raises(BackupError, match="已损坏"):
            read_manifest(tmp_path / "text", KEYS.opening)
        with pytest.raises(BackupError, match="不是 Doudi 的备份"):
            read_manifest(tmp_path / "text", None)
        with pytest.raises(BackupError, match="找不到"):
            read_manifest(tmp_path / "gone", KEYS.opening)
        with pytest.raises(BackupError, match="格式"):
            read_manifest(tar(tmp_path / "a.tar", *manifest(format_="doudi-backup/9")), KEYS.opening)

    def test_a_backup_that_cannot_be_written_leaves_nothing_behind(self, tmp_path: Path) -> None:
        with pytest.raises(BackupError, match="没有写成"):
            pack(tmp_path / "b.tar", [("files/a", tmp_path / "gone")], {}, KEYS)
        assert list(tmp_path.iterdir()) == []

    def test_whoever_can_open_a_backup_cannot_make_one(self, tmp_path: Path) -> None:
        """The line in the safe seals as well as it opens; the signature tells."""
        forger = BackupKeys.new()
        forged = BackupKeys(KEYS.opening, forger.signing)
        pack(tmp_path / "b.tar", [("keys.txt", b"note")], {}, forged)
        with pytest.raises(BackupError, match="签名"):
            read_manifest(tmp_path / "b.tar", KEYS.opening)


class TestEnvelope:
    """Blocks of 64 KiB: what is swapped, cut, repeated or flipped does not open."""

    BLOCK, HEAD = 64 * 1024 + 16, 17 + 8 + 16

    @pytest.fixture
    def sealed(self) -> bytes:
        file = io.BytesIO()
        with Sealing(file, KEYS.opening.key, KEYS.opening.id) as into:
            into.write(self.plain())
        return file.getvalue()

    def plain(self) -> bytes:
        return b"".join(number.to_bytes(4, "big") for number in range(50_000))

    def read(self, sealed: bytes) -> bytes:
        return io.BufferedReader(Opening(io.BytesIO(sealed), KEYS.opening.key)).read()

    def test_it_comes_out_as_it_went_in_from_any_place(self, sealed: bytes) -> None:
        assert self.read(sealed) == self.plain()
        opened = io.BufferedReader(Opening(io.BytesIO(sealed), KEYS.opening.key))
        for at in (0, 65_535, 65_536, 131_072, 199_996):
            opened.seek(at)
            assert opened.read(4) == self.plain()[at : at + 4]
        for size in (0, 1, 65_536, 131_072):
            file = io.BytesIO()
            with Sealing(file, KEYS.opening.key, KEYS.opening.id) as into:
                into.write(self.plain()[:size])
            assert self.read(file.getvalue()) == self.plain()[:size]

    @pytest.mark.parametrize("what", ["flip", "swap", "cut", "cut to a block", "twice", "another file's", "head"])
    def test_nothing_can_be_changed(self, sealed: bytes, what: str) -> None:
        head, rest = sealed[: self.HEAD], sealed[self.HEAD :]
        blocks = [rest[at : at + self.BLOCK] for at in range(0, len(rest), self.BLOCK)]
        other = io.BytesIO()
        with Sealing(other, KEYS.opening.key, KEYS.opening.id) as into:
            into.write(self.plain())
        changed = {
            "flip": sealed[:1000] + bytes([sealed[1000] ^ 1]) + sealed[1001:],
            "swap": head + b"".join([blocks[1], blocks[0], *blocks[2:]]),
            "cut": sealed[:-1],
            "cut to a block": head + b"".join(blocks[:-1]),
            "twice": head + b"".join([*blocks, blocks[-1]]),
            "another file's": head + other.getvalue()[self.HEAD :],
            "head": sealed[:20] + bytes([sealed[20] ^ 1]) + sealed[21:],
        }
        with pytest.raises(EnvelopeError, match="打不开"):
            self.read(changed[what])
