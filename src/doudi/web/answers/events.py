"""What happens to what is kept for answers, as people read it: declared, and shown in the history of each."""

from __future__ import annotations

from doudi.engine.answers.vocabulary import PhraseEventKind
from doudi.web.registry.declared import EventKind

EVENT_KINDS = (
    EventKind(PhraseEventKind.ENTERED, "登记", "plus", "work"),
    EventKind(PhraseEventKind.CHANGED, "修改", "edit", "work"),
    EventKind(PhraseEventKind.ENDED, "停用", "x", "away"),
    EventKind(PhraseEventKind.RESTORED, "恢复第 {to} 版", "history", "work"),
)
