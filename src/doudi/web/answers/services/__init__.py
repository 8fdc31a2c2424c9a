"""The only writer of what a town keeps for its answers."""

from doudi.web.answers.services.phrases import (
    NewPhrase,
    change_phrase,
    end_phrase,
    enter_phrase,
    enter_shipped,
    restore_phrase,
)

__all__ = ["NewPhrase", "change_phrase", "end_phrase", "enter_phrase", "enter_shipped", "restore_phrase"]
