"""What belongs to looks: the auditor's way to them, and that they are only added."""

from __future__ import annotations

from doudi.engine.people.vocabulary import Power
from doudi.web.looks import checks
from doudi.web.looks.models import Look
from doudi.web.looks.pages import EXPORT
from doudi.web.registry.declared import Check, Declared, Guard, NavItem

DECLARES: tuple[Declared, ...] = (
    EXPORT,
    NavItem("looks", "查看记录", "eye", 85, frozenset({Power.AUDIT})),
    Check("looks", "每次查看保密内容都有留痕，查看号码都写了用途", checks.leaves),
    Guard(Look._meta.db_table),
)
