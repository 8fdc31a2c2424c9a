"""Assess the danger in what somebody wrote: life, urgent or none, the sort, the number to call first, and the words for it.

A missed danger costs most, a false one costs a look: what lies between is urgent. Other people's words, the past, what
is mended, a question, a drill, insurance and a figure of speech calm; they calm only what stands near them.
The time that a text takes grows with its length and with nothing else.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from math import sqrt

from doudi.engine.danger import points
from doudi.engine.danger.calls import HARMS, UTILITY_OF, Service, number_of, service_for
from doudi.engine.danger.features import BIT, EVENTS, FEATURES, NAMES, Reading, read, tone
from doudi.engine.danger.words import ROLES

URGENT_ABOVE, LIFE_ABOVE = -45, -50
"""Points above which a text is heard, chosen by five-fold checks on the sentences for learning."""
TABLE_VOTE = 250
"""What the table of sort and harm weighs beside the whole text, in thousandths, chosen by the same checks."""
LONG = 150
URGENT_ABOVE_LONG, LIFE_ABOVE_LONG = 50, 100
"""In more signs than ``LONG`` more words of danger stand by chance, so more is asked."""


_Pairs = tuple[tuple[int, int], ...]


class Severity(StrEnum):
    """How bad it is: somebody may die now; harm is near; no danger."""

    LIFE = "life"
    URGENT = "urgent"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Assessment:
    """``call``: who has to come first, by the table in ``calls``; None: nobody.

    ``spans`` are the clauses that speak for it, as places in the text; ``sort`` is one of that table's or empty. ``danger``
    and ``life`` are points, above zero where the answer was more likely than not among the sentences it was learnt from.
    """

    severity: Severity
    sort: str
    call: Service | None
    spans: tuple[tuple[int, int], ...]
    danger: int
    life: int


# The page asks whom to call, and the services how fast and whose it is: within a moment, about the same words.
@lru_cache(maxsize=8)
def assess(text: str) -> Assessment:
    """Judge ``text``. It may have any length and hold any signs."""
    reading = read(text)
    weights = _weights()
    square = danger_sum = life_sum = 0.0
    told: list[tuple[float, _Pairs, _Pairs]] = []
    known, learnt = weights.tone.get, told.append
    for gram, share in tone(reading.folded).items():
        found = known(gram)
        if found is not None:
            rarity, gives_danger, gives_life, gives_numbers, gives_sorts = found
            square += (share * rarity) ** 2
            danger_sum += share * gives_danger
            life_sum += share * gives_life
            learnt((share, gives_numbers, gives_sorts))
    length = sqrt(square) or 1.0
    roles = [weights.roles[feature] for feature in reading.features]
    danger = round(danger_sum / length + sum(one[0] for one in roles) - points.DANGER_FROM)
    life = round(life_sum / length + sum(one[1] for one in roles) - points.LIFE_FROM)
    is_long = len(reading.folded) > LONG
    if danger <= (URGENT_ABOVE_LONG if is_long else URGENT_ABOVE):
        return Assessment(Severity.NONE, "", None, (), danger, life)
    is_life = life > (LIFE_ABOVE_LONG if is_long else LIFE_ABOVE)
    count = len(points.NUMBERS)
    numbers = [float(sum(one[2 + at] for one in roles)) for at in range(count)]
    sorts = [float(sum(one[2 + count + at] for one in roles)) for at in range(len(points.SORTS))]
    for share, gives_numbers, gives_sorts in told:
        for at, given in gives_numbers:
            numbers[at] += share * given / length
        for at, given in gives_sorts:
            sorts[at] += share * given / length
    sort = points.SORTS[max(range(len(sorts)), key=sorts.__getitem__)]
    stretch, spans = _loudest(reading)
    by_table = service_for(sort, is_life, frozenset(name for name in HARMING if stretch & BIT[name]))
    call = _call(sort, is_life, by_table, numbers)
    return Assessment(Severity.LIFE if is_life else Severity.URGENT, sort, call, spans, danger, life)


def _call(sort: str, is_life: bool, by_table: Service | None, numbers: list[float]) -> Service | None:
    """Whom to call first: what the whole text speaks for, with a vote of the table of sort and harm.

    The table alone would be as wrong as the sort is. Where life is in danger somebody is always called.
    """
    votes = dict(zip(points.NUMBERS, numbers, strict=True))
    votes[number_of(by_table)] += TABLE_VOTE
    if is_life:
        del votes["none"]
    number = max(votes, key=votes.__getitem__)
    if number_of(by_table) == number:
        return by_table
    return UTILITY_OF.get(sort, Service.POWER) if number == "utility" else _BY_NUMBER.get(number)


def _loudest(reading: Reading) -> tuple[int, tuple[tuple[int, int], ...]]:
    """The roles of all stretches with an event, and the clauses with an event of the loudest one."""
    best, found, everywhere = 0, (0, 0), 0
    for first, end in reading.stretches:
        union = 0
        for clause in reading.clauses[first:end]:
            union |= clause.roles
        everywhere |= union
        loud = sum(weight for bit, weight in _LOUD if union & bit)
        if loud > best:
            best, found = loud, (first, end)
    inside = reading.clauses[found[0] : found[1]]
    return everywhere, tuple((one.begin, one.end) for one in inside if one.roles & _EVENT_BITS)


@dataclass(frozen=True, slots=True)
class _Weights:
    """Points by signs (with their rarity) and by feature: for danger, for life, for numbers and sorts (of signs a few)."""

    tone: dict[str, tuple[float, int, int, _Pairs, _Pairs]]
    roles: tuple[tuple[int, ...], ...]


@lru_cache(maxsize=1)
def _weights() -> _Weights:
    roles = dict(line.split("|") for line in points.ROLES.split("\n") if line)
    learnt: dict[str, tuple[float, int, int, _Pairs, _Pairs]] = {}
    for entry in points.TONE.split():
        gram, given = entry.rsplit(":", 1)
        first, numbers, sorts = given.split(";")
        rarity, danger, life = map(int, first.split(","))
        learnt[gram.replace("_", " ")] = (rarity / 100, danger, life, _pairs(numbers), _pairs(sorts))
    return _Weights(learnt, tuple(tuple(map(int, roles[name].split())) for name in FEATURES))


def _pairs(told: str) -> _Pairs:
    numbers = [int(one) for one in told.split(",")]
    return tuple(zip(numbers[::2], numbers[1::2], strict=True))


_BY_NUMBER = {number_of(one): one for one in (Service.FIRE, Service.POLICE, Service.AMBULANCE, Service.TRAFFIC)}
_EVENT_BITS = sum(BIT[name] for name in EVENTS)
_LOUD = tuple((BIT[name], 2 if name in EVENTS else 1) for name in NAMES if name in EVENTS or ROLES[name][0])
HARMING = tuple(sorted({role for roles in HARMS.values() for role in roles}))
