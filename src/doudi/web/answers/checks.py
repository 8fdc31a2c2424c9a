"""What is kept for answers says what its events say."""

from __future__ import annotations

from collections.abc import Iterator

from doudi.web.answers.models import KeptAnswer, KeptAnswerEvent, KeptEvent, Phrase, PhraseEvent
from doudi.web.records.services import is_told_by
from doudi.web.registry.proof import Fault, Walk, fault, grouped


def told(walk: Walk) -> Iterator[Fault]:
    """Each record against its events, which tell every version of it."""
    yield from _each(walk, Phrase, PhraseEvent)
    yield from _each(walk, KeptAnswer, KeptAnswerEvent)


def _each(walk: Walk, table: type[Phrase] | type[KeptAnswer], events_of: type[KeptEvent]) -> Iterator[Fault]:
    name = f"{events_of.RECORD}_id"
    for rows in walk.over(table._default_manager.all()):
        told_of = events_of._default_manager.filter(**{f"{name}__in": [row.pk for row in rows]})
        events = grouped(told_of.order_by(name, "seq"), name)
        for row in rows:
            if not is_told_by(row, events[row.pk]):
                yield fault("answers.unlike_events", row.journal_name, "与事件重放的结果不同。")
