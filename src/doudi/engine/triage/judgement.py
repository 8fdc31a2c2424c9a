"""What is clear about a report and what is not, measured by who would hold it.

Two likely kinds that the same post holds are no ambiguity. One certain kind in a gap is one.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

from doudi.engine.duties.book import Answer, AnswerStatus, DutyBook, Question
from doudi.engine.kinds.catalogue import Catalogue
from doudi.engine.triage.candidates import Candidate, likely_kinds


class JudgementCode(StrEnum):
    """``CLEAR``: a rule names the holder. All others: what a person at the desk must look at."""

    CLEAR = "clear"
    KIND_UNCLEAR = "kind_unclear"
    PLACE_UNCLEAR = "place_unclear"
    GAP = "gap"
    CONFLICT = "conflict"
    NEW = "new"
    NO_POST = "no_post"


_CODES = {
    AnswerStatus.RULE: JudgementCode.CLEAR,
    AnswerStatus.GAP: JudgementCode.GAP,
    AnswerStatus.CONFLICT: JudgementCode.CONFLICT,
    AnswerStatus.NO_KIND: JudgementCode.NEW,
    AnswerStatus.NO_PLACE: JudgementCode.PLACE_UNCLEAR,
    AnswerStatus.NO_POST: JudgementCode.NO_POST,
}


@dataclass(frozen=True, slots=True)
class Judgement:
    """``answer`` says who holds now; ``kind`` is None while it is not clear enough to name one.

    ``candidates`` are the likely kinds, the likeliest first, each with the answer it would lead to.
    """

    code: JudgementCode
    kind: str | None
    answer: Answer
    candidates: tuple[tuple[Candidate, Answer], ...]


def judge(
    text: str, picked_kind: str | None, catalogue: Catalogue, book: DutyBook, question_without_kind: Question
) -> Judgement:
    """Judge a demand from its words and, where the reporter picked one, its kind.

    A picked kind wins over the words, if the catalogue has it. ``question_without_kind`` says the rest:
    where, at what hour, on which day; its kind is not looked at.
    """
    candidates = _picked(picked_kind) if picked_kind in catalogue else likely_kinds(text, catalogue)
    answered = tuple(
        (candidate, book.answer(replace(question_without_kind, kind=candidate.kind))) for candidate in candidates
    )
    if not answered:
        unasked = book.answer(replace(question_without_kind, kind=None))
        return Judgement(JudgementCode.NEW, None, unasked, ())
    best, answer = answered[0]
    if len({(each.status, each.post) for _, each in answered}) == 1:
        return Judgement(_CODES[answer.status], best.kind, answer, answered)
    unsettled = book.answer(replace(question_without_kind, kind=None))
    return Judgement(JudgementCode.KIND_UNCLEAR, None, unsettled, answered)


def _picked(kind: str | None) -> tuple[Candidate, ...]:
    return (Candidate(kind, 1.0, ()),) if kind is not None else ()
