"""What happens to what is kept for answers, as people read it: declared, and shown in the history of each."""

from __future__ import annotations

from doudi.engine.answers.vocabulary import KeptAnswerEventKind, PhraseEventKind
from doudi.web.registry.declared import EventKind

PHRASE_KINDS = (
    EventKind(PhraseEventKind.ENTERED, "登记", "plus", "work"),
    EventKind(PhraseEventKind.CHANGED, "修改", "edit", "work"),
    EventKind(PhraseEventKind.ENDED, "停用", "x", "away"),
    EventKind(PhraseEventKind.RESTORED, "恢复第 {to} 版", "history", "work"),
)
KEPT_KINDS = (
    EventKind(KeptAnswerEventKind.ENTERED, "登记", "plus", "work"),
    EventKind(KeptAnswerEventKind.CHANGED, "修改", "edit", "work"),
    EventKind(KeptAnswerEventKind.ENDED, "停用", "x", "away"),
    EventKind(KeptAnswerEventKind.RESTORED, "恢复第 {to} 版", "history", "work"),
)
