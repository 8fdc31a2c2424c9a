"""The only writer of matters. Every step raises ``version`` by one and appends the one event that tells it.

Who comes second with an old version is told so (StaleMatterError) and nothing is lost. The holder changes only
together with its Assignment and its Decision.
"""

from doudi.web.matters.services.dispatching import add_support, dispatch, finish_support, merge, void
from doudi.web.matters.services.intake import NewMatter, accept, question_for
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

__all__ = [
    "NewMatter", "accept", "add_support", "answer_report", "dispatch", "finish_support", "handle", "log_emergency_call",
    "merge", "note", "question_for", "reopen", "reopen_report", "take", "verify", "void",
]
