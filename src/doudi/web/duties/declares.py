"""What belongs to duties: the alarm about rules that cannot be applied."""

from __future__ import annotations

from doudi.web.duties import checks
from doudi.web.duties.rule_alarms import RULE_FAULT, alarm_rule_faults
from doudi.web.registry.declared import Check, Declared, Sweep

DECLARES: tuple[Declared, ...] = (
    Sweep("rule_faults", alarm_rule_faults),
    RULE_FAULT,
    Check("backstops", "每个区域都有兜底岗", checks.backstops),
)
