"""Phrases: entered by the desk, changed by versions, ended, brought back."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from doudi.engine.answers.filling import require_fields
from doudi.engine.answers.vocabulary import Situation
from doudi.engine.people.vocabulary import Power
from doudi.web.answers.models import Phrase, PhraseEvent
from doudi.web.answers.services import keeping
from doudi.web.answers.shipped import shipped_phrases
from doudi.web.journal.services import unit_of_work
from doudi.web.people.actor import Actor


@dataclass(frozen=True, slots=True)
class NewPhrase:
    """What a phrase says. ``kind``: of a kind or a group of kinds; empty: for any."""

    name: str
    situation: Situation
    text: str
    kind: str = ""


@unit_of_work()
def enter_phrase(actor: Actor, new: NewPhrase) -> Phrase:
    """Raises `PhraseError` for fields that nobody can fill."""
    actor.require(Power.KEEP_PHRASES)
    require_fields(new.text)
    return keeping.enter(actor, Phrase(**asdict(new)), PhraseEvent)


@unit_of_work()
def change_phrase(actor: Actor, phrase: Phrase, new: NewPhrase) -> None:
    """Raises `KeptError` where nothing differs."""
    actor.require(Power.KEEP_PHRASES)
    require_fields(new.text)
    keeping.alter(actor, phrase, PhraseEvent, asdict(new))


@unit_of_work()
def end_phrase(actor: Actor, phrase: Phrase) -> None:
    actor.require(Power.KEEP_PHRASES)
    keeping.end(actor, phrase, PhraseEvent)


@unit_of_work()
def restore_phrase(actor: Actor, phrase: Phrase, to: int) -> None:
    """Bring back what version ``to`` said."""
    actor.require(Power.KEEP_PHRASES)
    keeping.restore(actor, phrase, PhraseEvent, to)


@unit_of_work()
def enter_shipped(actor: Actor) -> int:
    """Enter the phrases that come with the software, where the town never had one. Returns how many."""
    actor.require(Power.KEEP_PHRASES)
    if Phrase.objects.exists():
        return 0
    return len([enter_phrase(actor, NewPhrase(name, situation, text)) for name, situation, text in shipped_phrases()])
