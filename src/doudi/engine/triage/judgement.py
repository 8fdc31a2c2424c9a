"""What is clear about a report and what is not, measured by who would hold it.

Two likely kinds that the same post holds are no ambiguity. One certain kind in a gap is one.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

from doudi.engine.duties.book import Answer, AnswerStatus, DutyBook, Question
from doudi.engine.kinds.catalogue import Catalogue
from doudi.engine.triage.candidates import Candidate, likely_kinds
from doudi.engine.triage.learned import MOST_LIKELY, learned_kinds
from doudi.engine.triage.whole_text import WholeText


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
    text: str,
    picked_kind: str | None,
    catalogue: Catalogue,
    book: DutyBook,
    question_without_kind: Question,
    model: WholeText | None = None,
) -> Judgement:
    """Judge a demand from its words and, where the reporter picked one, its kind.

    A picked kind wins over the words, if the catalogue has it; words are read by ``model`` where there is one, else by
    the catalogue's own. ``question_without_kind`` says the rest: where, at what hour, on which day; its kind is not
    looked at.
    """
    new = False
    if picked_kind is not None and picked_kind in catalogue:
        candidates: tuple[Candidate, ...] = (Candidate(picked_kind, 1.0, ()),)
    elif model is not None:
        candidates, new = learned_kinds(text, catalogue, model)
    else:
        candidates = likely_kinds(text, catalogue)
    answered = tuple(
        (candidate, book.answer(replace(question_without_kind, kind=candidate.kind))) for candidate in candidates
    )
    if new or not answered:
        unasked = book.answer(replace(question_without_kind, kind=None))
        return Judgement(JudgementCode.NEW, None, unasked, answered)
    best, answer = answered[0]
    likely = [each for candidate, each in answered if candidate.likely]
    if len({(each.status, each.post) for each in likely}) == 1 and len(likely) < MOST_LIKELY:
        return Judgement(_CODES[answer.status], best.kind, answer, answered)
    unsettled = book.answer(replace(question_without_kind, kind=None))
    return Judgement(JudgementCode.KIND_UNCLEAR, None, unsettled, answered)
