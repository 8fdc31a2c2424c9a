"""The keys of the town, held to the fingerprints in its database: made once, missed when they are gone, never replaced
without a word.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from fcntl import LOCK_EX, flock
from pathlib import Path

from django.apps import apps
from django.db import DatabaseError, connection, models

from doudi.engine.errors import DoudiError
from doudi.engine.messages import Listed, Message, msg
from doudi.web import clock
from doudi.web.config.keys import keep
from doudi.web.files.folders import sync_folder
from doudi.web.journal.services import unit_of_work
from doudi.web.operations.backup_keys import OPENING, SIGNING, BackupKeyError, BackupKeys, OpeningKey
from doudi.web.operations.models import TownKey
from doudi.web.sealing import SealingError
from doudi.web.sealing.fields import sealed_fields
from doudi.web.sealing.keyring import BOUND, CURRENT, fingerprint, folder, ring
from doudi.web.sealing.marks import NAME as MARKING
from doudi.web.sealing.marks import key_of_before

Purpose = TownKey.Purpose


class KeyLostError(DoudiError):
    """A key that the database was written with is not in the folder."""


def settle() -> None:
    """Make the keys of a new town, note those of an older one, and refuse to go on where one was lost.

    Runs after every migration. Raises KeyLostError; then nothing was made.
    """
    folder().mkdir(parents=True, exist_ok=True, mode=0o700)
    with alone():
        known = set(TownKey.objects.filter(retired_at__isnull=True).values_list("purpose", flat=True))
        for purpose, make in ((Purpose.SEALING, _sealing), (Purpose.MARKING, _marking), (Purpose.BACKUP, _backup)):
            if purpose not in known:
                note(purpose, make())
    require_keys()


@contextmanager
def alone() -> Iterator[None]:
    """Nobody else makes or changes keys meanwhile."""
    descriptor = os.open(folder(), os.O_RDONLY)
    try:
        flock(descriptor, LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def lost_keys() -> Iterator[Message]:
    """What is not as the database says, each with what to do about it; backups are another matter, see `backup_fault`."""
    wanted = {row.fingerprint: row.purpose for row in _noted(Purpose.SEALING, Purpose.MARKING)}
    found = {fingerprint(text) for text in texts_in(folder()).values()}
    current = found_as(CURRENT)
    if wanted and wanted.get(current or "") != Purpose.SEALING:
        facts = {
            "path": folder() / CURRENT,
            "wanted": Listed(mark for mark, purpose in wanted.items() if purpose == Purpose.SEALING),
        }
        yield (
            msg(
                "密封钥匙 {path} 不在。请从保险柜或另一份 keys 文件夹放回原件（指纹 {wanted}）："
                "新建一把打不开已有的姓名电话，所以没有新建。",
                **facts,
            )
            if current is None
            else msg(
                "{path} 不是写这个数据库的密封钥匙。请从保险柜或另一份 keys 文件夹放回原件（指纹 {wanted}）：用现在这把，"
                "已有的姓名电话打不开，新的以后也打不开。",
                **facts,
            )
        )
        return
    for mark, purpose in wanted.items():
        if mark not in found:
            path = folder() / (f"{CURRENT}-{mark[:8]}" if purpose == Purpose.SEALING else MARKING)
            yield msg(
                "钥匙 {path} 不在，或不是原来那把。请从保险柜或另一份 keys 文件夹放回原件（指纹 {wanted}）。",
                path=path,
                wanted=mark,
            )


def backup_fault() -> DoudiError | None:
    """Why no backup can be made with the keys that are here, or nobody could open it with the line in the safe."""
    try:
        mark = BackupKeys.read(folder()).opening.fingerprint
    except BackupKeyError as error:
        return error
    if any(row.fingerprint != mark for row in _noted(Purpose.BACKUP)):
        return BackupKeyError(
            "keys/backup 不是登记过的备份钥匙，保险柜里的那一行打不开用它做的备份。请放回原件；"
            "确已丢失，用 doudi rotate --backup 换一对并重新打印。"
        )
    return None


def _noted(*purposes: str) -> list[TownKey]:
    try:
        with unit_of_work():
            return list(TownKey.objects.filter(purpose__in=purposes, retired_at__isnull=True).order_by("since"))
    except DatabaseError:
        return []  # the tables are not there yet: other checks say it


def require_keys() -> None:
    """Raises KeyLostError before anything is read or written with the wrong keys."""
    for lost in lost_keys():
        raise KeyLostError(lost.template, **lost.facts)


def texts_in(place: Path) -> dict[str, str]:
    """The keys in a folder, by the names of their files."""
    if not place.is_dir():
        return {}
    return {
        path.name: path.read_text(errors="replace").strip()
        for path in sorted(place.iterdir())
        if path.is_file() and not path.name.startswith(".")
    }


def found_as(name: str) -> str | None:
    """The fingerprint of a key by the name of its file; None where there is none."""
    path = folder() / name
    return fingerprint(path.read_text(errors="replace").strip()) if path.is_file() else None


def new_sealing_key() -> str:
    return f"{BOUND}{secrets.token_urlsafe(48)}"


def note(purpose: Purpose, mark: str) -> None:
    TownKey.objects.get_or_create(fingerprint=mark, defaults={"purpose": purpose, "since": clock.wall()})


def put(name: str, text: str) -> None:
    """Write a key in the place of one that is there, in one go."""
    path = folder() / name
    draft = path.with_name(f"{name}.new")
    draft.unlink(missing_ok=True)
    keep(draft, text)
    os.replace(draft, path)
    sync_folder(path.parent)


def set_aside(name: str, mark: str) -> None:
    """A key that the town needs no more keeps its bytes under a name that nothing reads."""
    path = folder() / name
    if path.is_file():
        os.replace(path, path.with_name(f"retired-{name.partition('-')[0]}-{mark[:8]}"))
        sync_folder(path.parent)


def _sealing() -> str:
    """A key that opens what is sealed is the town's; where nothing is sealed yet, one may be made. Returns its mark."""
    path = folder() / CURRENT
    sample = None if TownKey.objects.filter(purpose=Purpose.SEALING).exists() else _sealed_sample()
    if not path.is_file():
        if sample is not None:
            raise KeyLostError(
                "数据库里有加密的姓名电话，密封钥匙 {path} 却不在。请从保险柜或另一份 keys 文件夹放回原件，再来一次。",
                path=path,
            )
        keep(path, new_sealing_key())
    elif sample is not None:
        row, name = sample
        try:
            getattr(row, name)
        except SealingError as error:
            raise KeyLostError(
                "密封钥匙 {path} 打不开数据库里的内容：它不是这个镇的。请放回原件，再来一次。", path=path
            ) from error
    return ring(anew=True).current.fingerprint


