"""The only place from which what people said is erased or blocked: at night by the rulebook's figures, and when asked for.

What copies there are, and what erasure does to each, stands in ``docs/security/copies.md``.
"""

from doudi.web.retention.services.asking import OUTCOMES, RequestError, answer, ask, hand_copy
from doudi.web.retention.services.erasing import (
    KeptError,
    block_report,
    erase_contact,
    erase_named,
    erase_photographs,
    erase_report,
    open_blocked,
    unblock_report,
)
from doudi.web.retention.services.nightly import keep_to_figures, plan_night
from doudi.web.retention.services.register import follow
from doudi.web.retention.services.restoring import erase_again, unkept
from doudi.web.retention.services.telling import tell_takers

__all__ = [
    "OUTCOMES",
    "KeptError",
    "RequestError",
    "answer",
    "ask",
    "block_report",
    "erase_again",
    "erase_contact",
    "erase_named",
    "erase_photographs",
    "erase_report",
    "follow",
    "hand_copy",
    "keep_to_figures",
    "open_blocked",
    "plan_night",
    "tell_takers",
    "unblock_report",
    "unkept",
]
