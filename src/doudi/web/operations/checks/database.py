"""Whether what was acknowledged survives a power cut, and whether the tables are those that this program knows."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning, register
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.utils.translation import gettext as _

from doudi.web import clock
from doudi.web.journal.guards import missing_guards
from doudi.web.registry.declared import Guard
from doudi.web.registry.gathered import of

#: synchronous=FULL, as SQLite numbers it; NORMAL was seen to lose acknowledged reports at power cuts
_FULL = 2
_LEAST_TIMEOUT_MS = 5000
_MOST_APART_SECONDS = 5


@register("doudi", deploy=True)
def reachable(**_kwargs: object) -> list[CheckMessage]:
    try:
        connection.ensure_connection()
    except DatabaseError as error:
        why = str(error).strip().splitlines()[0]
        return [
            Error(
                _("连不上数据库：{why}").format(why=why),
                hint=_("检查 DOUDI_DATABASE_URL 的地址、账号和网络；SQLite 请检查数据目录的权限。"),
                id="doudi.E001",
            )
        ]
    return []


@register("doudi", deploy=True)
def durable(**_kwargs: object) -> list[CheckMessage]:
    """SQLite as we set it up, whoever may have changed it since; PostgreSQL with nothing switched off."""
    try:
        return list(_sqlite() if connection.vendor == "sqlite" else _postgres())
    except DatabaseError:
        return []  # doudi.E001 says it


def _sqlite() -> list[CheckMessage]:
    hint = _("请用 Doudi 自带的设置连接数据库，不要改 PRAGMA。")
    mode = str(_value("PRAGMA journal_mode")).lower()
    options = connection.settings_dict.get("OPTIONS", {})
    faults = [
        (mode != "wal", 2, _("SQLite 没有使用 WAL（现为 {mode}），读写会互相阻塞。").format(mode=mode)),
        (int(_value("PRAGMA synchronous")) < _FULL, 3, _("SQLite 的 synchronous 低于 FULL，断电会丢失已受理的诉求。")),
        (int(_value("PRAGMA foreign_keys")) != 1, 4, _("SQLite 的外键检查没有打开。")),
        (
            str(options.get("transaction_mode", "")).upper() != "IMMEDIATE",
            5,
            _("SQLite 的事务不是 IMMEDIATE，同时办理会无故失败。"),
        ),
        (int(_value("PRAGMA busy_timeout")) < _LEAST_TIMEOUT_MS, 6, _("SQLite 的等待时间少于 5 秒，忙时会无故失败。")),
    ]
    return [_grave(number, words, hint) for faulty, number, words in faults if faulty]


def _postgres() -> list[CheckMessage]:
    hint = _("请在 postgresql.conf 里改回 on 并重启数据库。")
    faults = [
        (_value("SHOW fsync") != "on", 7, _("PostgreSQL 的 fsync 已关闭，断电会损坏数据库。")),
        (_value("SHOW full_page_writes") != "on", 8, _("PostgreSQL 的 full_page_writes 已关闭，断电会损坏数据库。")),
        (
            _value("SHOW synchronous_commit") == "off",
            9,
            _("PostgreSQL 的 synchronous_commit 已关闭，断电会丢失已受理的诉求。"),
        ),
    ]
    return [_grave(number, words, hint) for faulty, number, words in faults if faulty]


@register("doudi", deploy=True)
def served_well(**_kwargs: object) -> list[CheckMessage]:
    """PostgreSQL has a clock of its own and knows who we are: neither may be far from what we think."""
    if connection.vendor == "sqlite":
        return []
    try:
        apart = abs((_value("SELECT clock_timestamp()") - clock.wall()).total_seconds())
        mighty = _value("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")
    except DatabaseError:
        return []  # doudi.E001 says it
    found: list[CheckMessage] = []
    if apart > _MOST_APART_SECONDS:
        words = _("数据库服务器的时钟与本机相差 {seconds} 秒。").format(seconds=round(apart))
        found.append(Warning(words, hint=_("两边都打开网络校时（NTP）。"), id="doudi.W012"))
    if mighty and settings.PROFILE == "production":
        words = _("连接数据库的账号是超级用户，防改动的触发器拦不住它。")
        hint = _("给 Doudi 单建一个普通账号，只拥有自己的数据库；演练需要 CREATEDB。")
        found.append(Warning(words, hint=hint, id="doudi.W013"))
    return found


def _grave(number: int, words: str, hint: str) -> CheckMessage:
    """An error; where nothing of worth is kept (profile test), a warning."""
    if settings.PROFILE == "test":
        return Warning(words, hint=hint, id=f"doudi.W{number:03}")
    return Error(words, hint=hint, id=f"doudi.E{number:03}")


def _value(query: str) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(query)
        return cursor.fetchone()[0]


@register("doudi", deploy=True)
def migrated(**_kwargs: object) -> list[CheckMessage]:
    try:
        executor = MigrationExecutor(connection)
        waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
        if waiting:
            return [
                Error(
                    _("还有 {count} 项数据库升级没有执行。").format(count=len(waiting)),
                    hint=_("先运行 doudi backup，再运行 doudi migrate。"),
                    id="doudi.E010",
                )
            ]
        missing = missing_guards(connection, of(Guard).values())
    except DatabaseError:
        return []  # doudi.E001 says it
    if missing:
        return [
            Error(
                _("防改动的触发器缺了 {count} 个。").format(count=len(missing)),
                hint=_("运行 doudi migrate 会重新设置；再运行 doudi fsck 看记录是否被动过。"),
                id="doudi.E011",
            )
        ]
    return []