def _marking() -> str:
    """Marks that were made with the sealing key must be met again: the key of marks begins as what it was then."""
    current = ring().current
    keep(folder() / MARKING, secrets.token_hex(32) if current.is_bound else key_of_before(current.text))
    return str(found_as(MARKING))


def _backup() -> str:
    if not (folder() / OPENING).is_file():
        _make_backup_keys()
    return OpeningKey.of((folder() / OPENING).read_text()).fingerprint


def _make_backup_keys() -> None:
    made = BackupKeys.new()
    put(SIGNING, made.signing_text)
    put(OPENING, made.opening.line)


def renew_backup_keys() -> OpeningKey:
    """A new pair; the old line is kept under another name, since older backups open with it alone."""
    marks = list(TownKey.objects.filter(purpose=Purpose.BACKUP, retired_at__isnull=True).values_list("pk", flat=True))
    if (old := found_as(OPENING)) is not None:
        set_aside(OPENING, old)
    _make_backup_keys()
    opening = BackupKeys.read(folder()).opening
    with unit_of_work():
        TownKey.objects.filter(pk__in=marks).update(retired_at=clock.now())
        note(Purpose.BACKUP, opening.fingerprint)
    return opening


def _sealed_sample() -> tuple[models.Model, str] | None:
    """A row with something sealed in it, and the name of its column."""
    with connection.cursor() as cursor:
        tables = set(connection.introspection.table_names(cursor))
    for table in apps.get_models():
        for field in sealed_fields(table) if table._meta.db_table in tables else []:
            filled = table._default_manager.exclude(**{field.name: ""}).exclude(**{f"{field.name}__isnull": True})
            if (row := filled.order_by("-pk").first()) is not None:
                return row, field.attname
    return None
