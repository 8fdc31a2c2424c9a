"""The only writer of what a town keeps for its answers."""

from doudi.web.answers.services.kept import (
    NewAnswer,
    ask_owners,
    change_answer,
    end_answer,
    enter_answer,
    restore_answer,
)
from doudi.web.answers.services.phrases import (
    NewPhrase,
    change_phrase,
    end_phrase,
    enter_phrase,
    enter_shipped,
    restore_phrase,
)

__all__ = [
    "NewAnswer",
    "NewPhrase",
    "ask_owners",
    "change_answer",
    "change_phrase",
    "end_answer",
    "end_phrase",
    "enter_answer",
    "enter_phrase",
    "enter_shipped",
    "restore_answer",
    "restore_phrase",
]
