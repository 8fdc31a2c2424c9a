"""The only writers of handovers and slips."""

from __future__ import annotations

from doudi.web.shifts.services.erasing import block_said, erase_said, unblock_said
from doudi.web.shifts.services.handing import HandoverError, NewItem, Settled, begin, cancel, settle, take_left
from doudi.web.shifts.services.slips import SlipError, claim, fill, make_pack, void

__all__ = [
    "HandoverError",
    "NewItem",
    "Settled",
    "SlipError",
    "begin",
    "block_said",
    "cancel",
    "claim",
    "erase_said",
    "fill",
    "make_pack",
    "settle",
    "take_left",
    "unblock_said",
    "void",
]
