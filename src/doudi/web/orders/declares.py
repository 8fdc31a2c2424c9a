"""What belongs to orders from above: who is asked to sign, what must be true of what left, and of what was
written down of the systems."""

from __future__ import annotations

from doudi.engine.upstream.vocabulary import OrderNotice
from doudi.web.orders import checks
from doudi.web.orders.services import ask_signers
from doudi.web.registry.declared import Check, Declared, NoticeKind, Sweep

DECLARES: tuple[Declared, ...] = (
    NoticeKind(OrderNotice.TO_SIGN),
    Sweep("answers_to_sign", ask_signers, slow=True),
    Check("order_signing", "要签发的答复，没有签发的没有送出", checks.unsigned_left),
    Check("order_quota", "上级申请不超过每季额度", checks.quotas),
)
