"""The receipt of what the duties said."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from doudi.engine.duties.book import Answer, Question
from doudi.engine.messages import Listed
from doudi.engine.messages import Message as Sentence
from doudi.engine.messages import msg as sentence
from doudi.web.journal.models import FreeText
from doudi.web.matters.models import (
    Decision,
    Matter,
)
from doudi.web.people.actor import SYSTEM, Actor
from doudi.web.rulebook.queries import Rulebook

#: the layer of a matter whose holder had done it before it was accepted
ON_SPOT = "on_spot"


def receipt(
    matter: Matter,
    answer: Answer,
    inputs: Mapping[str, object],
    rulebook: Rulebook,
    now: datetime,
    *,
    by: Actor = SYSTEM,
    text: FreeText | None = None,
) -> Decision:
    """The unsaved receipt of what the duties said."""
    return Decision(
        matter=matter,
        by_person=by.person,
        rulebook_id=rulebook.version.number,
        rules=list(answer.rules),
        layer=str(answer.layer),
        status=str(answer.status),
        inputs=dict(inputs),
        runners_up=[
            {"rule": one.rule, "holder": one.holder, "outranked_by": one.outranked_by} for one in answer.runners_up
        ],
        reason=as_stored(answer.reason),
        words=text,
        at=now,
    )


def done_in_place(decision: Decision, answer: Answer, by: Actor) -> None:
    """Whoever came by has done it already: their post holds, and what the rules would have said is kept beside it."""
    decision.status = decision.layer = ON_SPOT
    decision.by_person = by.person
    decision.reason = as_stored(sentence("到场的人当场处理，由其岗位承办（规则建议：{advice}）", advice=answer.reason))


def again(earlier: Decision, status: str, now: datetime) -> Decision:
    """What was decided holds from now on (again): the stored receipt, with the day and the words of then."""
    copied = (
        "matter_id",
        "by_person_id",
        "rulebook_id",
        "rules",
        "layer",
        "inputs",
        "runners_up",
        "reason",
        "words_id",
    )
    held = Decision(**{column: getattr(earlier, column) for column in copied}, status=status, at=now)
    held.save(force_insert=True)
    return held


def as_stored(reason: Sentence) -> dict[str, object]:
    """A sentence as a receipt keeps it: the template and its facts, so that all of it can be said in either language."""
    return {"template": reason.template, "facts": {name: _stored_fact(fact) for name, fact in reason.facts.items()}}


def _stored_fact(fact: object) -> object:
    match fact:
        case Sentence():
            return as_stored(fact)
        case Listed():
            return [_stored_fact(one) for one in fact]
    return str(fact)


def inputs_of(question: Question) -> dict[str, object]:
    return {
        "kind": question.kind,
        "unit_type": question.unit_type,
        "area": question.area,
        "hours": str(question.hours),
        "facts": dict(question.facts),
        "day": question.day.isoformat(),
    }
