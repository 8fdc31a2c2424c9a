"""Checks that look across slices: the store beneath, the chain with its events, the sums."""

from __future__ import annotations

from doudi.web.fsck import chain, storage, taken, town
from doudi.web.registry.declared import Check, Declared

DECLARES: tuple[Declared, ...] = (
    Check("database", "数据库完好，没有悬空的引用", storage.database),
    Check("guards", "只增不改的表有触发器守着", storage.guards),
    Check("chain", "留痕链首尾完整", chain.unbroken),
    Check("leaves", "每条留痕与它的事件一致", chain.leaves),
    Check("events", "每个事件都有留痕", chain.events),
    Check("words", "群众和经办人的原话与留痕的承诺值一致", chain.words),
    Check("units", "每个场所编码正确、类型有效、只有一块在用的码牌", town.units),
    Check("photographs", "照片与留痕承诺的是同一张", town.photographs),
    Check("taken", "诉求单收下的内容与留痕承诺的相同", taken.in_full),
    Check("sums", "按区域、承办岗、状态的合计与总数一致", storage.sums),
    Check("jobs", "后台任务没有搁置", storage.jobs),
)
