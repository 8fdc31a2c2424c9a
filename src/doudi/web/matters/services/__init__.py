"""The only writer of matters. Every step raises ``version`` by one and appends the one event that tells it.

Who comes second with an old version is told so (StaleMatterError) and nothing is lost. The holder changes only
together with its Assignment and its Decision.
"""

from doudi.web.matters.services.applying import answer, apply, refer, settle_by_ruling, withdraw
from doudi.web.matters.services.describing import describe_ambiguity
from doudi.web.matters.services.dispatching import dispatch, dispatch_many, merge, void
from doudi.web.matters.services.intake import NewMatter, accept, question_for
from doudi.web.matters.services.passing import pass_on
from doudi.web.matters.services.securing import make_safe
from doudi.web.matters.services.silence import count_silence, silence_counts
from doudi.web.matters.services.steps import (
    answer_report,
    handle,
    log_emergency_call,
    note,
    reopen,
    reopen_report,
    take,
    verify,
)
from doudi.web.matters.services.supporting import add_support, finish_support
from doudi.web.matters.services.tasking import excuse_task, finish_task, move_task, open_task
from doudi.web.matters.services.urging import answer_urge, urge, urge_by_timer
from doudi.web.matters.services.writing import step, tell

__all__ = [
    "NewMatter", "accept", "add_support", "answer", "answer_report", "answer_urge", "apply", "count_silence", "describe_ambiguity",
    "dispatch", "dispatch_many",
    "excuse_task", "finish_support", "finish_task", "handle", "log_emergency_call", "make_safe", "merge", "move_task",
    "note", "open_task", "pass_on", "question_for", "refer",
    "reopen", "reopen_report", "settle_by_ruling", "silence_counts", "step", "take", "tell", "urge", "urge_by_timer", "verify",
    "void", "withdraw",
]
