"""What belongs to answers: what happens to what is kept for them."""

from __future__ import annotations

from doudi.engine.answers.vocabulary import AnswerNotice
from doudi.engine.people.vocabulary import Power
from doudi.web.answers import checks
from doudi.web.answers.events import KEPT_KINDS, PHRASE_KINDS
from doudi.web.answers.models import KeptAnswerEvent, PhraseEvent
from doudi.web.answers.services import ask_owners
from doudi.web.registry.declared import Check, Declared, Events, Guard, NavItem, NoticeKind, Sweep

DECLARES: tuple[Declared, ...] = (
    Events(PhraseEvent, record="phrase", number="phrase_id", kinds=PHRASE_KINDS, complete=True),
    Events(KeptAnswerEvent, record="kept", number="kept_id", kinds=KEPT_KINDS, complete=True),
    NoticeKind(AnswerNotice.EXPIRED),
    Sweep("expired_answers", ask_owners, slow=True),
    Check("answers", "常用语、口径与它们的事件重放一致", checks.told),
    NavItem("kept_answers", "口径", "book", 35, frozenset({Power.CONTACT_REPORTER, Power.SEE_DESK}), also=("phrases",)),
    Guard(PhraseEvent._meta.db_table),
    Guard(KeptAnswerEvent._meta.db_table),
)
