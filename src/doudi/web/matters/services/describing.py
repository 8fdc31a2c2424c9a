"""The desk says in which way a matter is not clear, where the rules cannot see it."""

from __future__ import annotations

from collections.abc import Iterable

from doudi.engine.matters.ambiguity import described
from doudi.web.journal.services import keep_words, record
from doudi.web.matters.errors import MatterStepError
from doudi.web.matters.models import Matter
from doudi.web.matters.services import writing
from doudi.web.people.actor import Actor


@writing.step
def describe_ambiguity(actor: Actor, matter: Matter, codes: Iterable[str], doubts: Iterable[str], words: str = "") -> None:
    """Which of the twelve sorts it is, and what is in doubt."""
    actor.require("dispatch")
    try:
        said = described(codes, doubts)
    except ValueError:
        raise MatterStepError("没有这一种模糊类型，请从列表里选。") from None
    changes = {"ambiguity": list(said.codes), "doubts": list(said.doubts)}
    record([writing.tell(actor, matter, "ambiguity_described", changes, {}, keep_words(words), post=actor.post_for("dispatch"))])
