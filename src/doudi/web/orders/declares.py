"""What belongs to orders from above: what must be true of what left, and of what was written down of the systems."""

from __future__ import annotations

from doudi.web.orders import checks
from doudi.web.registry.declared import Check, Declared

DECLARES: tuple[Declared, ...] = (
    Check("order_signing", "要签发的答复，没有签发的没有送出", checks.unsigned_left),
    Check("order_quota", "上级申请不超过每季额度", checks.quotas),
)
