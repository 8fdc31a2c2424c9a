"""What is asked of the duties, and what they answer: always one post, and why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from doudi.engine.duties.layers import Layer
from doudi.engine.duties.rules import Hours
from doudi.engine.kinds.catalogue import Competent
from doudi.engine.messages import Message


@dataclass(frozen=True, slots=True)
class Question:
    """Who holds a matter of this kind, at this kind of place, here, at this hour, on this day?

    ``None`` and facts that are not given mean "not known", which only rules that do not look there match.
    """

    kind: str | None
    unit_type: str | None
    area: str | None
    hours: Hours
    facts: Mapping[str, str] = field(hash=False)
    day: date


class AnswerStatus(StrEnum):
    """``RULE``: a rule names the holder. All others: why the duty desk or a backstop holds."""

    RULE = "rule"
    GAP = "gap"
    CONFLICT = "conflict"
    NO_KIND = "no_kind"
    NO_PLACE = "no_place"
    NO_POST = "no_post"


@dataclass(frozen=True, slots=True)
class RunnerUp:
    """A rule that matched and does not hold: its id, the role it names, and the rule that outranks it.

    ``outranked_by`` is None for the rivals of a conflict and for a rule whose post was not found.
    """

    rule: str
    holder: str
    outranked_by: str | None


@dataclass(frozen=True, slots=True)
class Answer:
    """``post`` holds. ``rules`` decide it, or stand in conflict; ``supports`` are posts that help, each with its bond."""

    status: AnswerStatus
    post: str
    layer: Layer
    rules: tuple[str, ...]
    supports: Mapping[str, str]
    competent: Competent | None
    runners_up: tuple[RunnerUp, ...]
    reason: Message
