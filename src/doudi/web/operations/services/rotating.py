"""A new sealing key, and everything sealed anew with it while people work. It may be ended at any point and goes on then.

The new key stands in the database before it seals, and the old one is retired only when, with every writer kept waiting
for a moment, nothing is left that needs it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from django.apps import apps
from django.db import connection
from django.db.models import Model, QuerySet
from django.utils.translation import gettext as _

from doudi.engine.errors import DoudiError
from doudi.web import clock
from doudi.web.config.keys import keep
from doudi.web.exports import services as exports
from doudi.web.files.models import Upload
from doudi.web.files.queries import is_sealed_before
from doudi.web.files.services import reseal_sheet
from doudi.web.journal.services import Fact, append, unit_of_work
from doudi.web.operations.models import TownKey
from doudi.web.operations.services.town_keys import (
    Purpose,
    alone,
    found_as,
    new_sealing_key,
    note,
    put,
    require_keys,
    set_aside,
    settle,
    texts_in,
)
from doudi.web.sealing import SealingError
from doudi.web.sealing.fields import SealedTextField, sealed_fields
from doudi.web.sealing.keyring import CURRENT, Key, fingerprint, folder, ring
from doudi.web.sealing.values import mark_of_current

_AT_ONCE = 200
#: how much is done, and how much there is
Progress = Callable[[int, int], None]


class RotationError(DoudiError):
    """Something sealed does not open, so the key that sealed it stays."""


@dataclass(frozen=True, slots=True)
class Rotated:
    """What came of it: whether one that was begun before was ended, how many values were sealed anew, the keys' marks."""

    went_on: bool
    sealed: int
    new: str
    retired: tuple[str, ...]


def rotate(progress: Progress) -> Rotated:
    """Seal everything with a new key, or end a rotation that was begun. Raises KeyLostError, RotationError."""
    require_keys()
    with alone():
        _set_aside(
            TownKey.objects.filter(purpose=Purpose.SEALING, retired_at__isnull=False).values_list("pk", flat=True)
        )
        went_on = _standing().count() > 1
        if not went_on:
            _begin()
        new = _standing()[0]
        _make_current(new.fingerprint)
        sealed = 0
        while not (retired := _end(new)):
            sealed += _seal_all(progress)
        _set_aside(retired)
        return Rotated(went_on, sealed, new.fingerprint, retired)


def give_up_lost() -> tuple[str, ...]:
    """Keys that are nowhere to be found are retired, and new ones made: what they sealed stays shut for ever.

    Returns the marks of the lost ones; nothing is done where none is lost.
    """
    with alone():
        here = {fingerprint(text) for text in texts_in(folder()).values()}
        standing = TownKey.objects.filter(purpose__in=(Purpose.SEALING, Purpose.MARKING), retired_at__isnull=True)
        lost = {row.fingerprint: row.purpose for row in standing if row.fingerprint not in here}
        current = found_as(CURRENT)
        if current is not None and current not in lost and not standing.filter(pk=current).exists():
            set_aside(CURRENT, current)  # of another town, or made by hand
        with unit_of_work():
            TownKey.objects.filter(pk__in=lost).update(retired_at=clock.now())
            for mark in lost:
                append(Fact.new("key_lost", f"key/{mark}", {"purpose": lost[mark]}))
    settle()
    return tuple(lost)


def _standing() -> QuerySet[TownKey]:
    """The newest first."""
    return TownKey.objects.filter(purpose=Purpose.SEALING, retired_at__isnull=True).order_by("-since")


def _begin() -> None:
    """The key on the disk, then in the database: whoever is ended in between has a file that nobody names."""
    key = Key(new_sealing_key())
    keep(folder() / f"{CURRENT}-{key.id}", key.text)
    with unit_of_work():
        note(Purpose.SEALING, key.fingerprint)
        append(Fact.new("key_rotation_begun", f"key/{key.fingerprint}", {"old": ring().current.fingerprint}))


def _make_current(mark: str) -> None:
    """The current key steps aside as an older one before the new one takes its place."""
    keys = ring(anew=True)
    if keys.current.fingerprint != mark:
        keep(folder() / f"{CURRENT}-{keys.current.id}", keys.current.text)
        put(CURRENT, keys.keys[mark[:8]].text)
    (folder() / f"{CURRENT}-{mark[:8]}").unlink(missing_ok=True)
    ring(anew=True)


def _set_aside(marks: Iterable[str]) -> None:
    for mark in marks:
        set_aside(f"{CURRENT}-{mark[:8]}", mark)


def _columns() -> Iterator[tuple[type[Model], SealedTextField]]:
    for table in apps.get_models():
        for field in sealed_fields(table):
            yield table, field


def _waiting(table: type[Model], field: SealedTextField) -> QuerySet[Model]:
    """Rows whose value in this column is sealed with another key."""
    filled = table._default_manager.exclude(**{field.name: ""}).exclude(**{f"{field.name}__isnull": True})
    return filled.exclude(**{f"{field.name}__startswith": mark_of_current()}).order_by("pk")


def _seal_all(progress: Progress) -> int:
    """One pass over everything. Raises RotationError at its end for what does not open.

    Tables that lie ready to be taken along live for days alone and are not sealed anew: they go.
    """
    exports.withdraw(_("密封钥匙换了，请再导出一次。"))
    columns = list(_columns())
    total = sum(_waiting(*column).count() for column in columns)
    done, faulty = 0, []
    for table, field in columns:
        last = None
        while True:
            with unit_of_work():
                rows = _waiting(table, field) if last is None else _waiting(table, field).filter(pk__gt=last)
                batch = list(rows.select_for_update()[:_AT_ONCE])
                for row in batch:
                    try:
                        sealed = field.sealed(row, getattr(row, field.attname))
                    except SealingError:
                        faulty.append(field.about(row))
                        continue
                    table._default_manager.filter(pk=row.pk).update(**{field.name: sealed})
                    done += 1
            if not batch:
                break
            last = batch[-1].pk
            progress(done, total)
    for upload in Upload.objects.filter(kind=Upload.Kind.SHEET):
        try:
            done += reseal_sheet(upload)
        except FileNotFoundError:
            continue  # fsck names it
        except SealingError:
            faulty.append(f"file/{upload.pk}")
    if faulty:
        raise RotationError(
            "有 {count} 处打不开，旧钥匙留着，其余的已换好。第一处：{first}。请用 doudi fsck 查明，再运行 doudi rotate。",
            count=len(faulty),
            first=faulty[0],
        )
    return done


def _end(new: TownKey) -> tuple[str, ...]:
    """Retire the other keys if nothing needs them, and say which; else retire none.

    Whoever writes now sealed with one of them has ended before we look, and whoever comes after seals with the new one.
    """
    with unit_of_work():
        if connection.vendor == "postgresql":
            tables = sorted(
                {f'"{table._meta.db_table}"' for table, _field in _columns()} | {f'"{Upload._meta.db_table}"'}
            )
            with connection.cursor() as cursor:
                cursor.execute(f"LOCK TABLE {', '.join(tables)} IN SHARE ROW EXCLUSIVE MODE")
        if any(_waiting(*column).exists() for column in _columns()) or _any_old_sheet():
            return ()
        old = tuple(_standing().exclude(pk=new.pk).values_list("pk", flat=True))
        TownKey.objects.filter(pk__in=old).update(retired_at=clock.now())
        append(Fact.new("key_rotated", f"key/{new.fingerprint}", {"retired": sorted(old)}))
    return old


def _any_old_sheet() -> bool:
    return any(is_sealed_before(upload) for upload in Upload.objects.filter(kind=Upload.Kind.SHEET))
