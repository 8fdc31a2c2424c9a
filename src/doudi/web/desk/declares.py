"""The desk's own ways: the desk itself, what a post has to do, the reports."""

from __future__ import annotations

from doudi.engine.people.vocabulary import Power
from doudi.web.desk.pages.decisions import DECIDERS
from doudi.web.desk.sheets import KINDS
from doudi.web.registry.declared import Declared, NavItem

DECLARES: tuple[Declared, ...] = (
    *KINDS,
    NavItem("decisions", "待我定", "checks", 5, frozenset(DECIDERS)),
    NavItem("desk", "工作台", "dashboard", 10, frozenset({Power.SEE_DESK})),
    NavItem("work", "我的待办", "list", 20, frozenset({Power.SEE_OWN})),
    NavItem("reports", "诉求单", "message", 30, frozenset({Power.REPLY})),
)
