"""The proof on a live database: every line of what is always true, read only, on one picture of the whole town.

Nothing is locked: people go on working while it runs. Memory stays the same for a thousand matters and a million.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction

from doudi.web.fsck import asking, chain, disputes, hands, matters, promises, reports, storage, town
from doudi.web.fsck.faults import Check, Fault, Progress, Walk

CHECKS: tuple[Check, ...] = (
    Check("database", "数据库完好，没有悬空的引用", storage.database),
    Check("guards", "只增不改的表有触发器守着", storage.guards),
    Check("matters", "每件事项时刻恰有一个承办岗，核查的人不是处置的人，事件重放与记录一致", matters.lives),
    Check("kinds", "每件事项的类型在它受理时的规则手册里", matters.known_kinds),
    Check("supports", "已结束的事项没有未了的协办", matters.supports),
    Check("asking", "每份申请、每次催办与事件重放一致", asking.told),
    Check("holder_stays", "改派申请答复之前承办岗不变，事项结束就没有未答复的申请", asking.holder_stays),
    Check("waits", "已结束的事项没有未了的任务和催办", asking.waits),
    Check("hands", "每张派工单与事件重放一致，为谁兜底的台账由它们算出", hands.told),
    Check("merges", "并案并入的是另一件，诉求一项不落", matters.merges),
    Check("disputes", "未结的争议有未结的事项和本级的计时，已裁定的恰有一个裁定", disputes.lives),
    Check("rulings", "裁定的岗位承办着（以后另有决定的除外），超出一件事的裁定写成了规则", disputes.rulings),
    Check("evasions", "先有裁定才有推诿", disputes.evasions),
    Check("statements", "陈述过的都有时刻，用过的链接不能再用", disputes.statements),
    Check("reports", "每张诉求单有答复岗、有承办事项、各自答复，事件重放与记录一致", reports.lives),
    Check("external_ids", "同一外部编号只有一张诉求单", reports.external_ids),
    Check("due_moments", "每个到期时刻与时限和日历一致", promises.due_moments),
    Check("upstream_due", "上级时限照原文，从不推算", promises.upstream_due),
    Check("chain", "留痕链首尾完整", chain.unbroken),
    Check("leaves", "每条留痕与它的事件一致", chain.leaves),
    Check("events", "每个事件都有留痕", chain.events),
    Check("words", "群众和经办人的原话与留痕的承诺值一致", chain.words),
    Check("rulebooks", "发布过的规则手册没有改动", town.rulebooks),
    Check("backstops", "每个区域都有兜底岗", town.backstops),
    Check("posts", "只有镇属和派驻的岗位能承办", town.posts),
    Check("units", "每个场所编码正确、类型有效、只有一块在用的码牌", town.units),
    Check("uploads", "记录里的文件都在磁盘上", town.uploads),
    Check("sums", "按区域、承办岗、状态的合计与总数一致", storage.sums),
    Check("jobs", "后台任务没有搁置", storage.jobs),
)


def examine(progress: Progress | None = None) -> Iterator[Fault]:
    """Every fault of the town, check by check. ``progress`` also hears the name of each check as it begins."""
    with _one_picture():
        for check in CHECKS:
            if progress:
                progress(check.name, 0, 0)
            yield from check.run(Walk(check.name, progress))


@contextmanager
def _one_picture() -> Iterator[None]:
    """Read from one snapshot that nobody can write through and that keeps nobody from writing."""
    if connection.in_atomic_block:
        yield
    elif connection.vendor == "postgresql":
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            yield
    else:
        # Django's own transactions begin IMMEDIATE here and would keep writers out for as long as this takes.
        connection.ensure_connection()
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA query_only=ON")
            cursor.execute("BEGIN DEFERRED")
            try:
                yield
            finally:
                cursor.execute("ROLLBACK")
                cursor.execute("PRAGMA query_only=OFF")
