"""Whether the disk keeps what it is given: writable, local, not full, and copied elsewhere."""

from __future__ import annotations

import os
import shutil
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning, register
from django.db import connection
from django.utils.translation import gettext as _

from doudi.web import clock
from doudi.web.health import records

_NETWORK = frozenset({"nfs", "nfs4", "cifs", "smb3", "smbfs", "9p", "fuse.sshfs", "glusterfs", "ceph", "afs"})
_LEAST_FREE, _ENOUGH_FREE = 100 << 20, 1 << 30
_OLDEST_BACKUP, _OLDEST_DRILL = timedelta(hours=25), timedelta(days=90)


@register("doudi", deploy=True)
def writable(**_kwargs: object) -> list[CheckMessage]:
    folder = settings.DATA_DIR
    if not folder.is_dir() or not os.access(folder, os.W_OK | os.X_OK):
        return [
            Error(
                _("数据目录 {folder} 不存在或不能写。").format(folder=folder),
                hint=_("建立目录并把属主设为运行 Doudi 的用户，或改 DOUDI_DATA_DIR。"),
                id="doudi.E040",
            )
        ]
    return []


@register("doudi", deploy=True)
def local(**_kwargs: object) -> list[CheckMessage]:
    """SQLite's locks do not hold on a network drive; photographs merely become slow there."""
    kind = file_system_of(settings.DATA_DIR, _mounts())
    if kind not in _NETWORK:
        return []
    words = _("数据目录在网络盘上（{kind}）。").format(kind=kind)
    hint = _("把 DOUDI_DATA_DIR 放到本机磁盘；要多机共用请改用 PostgreSQL。")
    if connection.vendor == "sqlite":
        return [Error(words, hint=hint, id="doudi.E041")]
    return [Warning(words, hint=hint, id="doudi.W041")]


def file_system_of(path: Path, mounts: str) -> str:
    """The type of the file system that holds ``path``, from the text of /proc/mounts; empty when it cannot be told."""
    rows = [line.split() for line in mounts.splitlines()]
    holding = [
        (len(row[1]), row[2]) for row in rows if len(row) > 2 and path.is_relative_to(row[1].replace("\\040", " "))
    ]
    return max(holding)[1] if holding else ""


def _mounts() -> str:
    try:
        return Path("/proc/mounts").read_text()
    except OSError:
        return ""


@register("doudi", deploy=True)
def room(**_kwargs: object) -> list[CheckMessage]:
    if not settings.DATA_DIR.is_dir():
        return []  # doudi.E040 says it
    free = shutil.disk_usage(settings.DATA_DIR).free
    words = _("数据目录所在磁盘只剩 {free} MB。").format(free=free >> 20)
    hint = _("清理磁盘，或把旧备份移走。")
    if free < _LEAST_FREE:
        return [Error(words, hint=hint, id="doudi.E042")]
    return [Warning(words, hint=hint, id="doudi.W042")] if free < _ENOUGH_FREE else []


@register("doudi", deploy=True)
def copied(**_kwargs: object) -> list[CheckMessage]:
    if settings.PROFILE != "production":
        return []
    last = records.last(records.BACKUP)
    if last is not None and clock.now() - last <= _OLDEST_BACKUP:
        return []
    words = (
        _("还没有做过备份。")
        if last is None
        else _("最近一次备份在 {day}。").format(day=clock.day_of(last).isoformat())
    )
    return [Warning(words, hint=_("每天运行一次 doudi backup --to 另一块盘，例如写进 crontab。"), id="doudi.W043")]


@register("doudi", deploy=True)
def brought_back(**_kwargs: object) -> list[CheckMessage]:
    """A backup that never came back anywhere is a hope."""
    if settings.PROFILE != "production":
        return []
    last = records.last(records.DRILL)
    if last is not None and clock.now() - last <= _OLDEST_DRILL:
        return []
    words = (
        _("还没有做过恢复演练。")
        if last is None
        else _("最近一次恢复演练在 {day}，已超过 90 天。").format(day=clock.day_of(last).isoformat())
    )
    return [Warning(words, hint=_("运行 doudi drill：不动现在的镇，大家可以照常办理。"), id="doudi.W044")]
