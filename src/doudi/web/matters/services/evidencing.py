"""What the kind of a matter wants shown is there, or it is said why not."""

from __future__ import annotations

from collections.abc import Mapping

from doudi.engine.kinds.evidence import BEFORE_PHOTO, Lack, is_photo, reasons_for
from doudi.web.matters.errors import MatterStepError
from doudi.web.matters.models import Matter
from doudi.web.matters.queries import asked_evidence
from doudi.web.rulebook.queries import Rulebook
from doudi.web.rulebook.wording import EVIDENCE


def require_evidence(
    matter: Matter, rulebook: Rulebook, shown: bool, texts: Mapping[str, str], lacking: Mapping[str, Lack]
) -> dict[str, str]:
    """What is missing of the evidence that the kind names, each with its reason. Raises `MatterStepError` without one.

    ``shown``: photographs come with the step; ``texts``: what is written beside it, by the name of the evidence.
    """
    missing: dict[str, str] = {}
    for name in asked_evidence(matter, rulebook):
        there = shown and name != BEFORE_PHOTO if is_photo(name) else bool(texts.get(name, "").strip())
        if there:
            continue
        why = lacking.get(name)
        if why not in reasons_for(name):
            raise MatterStepError("这类事项要有{what}；确实没有的，请选一个原因。", what=str(EVIDENCE.get(name, name)))
        missing[name] = str(why)
    return missing


def with_texts(text: str, texts: Mapping[str, str]) -> str:
    """The words of the step, and below them each text that the kind wants, under its name."""
    parts = [f"【{EVIDENCE.get(name, name)}】{said.strip()}" for name, said in texts.items() if said.strip()]
    return "\n".join([text.strip(), *parts]) if parts else text
