"""The desk says in which way a matter is not clear, where the rules cannot see it."""

from __future__ import annotations

from collections.abc import Iterable

from doudi.engine.matters.ambiguity import described
from doudi.engine.matters.vocabulary import MatterEventKind
from doudi.engine.people.vocabulary import Power
from doudi.web.journal.services import keep_text
from doudi.web.matters.errors import MatterStepError
from doudi.web.matters.models import Matter
from doudi.web.matters.reach import require_on
from doudi.web.matters.services import locking, transitions
from doudi.web.people.actor import Actor


@locking.step
def describe_ambiguity(
    actor: Actor, matter: Matter, codes: Iterable[str], doubts: Iterable[str], text: str = ""
) -> None:
    """Which of the twelve sorts it is, and what is in doubt."""
    desk = require_on(actor, Power.DISPATCH, matter)
    try:
        said = described(codes, doubts)
    except ValueError:
        raise MatterStepError("没有这一种模糊类型，请从列表里选。") from None
    changes = {"ambiguity": list(said.codes), "doubts": list(said.doubts)}
    kept = keep_text(text)
    transitions.transition(actor, matter, MatterEventKind.AMBIGUITY_DESCRIBED, changes, {}, kept, post=desk)
