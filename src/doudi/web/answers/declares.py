"""What belongs to answers: what happens to what is kept for them."""

from __future__ import annotations

from doudi.engine.people.vocabulary import Power
from doudi.web.answers import checks
from doudi.web.answers.events import EVENT_KINDS
from doudi.web.answers.models import PhraseEvent
from doudi.web.registry.declared import Check, Declared, Events, Guard, NavItem

DECLARES: tuple[Declared, ...] = (
    Events(PhraseEvent, record="phrase", number="phrase_id", kinds=EVENT_KINDS, complete=True),
    Check("answers", "常用语与它们的事件重放一致", checks.told),
    NavItem("phrases", "常用语", "messages", 35, frozenset({Power.KEEP_PHRASES})),
    Guard(PhraseEvent._meta.db_table),
)
