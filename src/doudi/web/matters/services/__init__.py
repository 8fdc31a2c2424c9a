"""The only writer of matters. Every step raises ``version`` by one and appends the one event that tells it.

Who comes second with an old version is told so (StaleError) and nothing is lost. The holder changes only
together with its Assignment and its Decision.
"""

from doudi.web.matters.services.applying import answer, apply, refer, settle_by_ruling, withdraw
from doudi.web.matters.services.bonding import Adopted, adopt_bonds, bonds_to_adopt
from doudi.web.matters.services.calling_back import hinders
from doudi.web.matters.services.describing import describe_ambiguity
from doudi.web.matters.services.dispatching import dispatch, dispatch_many, merge, part, split, void
from doudi.web.matters.services.erasing import block_said, erase_said, photographs_of, unblock_said
from doudi.web.matters.services.following_up import call_back, settle_warning, warn
from doudi.web.matters.services.handing_over import fall_back, take_over
from doudi.web.matters.services.heeding import (
    add_to_report,
    hear_again,
    judge_danger,
    log_contact,
    note,
    rate_report,
    reopen_report,
    set_apart,
)
from doudi.web.matters.services.intake import NewMatter, accept, question_for, told_again
from doudi.web.matters.services.lanes import danger_columns
from doudi.web.matters.services.locking import in_turn, step
from doudi.web.matters.services.noting import confirm_holder, note_dispute, note_evasion, note_order, place_at
from doudi.web.matters.services.passing import pass_on
from doudi.web.matters.services.receipts import as_stored
from doudi.web.matters.services.recounting import recount_provisional
from doudi.web.matters.services.secrecy import (
    clues_in,
    first_retelling,
    keep_secret,
    lift_restriction,
    may_reveal_numbers,
    restrict,
    retell,
    reveal_numbers,
)
from doudi.web.matters.services.securing import keep_traces, make_safe
from doudi.web.matters.services.silence import count_silence, silence_counts
from doudi.web.matters.services.steps import (
    answer_report,
    change_upstream_due,
    handle,
    order_unanswered,
    reopen,
    take,
    tell_of_correction,
    verify,
)
from doudi.web.matters.services.supporting import add_support, ask_to_excuse, finish_support, urge_support
from doudi.web.matters.services.tasking import excuse_task, finish_task, move_task, open_task
from doudi.web.matters.services.telling import hear_acknowledged, log_call
from doudi.web.matters.services.undoing import undo, undo_until
from doudi.web.matters.services.urging import answer_urge, remind_by_timer, urge

__all__ = [
    "Adopted",
    "NewMatter",
    "accept",
    "add_support",
    "add_to_report",
    "adopt_bonds",
    "answer",
    "answer_report",
    "answer_urge",
    "apply",
    "as_stored",
    "ask_to_excuse",
    "block_said",
    "bonds_to_adopt",
    "call_back",
    "change_upstream_due",
    "clues_in",
    "confirm_holder",
    "count_silence",
    "danger_columns",
    "describe_ambiguity",
    "dispatch",
    "dispatch_many",
    "erase_said",
    "excuse_task",
    "fall_back",
    "finish_support",
    "finish_task",
    "first_retelling",
    "handle",
    "hear_acknowledged",
    "hear_again",
    "hinders",
    "in_turn",
    "judge_danger",
    "keep_secret",
    "keep_traces",
    "lift_restriction",
    "log_call",
    "log_contact",
    "make_safe",
    "may_reveal_numbers",
    "merge",
    "move_task",
    "note",
    "note_dispute",
    "note_evasion",
    "note_order",
    "open_task",
    "order_unanswered",
    "part",
    "pass_on",
    "photographs_of",
    "place_at",
    "question_for",
    "rate_report",
    "recount_provisional",
    "refer",
    "remind_by_timer",
    "reopen",
    "reopen_report",
    "restrict",
    "retell",
    "reveal_numbers",
    "set_apart",
    "settle_by_ruling",
    "settle_warning",
    "silence_counts",
    "split",
    "step",
    "take",
    "take_over",
    "tell_of_correction",
    "told_again",
    "unblock_said",
    "undo",
    "undo_until",
    "urge",
    "urge_support",
    "verify",
    "void",
    "warn",
    "withdraw",
]
