"""What is kept for answers says what its events say."""

from __future__ import annotations

from collections.abc import Iterator

from doudi.web.answers.models import Phrase, PhraseEvent
from doudi.web.journal.services import plain
from doudi.web.registry.proof import Fault, Walk, fault, grouped, told_by


def told(walk: Walk) -> Iterator[Fault]:
    """Each record against its events, which tell every version of it."""
    for rows in walk.over(Phrase.objects.all()):
        events = grouped(PhraseEvent.objects.filter(phrase__in=rows).order_by("phrase_id", "seq"), "phrase_id")
        for row in rows:
            state = told_by(events[row.pk])
            whole = [one.seq for one in events[row.pk]] == list(range(1, row.version + 1))
            if not whole or any(state.get(column) != plain(getattr(row, column)) for column in Phrase.TOLD):
                yield fault("answers.unlike_events", row.journal_name, "与事件重放的结果不同。")
