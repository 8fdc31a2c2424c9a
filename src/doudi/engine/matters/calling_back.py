"""The town's own call-back (回访): who may make it, what is asked in whose words, and which answers warn."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from doudi.engine.errors import DoudiError
from doudi.engine.messages import Listed, Message, msg

#: under this name the town keeps its own questions; under the name of a system above those of that system
OWN = "any"


class CallBackError(DoudiError):
    """Somebody may not call back, or what was asked was not answered in the words for it."""


@dataclass(frozen=True, slots=True)
class Worked:
    """Who has worked on what a report asks: people by key, offices by code with their names."""

    people: frozenset[str]
    offices: Mapping[str, str]


def hindrance(person: str, offices: Collection[str], worked: Worked) -> Message | None:
    """Why somebody who sits in ``offices`` may not call back; None where they stand apart from the work."""
    if person in worked.people:
        return msg("您办过或答复过这件事，回访要由没有经手的人来做。")
    if near := [name for code, name in worked.offices.items() if code in offices]:
        return msg("回访要由承办单位以外的人来做：{offices}办过这件事。", offices=Listed(near))
    return None


@dataclass(frozen=True, slots=True)
class Satisfaction:
    """``questions``: each with its answers, in the order in which they are asked. ``low``: the answers that warn."""

    questions: Mapping[str, tuple[str, ...]]
    low: frozenset[str]

    @classmethod
    def read(cls, sets: Mapping[str, Sequence[Mapping[str, Any]]], low: Sequence[str], system: str) -> Satisfaction:
        """The words of the system an order came from, where the town knows them, else the town's own.

        Each question is written ``{ask: 是否解决, answers: [已解决, 未解决]}``.
        """
        asked = sets[system if system in sets else OWN] if sets else ()
        return cls({str(one["ask"]): tuple(map(str, one["answers"])) for one in asked}, frozenset(map(str, low)))

    def checked(self, answers: Mapping[str, str]) -> dict[str, str]:
        """The answers in the order of the questions. Raises CallBackError where one is missing or none of its words."""
        for question, words in self.questions.items():
            if answers.get(question) not in words:
                raise CallBackError("接通了的，请把“{question}”选上。", question=question)
        return {question: answers[question] for question in self.questions}

    def warns(self, answers: Mapping[str, str]) -> bool:
        """Whether somebody who answers so is inclined to be dissatisfied."""
        return not self.low.isdisjoint(answers.values())
