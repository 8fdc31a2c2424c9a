"""The lane of a report: the higher of its kind's own and of the danger heard in its words, with the call to make first.

Two listeners: the judgement of whole texts (``engine.danger``), and the words of the catalogue's kinds in the life
lane, which a town adds to. A word of the catalogue raises nothing where the whole text is plainly calm, where a
harmless kind uses it too, or inside a longer harmless word. A missed danger costs most, a false one costs a look.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from doudi.engine.danger.assessment import LONG, Assessment, Severity, assess
from doudi.engine.danger.calls import NUMBERS, Service
from doudi.engine.kinds.catalogue import Catalogue, Emergency, Lane
from doudi.engine.triage.keywords import keywords_of


@dataclass(frozen=True, slots=True)
class Alarm:
    """The lane; where somebody has to come also the call to make first, the kind that asks for it, and the words heard.

    ``severity`` is the danger alone, whatever the kind: of the words, or of a picked kind that tells of danger to life.
    """

    lane: Lane
    emergency: Emergency | None
    kind: str | None
    matched: tuple[str, ...]
    severity: Severity = Severity.NONE
    assessment: Assessment | None = field(default=None, compare=False)


PLAINLY_CALM, PLAINLY_CALM_LONG = -120, 20
"""Points of danger below which a text is calm whatever single word it holds. A long letter holds one sooner or later: what
would be if a fire broke out, or what was years ago."""
FIRST_WORDS = {
    Service.POLICE: "请先到安全的地方，立即打{number}，说清地点、有几个人、是否有人受伤。",
    Service.FIRE: "请先离开危险的地方，立即打{number}，说清地点、是什么险情、是否有人被困。",
    Service.AMBULANCE: "请先确认周围安全，立即打{number}，说清地点和伤病情况，不要随意搬动伤者。",
    Service.TRAFFIC: "请先到护栏外等安全的地方，立即打{number}，说清地点；有人受伤同时打120。",
    Service.GAS: "请先离开有气味的地方，不开关电器、不点火，到室外再打{number}。",
    Service.POWER: "请保持八米以外，不触碰任何金属和积水，先打{number}；已有人触电先打120。",
    Service.WATER: "请先离开积水和塌陷的地方，不碰带电的东西，再打{number}说清地点。",
}
"""What to tell a caller where no kind of the catalogue says it better."""


def lane_of(text: str, kind: str | None, catalogue: Catalogue, phones: Mapping[str, str] = NUMBERS) -> Alarm:
    """The lane of ``kind`` (normal while it is unknown), raised by danger in ``text``.

    The call is that of ``kind`` if it is itself in the life lane, else that of the life kind with the
    weightiest words, else the one that the table of sort and harm gives, under the number of ``phones`` (by service).
    """
    picked = catalogue.kind(kind) if kind is not None and kind in catalogue else None
    assessment = assess(text)
    heard, matched = _words_of_life(text, catalogue)
    if picked is not None and picked.lane is Lane.LIFE:
        return Alarm(Lane.LIFE, picked.emergency, picked.code, matched, Severity.LIFE, assessment)
    if heard and assessment.danger > (PLAINLY_CALM_LONG if len(text) > LONG else PLAINLY_CALM):
        keywords = keywords_of(catalogue)
        loudest = min(heard, key=lambda code: (-sum(map(keywords.weight, heard[code])), code))
        return Alarm(Lane.LIFE, catalogue.kind(loudest).emergency, loudest, matched, Severity.LIFE, assessment)
    own = picked.lane if picked else Lane.NORMAL
    if assessment.severity is Severity.NONE:
        return Alarm(own, None, None, (), Severity.NONE, assessment)
    spoken = tuple(text[begin:end].strip(" ，。,.!！?？\n") for begin, end in assessment.spans)
    is_life = assessment.severity is Severity.LIFE
    service = assessment.call or (Service.POLICE if is_life else None)
    call = call_to(service, phones) if service else None
    return Alarm(Lane.LIFE if is_life else Lane.URGENT, call, None, spoken, assessment.severity, assessment)


# As with ``assess``: the page and the services ask about the same words within a moment.
@lru_cache(maxsize=8)
def _words_of_life(text: str, catalogue: Catalogue) -> tuple[Mapping[str, list[str]], tuple[str, ...]]:
    """The words of kinds in the life lane that stand alone in ``text``: by kind, and all of them sorted."""
    keywords = keywords_of(catalogue)
    heard: dict[str, list[str]] = {}

    def is_alarming(word: str) -> bool:
        return all(catalogue.kind(code).lane is Lane.LIFE for code in keywords.kinds(word))

    for word in sorted(keywords.standing_alone(text, is_alarming)):
        for code in keywords.kinds(word):
            heard.setdefault(code, []).append(word)
    return heard, tuple(sorted({word for found in heard.values() for word in found}))


def call_to(service: Service, phones: Mapping[str, str] = NUMBERS) -> Emergency:
    """The call to a service under the town's number, with what to tell whoever has to make it."""
    number = str(phones.get(service) or NUMBERS[service])
    return Emergency(number, FIRST_WORDS[service].format(number=number))


def call_said(number: str, phones: Mapping[str, str] = NUMBERS) -> Emergency:
    """The same where only the number is known; one that is nobody's in this town is said without words."""
    service = next((one for one in Service if str(phones.get(one) or NUMBERS[one]) == number), None)
    return call_to(service, phones) if service else Emergency(number, "")
